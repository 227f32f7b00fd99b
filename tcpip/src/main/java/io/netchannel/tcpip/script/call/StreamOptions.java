package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.SocketOption.*;
import static io.netchannel.tcpip.tcp.TcpSetting.*;

import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpInfo;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a TCP socket is set to. Before there is a flow, settings become its configuration; with one, they are told it.
 * A socket that is accepted starts with those of its listener.
 */
final class StreamOptions {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MS_NS = 1_000_000L;
    /** Of IP_TOS and IPV6_TCLASS: six bits of differentiated services, then two of ECN. */
    private static final int CODE_POINT_SHIFT = 2;

    private final Map<SocketOption, Long> values = new EnumMap<>(SocketOption.class);
    private final Dialect dialect;
    private long lingerSeconds = -1;
    private CongestionAlgorithm congestionControl;
    private TcpConfig base = TcpConfig.defaults();

    StreamOptions(final Dialect dialect) {
        this.dialect = dialect;
    }

    private StreamOptions(final StreamOptions original) {
        dialect = original.dialect;
        values.putAll(original.values);
        lingerSeconds = original.lingerSeconds;
        congestionControl = original.congestionControl;
        base = original.base;
    }

    StreamOptions copy() {
        return new StreamOptions(this);
    }

    boolean isSet(final SocketOption option) {
        return values.containsKey(option);
    }

    long get(final SocketOption option, final long ifUnset) {
        return values.getOrDefault(option, ifUnset);
    }

    /** @param flow the socket's, or null */
    void set(final SocketOption option, final long value, final TcpFlow flow) {
        values.put(option, value);
        if (flow != null) {
            apply(option, flow);
        }
    }

    boolean tellsUnread() {
        return get(TCP_INQ, 0) != 0;
    }

    int receiveLowWaterBytes() {
        return (int) get(SO_RCVLOWAT, 1);
    }

    /** SO_LINGER: 0 to reset, -1 if off. */
    long lingerSeconds() {
        return lingerSeconds;
    }

    void lingerSeconds(final long seconds) {
        lingerSeconds = seconds;
    }

    /** Of TCP_CONGESTION; null if it wasn't set. */
    CongestionAlgorithm congestionControl() {
        return congestionControl;
    }

    void congestionControl(final CongestionAlgorithm algorithm, final TcpFlow flow) {
        congestionControl = algorithm;
        if (flow != null) {
            flow.congestionControl(algorithm);
        }
    }

    // -- before there is a flow

    /** The settings of a flow that this socket opens or accepts. */
    TcpConfig configure(final TcpConfig ofStack) {
        base = ofStack;
        TcpConfig config = congestionControl == null ? base : base.withCongestionControl(congestionControl);
        for (final Map.Entry<SocketOption, Long> entry : values.entrySet()) {
            config = configure(config, entry.getKey(), entry.getValue());
        }
        return config;
    }

    private TcpConfig configure(final TcpConfig config, final SocketOption option, final long value) {
        return switch (option) {
            case SO_SNDBUF, SO_SNDBUFFORCE -> fixed(config, SEND_BUFFER_BYTES, SEND_BUFFER_MAX_BYTES,
                    sendBufferBytes(option, value));
            case SO_RCVBUF, SO_RCVBUFFORCE -> fixed(config, RECEIVE_BUFFER_BYTES, RECEIVE_BUFFER_MAX_BYTES, value);
            case TCP_WINDOW_CLAMP -> fixed(config, RECEIVE_BUFFER_BYTES, RECEIVE_BUFFER_MAX_BYTES,
                    Math.min(value, config.get(RECEIVE_BUFFER_BYTES)));
            case SO_KEEPALIVE -> config.with(KEEP_ALIVE, value != 0);
            case SO_MAX_PACING_RATE -> with(config, MAX_PACING_RATE_BYTES_PER_SECOND, pacingRate(value));
            case TCP_NODELAY -> config.with(NAGLE, value == 0);
            case TCP_MAXSEG -> with(config, MAX_SEGMENT_BYTES, value);
            case TCP_KEEPIDLE -> with(config, KEEP_ALIVE_IDLE_NS, value * SECOND_NS);
            case TCP_KEEPINTVL -> with(config, KEEP_ALIVE_INTERVAL_NS, value * SECOND_NS);
            case TCP_KEEPCNT -> with(config, KEEP_ALIVE_PROBES, value);
            case TCP_SYNCNT -> with(config, SYN_RETRIES, value);
            case TCP_LINGER2 -> with(config, FIN_WAIT_2_NS, value * SECOND_NS);
            case TCP_USER_TIMEOUT -> with(config, USER_TIMEOUT_NS, value * MS_NS);
            case TCP_NOTSENT_LOWAT -> with(config, NOT_SENT_LOW_WATER_BYTES, lowWaterBytes(value));
            default -> config;
        };
    }

    private static TcpConfig fixed(final TcpConfig config, final TcpSetting size, final TcpSetting max,
            final long value) {
        return with(with(config, max, value), size, value);
    }

    /** The nearest value in range: systems round too. */
    private static TcpConfig with(final TcpConfig config, final TcpSetting setting, final long value) {
        return config.with(setting, Math.clamp(value, setting.min(), setting.max()));
    }

    // Linux doubles it, for records of its own.
    private long sendBufferBytes(final SocketOption option, final long value) {
        if (dialect == Dialect.FREEBSD) {
            return value;
        }
        return 2 * (option == SO_SNDBUF ? Math.min(value, OptionGetter.MAX_BUFFER_BYTES) : value);
    }

    /** Linux's 2^32 - 1, or -1, is no limit. */
    private static long pacingRate(final long value) {
        return value < 0 || value >= 0xFFFF_FFFFL ? 0 : value;
    }

    private static int lowWaterBytes(final long value) {
        final long unsigned = value & 0xFFFF_FFFFL;
        return unsigned > NOT_SENT_LOW_WATER_BYTES.max() ? 0 : (int) unsigned;
    }

    // -- with a flow

    /** Tells a new flow what no configuration says. */
    void applyTo(final TcpFlow flow) {
        for (final SocketOption option : values.keySet()) {
            switch (option) {
                case TCP_CORK, TCP_QUICKACK, IP_TOS, IPV6_TCLASS -> apply(option, flow);
                default -> {
                    // In its configuration.
                }
            }
        }
    }

    private void apply(final SocketOption option, final TcpFlow flow) {
        final long value = values.get(option);
        switch (option) {
            case SO_SNDBUF, SO_SNDBUFFORCE ->
                flow.sendBufferBytes(within(SEND_BUFFER_BYTES, sendBufferBytes(option, value)));
            case SO_RCVBUF, SO_RCVBUFFORCE, TCP_WINDOW_CLAMP ->
                flow.receiveBufferBytes(within(RECEIVE_BUFFER_BYTES, value));
            case SO_KEEPALIVE -> flow.keepAlive(value != 0);
            case SO_MAX_PACING_RATE -> flow.maxPacingRate(pacingRate(value));
            case TCP_NODELAY -> flow.noDelay(value != 0);
            case TCP_CORK -> flow.cork(value != 0);
            case TCP_MAXSEG -> flow.maxSegmentBytes(within(MAX_SEGMENT_BYTES, value));
            case TCP_QUICKACK -> flow.quickAck(value != 0);
            case TCP_USER_TIMEOUT -> flow.userTimeoutNs(value * MS_NS);
            case TCP_NOTSENT_LOWAT -> flow.notSentLowWaterBytes(lowWaterBytes(value));
            case TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT -> flow.keepAliveTimes(
                    get(TCP_KEEPIDLE, base.get(KEEP_ALIVE_IDLE_NS) / SECOND_NS) * SECOND_NS,
                    get(TCP_KEEPINTVL, base.get(KEEP_ALIVE_INTERVAL_NS) / SECOND_NS) * SECOND_NS,
                    (int) get(TCP_KEEPCNT, base.get(KEEP_ALIVE_PROBES)));
            case IP_TOS, IPV6_TCLASS -> flow.differentiatedServices((int) value >>> CODE_POINT_SHIFT);
            default -> {
                // Concerns the socket, not the flow.
            }
        }
    }

    private static int within(final TcpSetting setting, final long value) {
        return (int) Math.clamp(value, setting.min(), setting.max());
    }

    /** Whether so little is unsent that poll() may call the flow writable: TCP_NOTSENT_LOWAT. */
    boolean mayWrite(final TcpFlow flow) {
        final int lowWaterBytes = lowWaterBytes(get(TCP_NOTSENT_LOWAT, 0));
        if (lowWaterBytes == 0) {
            return true;
        }
        final TcpInfo info = new TcpInfo();
        flow.info(info);
        return info.get(TcpInfo.Field.NOTSENT_BYTES) < lowWaterBytes;
    }
}
