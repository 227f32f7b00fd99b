package io.netchannel.samples.haproxy.tls;

import io.netchannel.samples.haproxy.config.ConfigException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** Suites have the names of RFCs in the JDK, and up to TLS 1.2 others in OpenSSL. */
public final class CipherNames {

    /** What lists exclude by custom, and the JDK doesn't offer. */
    private static final Set<String> NEVER_THERE = Set.of("!aNULL", "!eNULL", "!NULL", "!EXPORT", "!EXP", "!LOW",
            "!DES",
            "!3DES", "!RC4", "!MD5", "!PSK", "!SRP", "!KRB5", "!ADH", "!AECDH", "!DSS", "!aDSS", "!CAMELLIA", "!SEED",
            "!IDEA", "!RC2", "!ECDSA-RC4");

    private CipherNames() {
    }

    /** OpenSSL's name of a suite up to TLS 1.2; those of TLS 1.3 are the same. */
    public static String openSsl(final String suite) {
        final int with = suite.indexOf("_WITH_");
        if (with < 0) {
            return suite;
        }
        final String exchange = suite.substring(suite.indexOf('_') + 1, with).replace('_', '-');
        String rest = suite.substring(with + 6).replace("AES_", "AES").replace("_CBC_", "_").replace('_', '-');
        if (rest.startsWith("CHACHA20-POLY1305")) {
            rest = "CHACHA20-POLY1305";
        }
        return exchange.equals("RSA") ? rest : exchange + "-" + rest;
    }

    /**
     * @param older {@code ciphers}: up to TLS 1.2, null for those of the JDK
     * @param newer {@code ciphersuites}: of TLS 1.3, null for those of the JDK
     * @return null if both are the JDK's own
     */
    static List<String> suites(final String older, final String newer) throws ConfigException {
        if (older == null && newer == null) {
            return null;
        }
        final String[] enabled;
        final String[] supported;
        try {
            enabled = SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites();
            supported = SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites();
        } catch (final NoSuchAlgorithmException e) {
            throw new ConfigException("the JDK has no TLS: " + e.getMessage(), e);
        }
        final List<String> all = new ArrayList<>();
        add(all, newer, true, enabled, supported, "ciphersuites");
        add(all, older, false, enabled, supported, "ciphers");
        return all;
    }

    private static void add(final List<String> to, final String wanted, final boolean ofTls13, final String[] enabled,
            final String[] supported, final String keyword) throws ConfigException {
        if (wanted == null) {
            for (final String suite : enabled) {
                if (isOfTls13(suite) == ofTls13) {
                    to.add(suite);
                }
            }
            return;
        }
        for (final String name : wanted.split("[:, ]+")) {
            if (NEVER_THERE.contains(name)) {
                continue;
            }
            String found = null;
            for (final String suite : supported) {
                if (isOfTls13(suite) == ofTls13 && (openSsl(suite).equals(name) || suite.equals(name))) {
                    found = suite;
                }
            }
            if (found == null) {
                throw new ConfigException(
                        "'" + keyword + "' : '" + name + "' is not among the cipher suites of the JDK");
            }
            to.add(found);
        }
    }

    private static boolean isOfTls13(final String suite) {
        return !suite.contains("_WITH_") && !suite.endsWith("_SCSV");
    }
}
