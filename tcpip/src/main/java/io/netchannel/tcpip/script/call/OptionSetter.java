package io.netchannel.tcpip.script.call;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.script.call.SystemCalls.UnsupportedCall;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;

/** setsockopt(). */
final class OptionSetter {

    // Linux: MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL; MAX_TCP_KEEPCNT, MAX_TCP_SYNCNT; TCP_MIN_MSS, MAX_TCP_WINDOW.
    private static final int MAX_KEEP_ALIVE_SECONDS = 32_767;
    private static final int MAX_COUNT = 127;
    private static final int MIN_SEGMENT_BYTES = 88;
    private static final int MAX_SEGMENT_BYTES = 32_767;

    // Linux: IP_PMTUDISC_WANT, IP_PMTUDISC_DO.
    private static final int PATH_MTU_WANTED = 1;
    private static final int PATH_MTU_OBEYED = 2;
    private static final int DEFAULT_HOP_LIMIT = 64;

    private final StreamSocket socket;
    private final SocketOption option;
    private final Arguments arguments;
    private final Dialect dialect;

    OptionSetter(final StreamSocket socket, final SocketOption option, final Arguments arguments,
            final Dialect dialect) {
        this.socket = socket;
        this.option = option;
        this.arguments = arguments;
        this.dialect = dialect;
    }

    /** @return 0 or a negated error number */
    long set() {
        return switch (option) {
            case SO_LINGER -> linger();
            case TCP_CONGESTION -> congestion();
            // One interface, whatever its name.
            case SO_BINDTODEVICE -> 0;
            case SO_REUSEADDR, SO_REUSEPORT, SO_KEEPALIVE, SO_ZEROCOPY, TCP_NODELAY, TCP_CORK, TCP_QUICKACK, TCP_INQ,
                    IPV6_V6ONLY, IP_FREEBIND, IP_BIND_ADDRESS_NO_PORT ->
                store(value() == 0 ? 0 : 1);
            // Marks and priorities choose routes and queues, of which there is one.
            case SO_PRIORITY, SO_MARK, SO_BUSY_POLL, SO_MAX_PACING_RATE, TCP_NOTSENT_LOWAT, TCP_LINGER2 ->
                store(value());
            case SO_SNDBUF, SO_RCVBUF, SO_SNDBUFFORCE, SO_RCVBUFFORCE -> store(Math.max(0, (int) value()));
            case SO_RCVLOWAT -> store(value() < 0 ? Integer.MAX_VALUE : Math.max(1, value()));
            case TCP_MAXSEG -> maxSegment();
            case TCP_KEEPIDLE, TCP_KEEPINTVL -> storeWithin(1, MAX_KEEP_ALIVE_SECONDS);
            case TCP_KEEPCNT, TCP_SYNCNT -> storeWithin(1, MAX_COUNT);
            case TCP_USER_TIMEOUT -> storeWithin(0, Integer.MAX_VALUE);
            case TCP_WINDOW_CLAMP -> storeWithin(1, Integer.MAX_VALUE);
            case TCP_FASTOPEN, TCP_FASTOPEN_CONNECT, TCP_FASTOPEN_KEY, TCP_FASTOPEN_NO_COOKIE -> fastOpen();
            case TCP_DEFER_ACCEPT, TCP_REPAIR, IP_RECVERR, IPV6_RECVERR,
                    SO_TIMESTAMPING, TCP_TX_DELAY ->
                storeOnly(0);
            case IP_MTU_DISCOVER, IPV6_MTU_DISCOVER -> storeOnly(PATH_MTU_WANTED, PATH_MTU_OBEYED);
            case IP_TTL, IPV6_UNICAST_HOPS -> storeOnly(DEFAULT_HOP_LIMIT, -1);
            case IP_TOS, IPV6_TCLASS -> trafficClass();
            default -> throw arguments.unsupported(option.name());
        };
    }

    private long value() {
        return arguments.bracketed(3);
    }

    private TcpFlow flow() {
        return socket.connection() == null || socket.connection().isEnded() ? null : socket.connection().flow();
    }

    private long store(final long value) {
        socket.options().set(option, value, flow());
        socket.reconfigure();
        return 0;
    }

    private long storeWithin(final int min, final int max) {
        final long value = value();
        return value < min || value > max ? -Errno.EINVAL : store(value);
    }

    /** For an option of which we have the given values alone. */
    private long storeOnly(final long... supported) {
        final long value = value();
        for (final long known : supported) {
            if (value == known) {
                return store(value);
            }
        }
        throw arguments.unsupported(option + " with " + value);
    }

    private long fastOpen() {
        if (option == SocketOption.TCP_FASTOPEN_KEY || value() != 0) {
            throw new UnsupportedCall(SystemCalls.FAST_OPEN);
        }
        return store(0);
    }

    private long maxSegment() {
        final long value = value();
        final boolean valid = dialect == Dialect.LINUX
                ? value == 0 || value >= MIN_SEGMENT_BYTES && value <= MAX_SEGMENT_BYTES
                // FreeBSD: a connection's segments can only become smaller.
                : value > 0 && value <= new OptionGetter(socket, dialect).segmentBytes();
        return valid ? store(value) : -Errno.EINVAL;
    }

    // Only a flow has it; the packets of a handshake would go out without.
    private long trafficClass() {
        if (flow() == null && value() >>> 2 != 0) {
            throw arguments.unsupported(option + " before there is a connection");
        }
        return store(value());
    }

    private long linger() {
        final Value.Struct linger = arguments.struct(3);
        final Value on = linger.field("onoff") == null ? linger.field("l_onoff") : linger.field("onoff");
        final Value seconds = linger.field("linger") == null ? linger.field("l_linger") : linger.field("linger");
        if (!(on instanceof Value.Int(final long isOn)) || !(seconds instanceof Value.Int(final long time))) {
            throw arguments.unsupported(3, "no {onoff=, linger=}");
        }
        socket.options().lingerSeconds(isOn == 0 ? -1 : Math.max(0, time));
        return 0;
    }

    private long congestion() {
        final String name = arguments.text(3);
        final CongestionAlgorithm algorithm;
        try {
            algorithm = CongestionAlgorithm.named(name);
        } catch (final IllegalArgumentException unknown) {
            throw arguments.unsupported(unknown.getMessage());
        }
        socket.options().congestionControl(algorithm, flow());
        return 0;
    }
}
