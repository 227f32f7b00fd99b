package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.Setting;
import java.util.Locale;
import java.util.Set;

/** What a {@code server} line says about connections to it. */
public final class ServerTraffic {

    /** {@code send-proxy} and {@code send-proxy-v2}. */
    public enum ProxyHeader {
        NONE, V1, V2
    }

    /** What a header of version 2 says besides addresses: {@code proxy-v2-options}. */
    public enum ProxyOption {
        SSL, CERT_CN, CERT_KEY, CERT_SIG, SSL_CIPHER, AUTHORITY, CRC32C, UNIQUE_ID;

        /** Its word in configurations. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether it is a part of what {@link #SSL} says. */
        public boolean isOfTls() {
            return ordinal() <= SSL_CIPHER.ordinal();
        }
    }

    public static final int MAX_WEIGHT = 256;

    public static final Setting<Integer> ID = Setting.of("id", 0);
    /** Nobody gave {@link #ID}: it was counted. */
    public static final Setting<Boolean> COUNTED_ID = Setting.of("counted id", false);
    public static final Setting<Integer> WEIGHT = Setting.of("weight", 1);
    public static final Setting<Integer> MAXCONN = Setting.of("maxconn", 0);
    public static final Setting<Integer> MINCONN = Setting.of("minconn", 0);
    public static final Setting<Integer> MAXQUEUE = Setting.of("maxqueue", 0);
    public static final Setting<Boolean> BACKUP = Setting.of("backup", false);
    public static final Setting<Boolean> DISABLED = Setting.of("disabled", false);
    public static final Setting<String> COOKIE = Setting.of("cookie", null);
    public static final Setting<String> REDIRECT = Setting.of("redir", null);
    public static final Setting<Long> SLOW_START_MS = Setting.of("slowstart", 0L);
    public static final Setting<Integer> POOL_MAX = Setting.of("pool-max-conn", -1);
    public static final Setting<Long> POOL_PURGE_MS = Setting.of("pool-purge-delay", 5_000L);
    public static final Setting<ProxyHeader> PROXY_HEADER = Setting.of("send-proxy", ProxyHeader.NONE);
    public static final Setting<Set<ProxyOption>> PROXY_HEADER_OPTIONS = Setting.of("proxy-v2-options", Set.of());
    /** The SOCKS proxy that it is reached by, or null. */
    public static final Setting<Address> SOCKS4 = Setting.of("socks4", null);
    public static final Setting<Address> SOURCE = Setting.of("source", null);
    public static final Setting<String> TRACK = Setting.of("track", null);
    public static final Setting<Boolean> TLS = Setting.of("ssl", false);

    private ServerTraffic() {
    }
}
