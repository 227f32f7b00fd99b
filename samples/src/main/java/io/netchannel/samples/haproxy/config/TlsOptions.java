package io.netchannel.samples.haproxy.config;

import java.util.List;

/** TLS of a {@code bind} or a {@code server}. */
public final class TlsOptions {

    /** What is asked of the other side's certificate. */
    public enum Verify {
        NONE, OPTIONAL, REQUIRED
    }

    public static final Setting<Boolean> SSL = Setting.of("ssl", false);
    /** Files or directories, below {@code crt-base} if not absolute; of a server at most one. */
    public static final Setting<List<String>> CERTIFICATES = Setting.list("crt");
    /** Below {@code ca-base} if not absolute; {@code @system-ca} for those of the system; null for none. */
    public static final Setting<String> CA_FILE = Setting.of("ca-file", null);
    /** Null if it isn't said: a bind asks for none, a server must have one, or as {@code ssl-server-verify} has it. */
    public static final Setting<Verify> VERIFY = Setting.of("verify", null);
    /** Names of ALPN, in order of preference. */
    public static final Setting<List<String>> ALPN = Setting.list("alpn");
    /** {@code TLSv1.2} and so on; null for the library's. */
    public static final Setting<String> MIN_VERSION = Setting.of("ssl-min-ver", null);
    public static final Setting<String> MAX_VERSION = Setting.of("ssl-max-ver", null);
    /** Names of OpenSSL, with colons between; null for the library's. */
    public static final Setting<String> CIPHERS = Setting.of("ciphers", null);
    /** Of TLS 1.3, with colons between; null for the library's. */
    public static final Setting<String> CIPHER_SUITES = Setting.of("ciphersuites", null);
    /** A client that asks for a name that no certificate has is refused. */
    public static final Setting<Boolean> STRICT_SNI = Setting.of("strict-sni", false);
    /** Of a server: the expression of the name to ask for. */
    public static final Setting<String> SNI = Setting.of("sni", null);
    /** Of a server: the name that its certificate must have. */
    public static final Setting<String> VERIFY_HOST = Setting.of("verifyhost", null);

    private TlsOptions() {
    }
}
