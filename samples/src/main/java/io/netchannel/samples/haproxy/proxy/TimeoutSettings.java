package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Setting;

/** {@code timeout NAME}: milliseconds, 0 for none. */
public final class TimeoutSettings {

    public static final Setting<Long> CLIENT = Setting.of("timeout client", 0L);
    public static final Setting<Long> SERVER = Setting.of("timeout server", 0L);
    public static final Setting<Long> CONNECT = Setting.of("timeout connect", 0L);
    /** Without it that of {@link #CONNECT} counts. */
    public static final Setting<Long> QUEUE = Setting.of("timeout queue", 0L);
    /** Without it that of {@link #CLIENT} counts. */
    public static final Setting<Long> HTTP_REQUEST = Setting.of("timeout http-request", 0L);
    /** Without it that of {@link #HTTP_REQUEST} counts. */
    public static final Setting<Long> HTTP_KEEP_ALIVE = Setting.of("timeout http-keep-alive", 0L);
    public static final Setting<Long> TUNNEL = Setting.of("timeout tunnel", 0L);
    public static final Setting<Long> CLIENT_FIN = Setting.of("timeout client-fin", 0L);
    public static final Setting<Long> SERVER_FIN = Setting.of("timeout server-fin", 0L);
    /** Without it that of {@link #CONNECT} counts. */
    public static final Setting<Long> TARPIT = Setting.of("timeout tarpit", 0L);
    public static final Setting<Long> CHECK = Setting.of("timeout check", 0L);

    private TimeoutSettings() {
    }
}
