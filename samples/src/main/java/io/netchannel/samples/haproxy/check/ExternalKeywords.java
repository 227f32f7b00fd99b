package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.GlobalOptions;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.Keywords;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;

/** {@code external-check}: checks by programs, which global has to allow. */
final class ExternalKeywords {

    private ExternalKeywords() {
    }

    static void register(final Keywords.Builder keywords) {
        keywords.proxy("external-check", ExternalKeywords::line);
    }

    private static void line(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (line.size() < 2) {
            throw new ConfigException("missing argument after 'external-check'.");
        }
        ParseContext.noMoreThan(2, line);
        if (!"command".equals(line.word(1)) && !"path".equals(line.word(1))) {
            throw new ConfigException("'external-check' only supports 'command' and 'path'. but got '" + line.word(1)
                    + "'.");
        }
        if (line.size() < 3) {
            throw new ConfigException("missing argument after '" + line.word(1) + "'.");
        }
        section.set("command".equals(line.word(1))
                ? CheckSettings.EXTERNAL_COMMAND
                : CheckSettings.EXTERNAL_PATH, line.word(2));
        context.afterParsing(_ -> {
            for (final ProxySection proxy : context.configuration().proxies()) {
                if ((proxy == section || proxy.defaults() == section) && !proxy.get(CheckSettings.EXTERNAL)) {
                    context.wholeWarning("'external-check " + line.word(1) + "' will be ignored for " + proxy
                            + " (requires 'option external-check').");
                }
            }
        });
    }

    /** When all is read: of each proxy that the option may be of. */
    static void check(final ProxySection proxy, final ParseContext context) throws ConfigException {
        if (!proxy.get(CheckSettings.EXTERNAL)) {
            return;
        }
        final GlobalSettings global = context.configuration().global();
        final String where = "Proxy '" + proxy.name() + "'";
        if (!global.get(GlobalOptions.EXTERNAL_CHECK)) {
            throw new ConfigException(where + " : 'option external-check' unable to find required "
                    + "'global.external-check'.");
        }
        final String command = proxy.get(CheckSettings.EXTERNAL_COMMAND);
        if (command == null) {
            throw new ConfigException(where + " : 'option external-check' unable to find required 'external-check "
                    + "command'.");
        }
        if (!global.get(GlobalOptions.FORK_WANTED)) {
            context.wholeWarning(where + " : 'insecure-fork-wanted' not enabled in the global section, 'option "
                    + "external-check' will likely fail.");
        }
        final String path = proxy.get(CheckSettings.EXTERNAL_PATH);
        if (path == null && !command.startsWith("/")) {
            throw new ConfigException(where + ": 'external-check command' does not have a leading '/' and "
                    + "'external-check path' is not set.");
        }
        proxy.set(CheckSettings.PROGRAM, new ExternalRun.Program(command, path == null ? "" : path));
    }
}
