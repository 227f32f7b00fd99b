package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.config.Version;
import io.netchannel.samples.haproxy.log.Syslog;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Commands about the session itself, and what the process was started with. */
final class SessionCommands {

    private static final BindOptions.Level OPERATOR = BindOptions.Level.OPERATOR;
    private static final BindOptions.Level USER = BindOptions.Level.USER;
    private static final Command.Mode BOTH = Command.Mode.BOTH;

    private SessionCommands() {
    }

    static void register(final Commands commands) {
        commands.add("help", USER, BOTH, null, SessionCommands::help)
                .add("prompt", USER, BOTH, null, call -> call.session().togglePrompt())
                .add("quit", USER, BOTH, null, call -> call.session().finish())
                .add("user", USER, BOTH, ": this connection has a user's rights only",
                        call -> call.session().lowerTo(USER))
                .add("operator", OPERATOR, BOTH, ": this connection has an operator's rights only",
                        call -> call.session().lowerTo(OPERATOR))
                .add("expert-mode", BindOptions.Level.ADMIN, BOTH, null, SessionCommands::expert)
                .add("experimental-mode", BindOptions.Level.ADMIN, BOTH, null, SessionCommands::experimental)
                .add("set timeout", "[cli] <delay> : how long this connection may be idle", SessionCommands::timeout)
                .add("set severity-output",
                        "[none|number|string]: what stands before answers",
                        SessionCommands::severity)
                .add("show cli level", USER, BOTH, ": rights of this connection",
                        call -> call.message(Syslog.INFO,
                                call.session().level().name().toLowerCase(Locale.ROOT) + "\n"))
                .add("show cli sockets", OPERATOR, ": where commands come in", SessionCommands::sockets)
                .add("show version", USER, BOTH, ": version of this proxy",
                        call -> call.message(Syslog.INFO, Version.TEXT + "\n"))
                .add("show env", OPERATOR, "[var] : the environment that files see",
                        SessionCommands::environment)
                .add("show startup-logs", USER, BOTH, ": messages of the start",
                        call -> call.message(Syslog.INFO,
                                call.control().proxies().configuration().startupLogs() + "\n"))
                .add("_getsocks", BindOptions.Level.ADMIN, null, call -> call.error(
                        "Listening sockets can't be given to another process by this build."));
    }

    private static void help(final Call call) {
        final List<String> about = new ArrayList<>();
        for (int i = 1; i < call.size(); i++) {
            about.add(call.word(i));
        }
        call.message(Syslog.INFO, call.control().commands().help(about, true, call.session()));
    }

    private static void expert(final Call call) {
        if (call.word(1).isEmpty()) {
            call.message(Syslog.INFO, "expert-mode is " + (call.session().isExpert() ? "ON" : "OFF") + "\n");
        } else {
            call.session().expert("on".equals(call.word(1)));
        }
    }

    private static void experimental(final Call call) {
        if (call.word(1).isEmpty()) {
            call.message(Syslog.INFO,
                    "experimental-mode is " + (call.session().isExperimental() ? "ON" : "OFF") + "\n");
        } else {
            call.session().experimental("on".equals(call.word(1)));
        }
    }

    private static void timeout(final Call call) {
        if (!"cli".equals(call.word(2))) {
            call.error("'set timeout' only supports 'cli'.");
        } else if (call.word(3).isEmpty()) {
            call.error("Expects an integer value.");
        } else {
            final Units.Parsed parsed = Units.time(call.word(3), Units.TimeUnit.S);
            if (!parsed.isOk() || parsed.value() < 1) {
                call.error("Invalid timeout value.");
            } else {
                call.session().timeoutMs(parsed.value() * 1_000);
            }
        }
    }

    private static void severity(final Call call) {
        switch (call.word(2)) {
            case "none" -> call.session().severityOutput(BindOptions.SeverityOutput.NONE);
            case "number" -> call.session().severityOutput(BindOptions.SeverityOutput.NUMBER);
            case "string" -> call.session().severityOutput(BindOptions.SeverityOutput.STRING);
            default -> call.error("one of 'none', 'number', 'string' is a required argument");
        }
    }

    private static void sockets(final Call call) {
        call.print("# socket lvl processes\n");
        for (final BindSettings socket : call.control().sockets()) {
            final Address address = socket.addresses().getFirst();
            final String text = switch (address) {
                case final Address.Unix unix -> "unix@" + unix.path();
                case final Address.Abstract name -> "abns@" + name.name();
                case final Address.Ip ip -> (ip.ip() instanceof Inet6Address ? "ipv6@" : "ipv4@") + ip.ip()
                        .getHostAddress() + ":" + ip.port();
                case final Address.Descriptor descriptor -> "sockpair@" + descriptor.fd();
            };
            call.print(text + " " + socket.get(BindOptions.LEVEL).name().toLowerCase(Locale.ROOT) + " all\n");
        }
    }

    private static void environment(final Call call) {
        final Map<String, String> all = new TreeMap<>(call.control().proxies().configuration().environment().asMap());
        final String name = call.word(2);
        if (name.isEmpty()) {
            all.forEach((key, value) -> call.print(key + "=" + value + "\n"));
        } else if (all.containsKey(name)) {
            call.print(name + "=" + all.get(name) + "\n");
        } else {
            call.error("Variable not found");
        }
    }
}
