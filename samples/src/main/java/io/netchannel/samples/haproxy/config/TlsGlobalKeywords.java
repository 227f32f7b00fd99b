package io.netchannel.samples.haproxy.config;

import java.util.Set;

/** What {@code global} says about TLS: where its files are, and what binds and servers have that don't say. */
final class TlsGlobalKeywords {

    /** Versions that the JDK has switched off, or what is its own matter. */
    private static final Set<String> NO_EFFECT = Set.of("no-sslv3", "no-tlsv10", "no-tlsv11", "no-tls-tickets",
            "prefer-client-ciphers");

    private TlsGlobalKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        text(builder, "ca-base", GlobalOptions.CA_BASE);
        text(builder, "crt-base", GlobalOptions.CRT_BASE);
        text(builder, "ssl-default-bind-ciphers", GlobalOptions.BIND_CIPHERS);
        text(builder, "ssl-default-bind-ciphersuites", GlobalOptions.BIND_CIPHER_SUITES);
        text(builder, "ssl-default-server-ciphers", GlobalOptions.SERVER_CIPHERS);
        text(builder, "ssl-default-server-ciphersuites", GlobalOptions.SERVER_CIPHER_SUITES);
        builder.global("ssl-default-bind-options", (line, global, context) -> options(line, global, context,
                GlobalOptions.BIND_MIN_VERSION, GlobalOptions.BIND_MAX_VERSION))
                .global("ssl-default-server-options", (line, global, context) -> options(line, global, context,
                        GlobalOptions.SERVER_MIN_VERSION, GlobalOptions.SERVER_MAX_VERSION))
                .global("ssl-server-verify", TlsGlobalKeywords::serverVerify);
    }

    private static void text(final Keywords.Builder builder, final String name, final Setting<String> setting) {
        builder.global(name, (line, global, context) -> {
            ParseContext.noMoreThan(1, line);
            if (line.size() < 2) {
                throw new ConfigException("global statement '" + name + "' expects "
                        + (name.endsWith("-base") ? "a directory path" : "a cipher suite") + " as an argument.");
            }
            global.set(setting, line.word(1));
        });
    }

    private static void options(final Line line, final GlobalSettings global, final ParseContext context,
            final Setting<String> min, final Setting<String> max) throws ConfigException {
        final String keyword = line.word(0);
        if (line.size() < 2) {
            throw new ConfigException("global statement '" + keyword + "' expects an option as an argument.");
        }
        final WordCursor words = new WordCursor(line, 1);
        while (words.hasNext()) {
            final String option = words.next();
            if ("ssl-min-ver".equals(option)) {
                global.set(min, TlsKeywords.version(words));
            } else if ("ssl-max-ver".equals(option)) {
                global.set(max, TlsKeywords.version(words));
            } else if (!NO_EFFECT.contains(option)) {
                throw new ConfigException("unknown option '" + option + "' on global statement '" + keyword + "'.");
            } else if (!option.startsWith("no-sslv") && !option.startsWith("no-tlsv")) {
                context.warning(
                        "'" + keyword + "' : '" + option + "' has no effect, it is decided by the TLS library.");
            }
        }
    }

    private static void serverVerify(final Line line, final GlobalSettings global, final ParseContext context)
            throws ConfigException {
        ParseContext.noMoreThan(1, line);
        if (line.size() < 2) {
            throw new ConfigException("'ssl-server-verify' expects an integer argument.");
        }
        global.set(GlobalOptions.SERVER_VERIFY, switch (line.word(1)) {
            case "none" -> TlsOptions.Verify.NONE;
            case "required" -> TlsOptions.Verify.REQUIRED;
            default -> throw new ConfigException("'ssl-server-verify' expects 'none' or 'required' as argument.");
        });
    }
}
