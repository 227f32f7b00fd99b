package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Options about TLS. */
final class TlsKeywords {

    private static final Set<String> VERSIONS = Set.of("SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    private static final int MAX_ALPN = 255;
    /** The JDK's TLS has none of these versions unless its own settings are changed. */
    private static final List<String> NEVER_USED = List.of("no-sslv3", "no-tlsv10", "no-tlsv11");

    private TlsKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.bind("ssl", (line, bind, context) -> bind.set(TlsOptions.SSL, true))
                .bind("crt", (line, bind, context) -> bind.append(TlsOptions.CERTIFICATES,
                        path(line.words(), "missing certificate location", true, context)))
                .bind("ca-file", (line, bind, context) -> bind.set(TlsOptions.CA_FILE,
                        path(line.words(), "missing CAfile path", false, context)))
                .bind("verify", (line, bind, context) -> bind.set(TlsOptions.VERIFY, verify(line.words(), true)))
                .bind("alpn", (line, bind, context) -> bind.set(TlsOptions.ALPN, alpn(line.words())))
                .bind("ciphers", (line, bind, context) -> bind.set(TlsOptions.CIPHERS,
                        word(line.words(), "missing cipher suite")))
                .bind("ciphersuites", (line, bind, context) -> bind.set(TlsOptions.CIPHER_SUITES,
                        word(line.words(), "missing cipher suite")))
                .bind("ssl-min-ver", (line, bind, context) -> bind.set(TlsOptions.MIN_VERSION, version(line.words())))
                .bind("ssl-max-ver", (line, bind, context) -> bind.set(TlsOptions.MAX_VERSION, version(line.words())))
                .bind("strict-sni", (line, bind, context) -> bind.set(TlsOptions.STRICT_SNI, true));
        for (final String absent : List.of("allow-0rtt", "ca-verify-file", "ca-ignore-err", "ca-sign-file",
                "ca-sign-pass", "crl-file", "crt-ignore-err", "crt-list", "curves", "ecdhe", "force-sslv3",
                "force-tlsv10", "force-tlsv11", "force-tlsv12", "force-tlsv13", "generate-certificates", "no-ca-names",
                "no-tlsv12", "no-tlsv13", "no-tls-tickets", "tls-ticket-keys", "npn", "prefer-client-ciphers")) {
            builder.bind(absent, (line, bind, context) -> {
                throw BindKeywords.notImplemented(absent);
            });
        }
        for (final String never : NEVER_USED) {
            builder.bind(never, (line, bind, context) -> {
            });
            builder.server(never, (line, server, context) -> {
            });
        }
        server(builder);
    }

    private static void server(final Keywords.Builder builder) {
        builder.server("ssl", (line, server, context) -> tls(server, true))
                .server("no-ssl", (line, server, context) -> tls(server, false))
                .server("crt", (line, server, context) -> server.set(TlsOptions.CERTIFICATES,
                        List.of(path(line.words(), "missing certificate file path", true, context))))
                .server("ca-file", (line, server, context) -> server.set(TlsOptions.CA_FILE,
                        path(line.words(), "missing CAfile path", false, context)))
                .server("verify", (line, server, context) -> server.set(TlsOptions.VERIFY, verify(line.words(), false)))
                .server("verifyhost", (line, server, context) -> server.set(TlsOptions.VERIFY_HOST,
                        word(line.words(), "missing hostname to verify against")))
                .server("alpn", (line, server, context) -> server.set(TlsOptions.ALPN, alpn(line.words())))
                .server("sni", (line, server, context) -> server.set(TlsOptions.SNI,
                        word(line.words(), "missing sni expression")))
                .server("ciphers", (line, server, context) -> server.set(TlsOptions.CIPHERS,
                        word(line.words(), "missing cipher suite")))
                .server("ciphersuites", (line, server, context) -> server.set(TlsOptions.CIPHER_SUITES,
                        word(line.words(), "missing cipher suite")))
                .server("ssl-min-ver", (line, server, context) -> server.set(TlsOptions.MIN_VERSION,
                        version(line.words())))
                .server("ssl-max-ver", (line, server, context) -> server.set(TlsOptions.MAX_VERSION,
                        version(line.words())))
                .server("check-ssl", (line, server, context) -> server.set(ServerOptions.CHECK_SSL, true))
                .server("no-check-ssl", (line, server, context) -> server.set(ServerOptions.CHECK_SSL, false))
                .server("check-sni", (line, server, context) -> server.set(ServerOptions.CHECK_SNI,
                        word(line.words(), "missing SNI")))
                .server("check-alpn", (line, server, context) -> server.set(ServerOptions.CHECK_ALPN,
                        alpn(line.words())));
        for (final String absent : List.of("allow-0rtt", "crl-file", "force-sslv3", "force-tlsv10", "force-tlsv11",
                "force-tlsv12", "force-tlsv13", "no-ssl-reuse", "no-tlsv12", "no-tlsv13",
                "no-tls-tickets", "npn", "ssl-reuse", "tls-tickets")) {
            builder.server(absent, (line, server, context) -> {
                throw ServerKeywords.notImplemented(absent);
            });
        }
    }

    private static void tls(final ServerSettings server, final boolean on) {
        server.set(ServerTraffic.TLS, on);
    }

    private static String word(final WordCursor words, final String missing) throws ConfigException {
        return words.next("'" + words.current() + "' : " + missing);
    }

    private static String path(final WordCursor words, final String missing, final boolean certificate,
            final ParseContext context) throws ConfigException {
        final String keyword = words.current();
        final String path = word(words, missing);
        final GlobalSettings global = context.configuration().global();
        final String directory = certificate ? global.get(GlobalOptions.CRT_BASE) : global.get(GlobalOptions.CA_BASE);
        final String file = directory == null || path.startsWith("/") || path.startsWith("@")
                ? path
                : directory + "/" + path;
        if (!file.startsWith("@") && !Files.exists(Path.of(file))) {
            throw new ConfigException(certificate
                    ? "unable to stat SSL certificate from file '" + file + "' : No such file or directory."
                    : "'" + keyword + "' : unable to load " + file);
        }
        return file;
    }

    private static TlsOptions.Verify verify(final WordCursor words, final boolean optional) throws ConfigException {
        final String method = word(words, "missing verify method");
        return switch (method) {
            case "none" -> TlsOptions.Verify.NONE;
            case "required" -> TlsOptions.Verify.REQUIRED;
            default -> {
                if (optional && "optional".equals(method)) {
                    yield TlsOptions.Verify.OPTIONAL;
                }
                throw new ConfigException("'verify' : unknown verify method '" + method + "', only 'none'"
                        + (optional ? ", 'optional', and" : " and") + " 'required' are supported");
            }
        };
    }

    private static List<String> alpn(final WordCursor words) throws ConfigException {
        final String keyword = words.current();
        final String all = words.next("'" + keyword + "' : missing the comma-delimited ALPN protocol suite");
        final List<String> names = new ArrayList<>();
        for (final String name : all.split(",", -1)) {
            if (name.isEmpty()) {
                throw new ConfigException("'" + keyword + "' : ALPN protocol names cannot be empty");
            }
            if (name.length() > MAX_ALPN) {
                throw new ConfigException("'" + keyword + "' : ALPN protocol name too long");
            }
            names.add(name);
        }
        return List.copyOf(names);
    }

    static String version(final WordCursor words) throws ConfigException {
        final String version = word(words, "missing the ssl/tls version");
        if (!VERSIONS.contains(version)) {
            throw new ConfigException("'" + version + "' : unknown ssl/tls version");
        }
        return version;
    }
}
