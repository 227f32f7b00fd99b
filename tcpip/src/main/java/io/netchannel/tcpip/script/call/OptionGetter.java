package io.netchannel.tcpip.script.call;

import static io.netchannel.tcpip.script.call.SocketOption.*;
import static io.netchannel.tcpip.tcp.TcpSetting.*;

import io.netchannel.tcpip.script.call.SystemCalls.UnsupportedCall;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpInfo;
import io.netchannel.tcpip.tcp.TcpState;
import java.util.ArrayList;
import java.util.List;

/** getsockopt() on a TCP socket. */
final class OptionGetter {

    private static final long SECOND_NS = 1_000_000_000L;
    /** Linux: wmem_max and rmem_max, which SO_SNDBUF and SO_RCVBUF can't pass. */
    static final long MAX_BUFFER_BYTES = 212_992;
    /** Linux: SOCK_MIN_SNDBUF, SOCK_MIN_RCVBUF. */
    private static final long MIN_SEND_BUFFER_BYTES = 4_608;
    private static final long MIN_RECEIVE_BUFFER_BYTES = 2_304;
    /** RFC 9293, 3.7.1: what a segment is taken to be before anything is known. */
    private static final long DEFAULT_SEGMENT_BYTES = 536;
    private static final int TIMESTAMPS_BYTES = 12;

    private final StreamSocket socket;
    private final StreamOptions options;
    private final Dialect dialect;

    OptionGetter(final StreamSocket socket, final Dialect dialect) {
        this.socket = socket;
        this.options = socket.options();
        this.dialect = dialect;
    }

    /** The value of an option that is a number. */
    long number(final SocketOption option, final TcpConfig base) {
        final TcpConfig config = options.copy().configure(base);
        return switch (option) {
            case SO_ERROR -> socket.takeError();
            case SO_TYPE -> LinuxNumbers.SOCK_STREAM;
            case SO_PROTOCOL -> LinuxNumbers.IPPROTO_TCP;
            case SO_ACCEPTCONN -> socket.state() == StreamSocket.State.LISTENING ? 1 : 0;
            case SO_SNDBUF -> buffer(SO_SNDBUF, SO_SNDBUFFORCE, MIN_SEND_BUFFER_BYTES, config.get(SEND_BUFFER_BYTES));
            case SO_RCVBUF ->
                buffer(SO_RCVBUF, SO_RCVBUFFORCE, MIN_RECEIVE_BUFFER_BYTES, config.get(RECEIVE_BUFFER_BYTES));
            case SO_RCVLOWAT -> options.receiveLowWaterBytes();
            case SO_KEEPALIVE -> config.get(KEEP_ALIVE);
            case SO_MAX_PACING_RATE -> options.get(option, 0xFFFF_FFFFL);
            case TCP_MAXSEG -> segmentBytes();
            case TCP_KEEPIDLE -> config.get(KEEP_ALIVE_IDLE_NS) / SECOND_NS;
            case TCP_KEEPINTVL -> config.get(KEEP_ALIVE_INTERVAL_NS) / SECOND_NS;
            case TCP_KEEPCNT -> config.get(KEEP_ALIVE_PROBES);
            case TCP_SYNCNT -> config.get(SYN_RETRIES);
            case TCP_LINGER2 -> options.get(option, config.get(FIN_WAIT_2_NS) / SECOND_NS);
            case TCP_WINDOW_CLAMP -> options.get(option, config.get(RECEIVE_BUFFER_MAX_BYTES));
            case TCP_QUICKACK, IP_MTU_DISCOVER, IPV6_MTU_DISCOVER -> options.get(option, 1);
            case IP_MTU -> info() == null ? ifUnset(option) : info().get(TcpInfo.Field.PMTU);
            case SO_REUSEADDR, SO_REUSEPORT, SO_PRIORITY, SO_MARK, SO_BUSY_POLL, SO_ZEROCOPY, TCP_NODELAY, TCP_CORK,
                    TCP_USER_TIMEOUT, TCP_NOTSENT_LOWAT, TCP_INQ, TCP_DEFER_ACCEPT, TCP_FASTOPEN, TCP_FASTOPEN_CONNECT,
                    IPV6_V6ONLY, IP_FREEBIND, IP_BIND_ADDRESS_NO_PORT, IP_TOS, IPV6_TCLASS ->
                options.get(option, 0);
            default -> ifUnset(option);
        };
    }

    private long ifUnset(final SocketOption option) {
        if (options.isSet(option)) {
            return options.get(option, 0);
        }
        throw new UnsupportedCall("getsockopt: " + option);
    }

    private long buffer(final SocketOption option, final SocketOption forced, final long min, final long ifUnset) {
        if (dialect == Dialect.FREEBSD) {
            return roundedUp(options.get(option, ifUnset));
        }
        // Linux counts as much again for its own records.
        if (options.isSet(forced)) {
            return Math.max(min, 2 * options.get(forced, 0));
        }
        return options.isSet(option) ? Math.max(min, 2 * Math.min(MAX_BUFFER_BYTES, options.get(option, 0))) : ifUnset;
    }

    // FreeBSD, tcp_mss(): a connection's buffers become a multiple of its segment size.
    private long roundedUp(final long bytes) {
        final Connection connection = socket.connection();
        if (connection == null || connection.isEnded() || connection.flow().state() == TcpState.SYN_SENT) {
            return bytes;
        }
        final TcpInfo info = new TcpInfo();
        connection.flow().info(info);
        final long segment = connection.wasConnected()
                ? segmentBytes()
                : info.get(TcpInfo.Field.ADVMSS) + timestampBytes(info);
        return bytes <= segment ? bytes : (bytes + segment - 1) / segment * segment;
    }

    /** TCP_MAXSEG: Linux's is without the timestamps that each segment carries, FreeBSD's with them. */
    long segmentBytes() {
        final TcpInfo info = info();
        if (info == null) {
            final long set = options.get(TCP_MAXSEG, 0);
            return set == 0 ? DEFAULT_SEGMENT_BYTES : set;
        }
        return info.get(TcpInfo.Field.SND_MSS) + (dialect == Dialect.FREEBSD ? timestampBytes(info) : 0);
    }

    private static int timestampBytes(final TcpInfo info) {
        return (info.get(TcpInfo.Field.OPTIONS) & TcpInfo.OPTION_TIMESTAMPS) != 0 ? TIMESTAMPS_BYTES : 0;
    }

    private TcpInfo info() {
        final Connection connection = socket.connection();
        if (connection == null || !connection.wasConnected()) {
            return null;
        }
        final TcpInfo info = new TcpInfo();
        connection.flow().info(info);
        return info;
    }

    /** TCP_INFO: all fields that we fill in, by Linux's names. */
    Value.Struct tcpInfo() {
        final TcpInfo info = new TcpInfo();
        if (socket.connection() != null) {
            socket.connection().flow().info(info);
        }
        final List<Value.Field> fields = new ArrayList<>();
        for (final TcpInfo.Field field : TcpInfo.Field.values()) {
            final boolean unborn = field == TcpInfo.Field.STATE && socket.connection() == null;
            fields.add(new Value.Field(field.linuxName(), new Value.Int(unborn ? unconnected() : info.get(field))));
        }
        return new Value.Struct(fields);
    }

    private long unconnected() {
        return socket.state() == StreamSocket.State.LISTENING ? LinuxNumbers.TCP_LISTEN : LinuxNumbers.TCP_CLOSE;
    }

    /** SO_LINGER. */
    Value.Struct linger() {
        final long seconds = options.lingerSeconds();
        return new Value.Struct(List.of(new Value.Field("onoff", new Value.Int(seconds < 0 ? 0 : 1)),
                new Value.Field("linger", new Value.Int(Math.max(0, seconds)))));
    }

    /** TCP_CONGESTION. */
    String congestionControl(final TcpConfig base) {
        final TcpFlow flow = socket.connection() == null ? null : socket.connection().flow();
        return flow == null ? options.copy().configure(base).congestionControl().name() : flow.congestionControl();
    }
}
