package io.netchannel.node.netty;

import io.netchannel.tcpip.tcp.TcpSetting;
import io.netty.channel.ChannelOption;
import java.util.EnumMap;
import java.util.Map;

/**
 * Options of the node's channels beside Netty's own.
 *
 * <p>Those of a connection may be set at any time; those of {@link #of} before it is opened, on the channel that connects or, for
 * those that it accepts, on the server channel.
 */
public final class DataplaneChannelOption {

    /** While on, only full segments are sent, for at most 200 ms. */
    public static final ChannelOption<Boolean> TCP_CORK = option("TCP_CORK");
    /** Acknowledges at once. */
    public static final ChannelOption<Boolean> TCP_QUICKACK = option("TCP_QUICKACK");
    /** Milliseconds that data may stay unacknowledged; 0 for no limit. */
    public static final ChannelOption<Integer> TCP_USER_TIMEOUT = option("TCP_USER_TIMEOUT");
    /** Unsent bytes above which writes wait; 0 for no limit. */
    public static final ChannelOption<Integer> TCP_NOTSENT_LOWAT = option("TCP_NOTSENT_LOWAT");
    /** Seconds of silence before the first keepalive. */
    public static final ChannelOption<Integer> TCP_KEEPIDLE = option("TCP_KEEPIDLE");
    /** Seconds between keepalives. */
    public static final ChannelOption<Integer> TCP_KEEPINTVL = option("TCP_KEEPINTVL");
    /** Keepalives that may go unanswered. */
    public static final ChannelOption<Integer> TCP_KEEPCNT = option("TCP_KEEPCNT");
    /** Largest segment, in bytes; 0 for what the path takes. */
    public static final ChannelOption<Integer> TCP_MAXSEG = option("TCP_MAXSEG");
    /** Bytes a second; 0 for no limit. */
    public static final ChannelOption<Long> SO_MAX_PACING_RATE = option("SO_MAX_PACING_RATE");

    private static final Map<TcpSetting, ChannelOption<Long>> SETTINGS = new EnumMap<>(TcpSetting.class);

    static {
        for (final TcpSetting setting : TcpSetting.values()) {
            SETTINGS.put(setting, option(setting.camelCase()));
        }
    }

    private DataplaneChannelOption() {
    }

    private static <T> ChannelOption<T> option(final String name) {
        return ChannelOption.valueOf(DataplaneChannelOption.class, name);
    }

    /** A setting of TCP, for one connection, or those of one server channel. */
    public static ChannelOption<Long> of(final TcpSetting setting) {
        return SETTINGS.get(setting);
    }
}
