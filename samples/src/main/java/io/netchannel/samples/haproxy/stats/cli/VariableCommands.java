package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.VariableKeywords;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.log.Syslog;
import java.net.Inet6Address;

/** {@code get var} and {@code set var}: variables of the process. */
final class VariableCommands {

    private static final String PROCESS = "proc.";

    private VariableCommands() {
    }

    static void register(final Commands commands) {
        commands.add("get var", BindOptions.Level.OPERATOR, "<name> : a variable of the process",
                VariableCommands::get)
                .add("set var", BindOptions.Level.OPERATOR, Command.Mode.EXPERIMENTAL,
                        "<name> [fmt|expr] {<fmt>|<expr>} : gives a variable of the process a value",
                        VariableCommands::set);
    }

    private static void get(final Call call) {
        final String name = call.word(2);
        if (name.isEmpty()) {
            call.error("Missing process-wide variable identifier.");
            return;
        }
        final Value value = name.startsWith(PROCESS)
                ? call.control().proxies().variables().get(name.substring(PROCESS.length()))
                : null;
        if (value == null) {
            call.error("Variable not found.");
            return;
        }
        final String text = Casts.string(value);
        call.message(Syslog.INFO, name + ": type=" + type(value) + " value=" + (text == null
                ? "(undisplayable)"
                : "<" + printable(text) + ">"));
    }

    private static String printable(final String text) {
        final StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            out.append(c >= ' ' && c < 127 ? c : '.');
        }
        return out.toString();
    }

    private static String type(final Value value) {
        return switch (value) {
            case final Value.Bool _ -> "bool";
            case final Value.Int _ -> "sint";
            case final Value.Ip ip -> ip.value() instanceof Inet6Address ? "ipv6" : "ipv4";
            case final Value.Str _ -> "str";
            case final Value.Bin _ -> "bin";
            case final Value.Method _ -> "meth";
        };
    }

    private static void set(final Call call) {
        final String name = call.word(2);
        if (name.isEmpty()) {
            call.error("Missing process-wide variable identifier.");
            return;
        }
        if (call.word(3).isEmpty()) {
            call.error("Missing either 'expr', 'fmt' or expression.");
            return;
        }
        final boolean explicit = !call.word(4).isEmpty();
        if (explicit && !"fmt".equals(call.word(3)) && !"expr".equals(call.word(3))) {
            call.error("'set var': arg type must be either 'expr' or 'fmt' but got '" + call.word(3) + "'.");
            return;
        }
        try {
            VariableKeywords.assign(name, call.word(explicit ? 4 : 3), explicit && "fmt".equals(call.word(3)),
                    call.control().proxies().variables());
        } catch (final ConfigException e) {
            call.error(e.getMessage());
        }
    }
}
