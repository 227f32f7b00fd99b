package io.netchannel.tcpip.script.call;

/**
 * The options that we know by number: those that suites of scripts use, and their neighbours.
 *
 * <p>Numbers are those of Linux's {@code <sys/socket.h>}, {@code <netinet/tcp.h>} and {@code <netinet/in.h>}.
 */
enum SocketOption {
    SO_REUSEADDR(Level.SOCKET, 2), SO_TYPE(Level.SOCKET, 3), SO_ERROR(Level.SOCKET, 4), SO_SNDBUF(Level.SOCKET,
            7), SO_RCVBUF(Level.SOCKET, 8), SO_KEEPALIVE(Level.SOCKET, 9), SO_PRIORITY(Level.SOCKET,
                    12), SO_LINGER(Level.SOCKET, 13), SO_REUSEPORT(Level.SOCKET, 15), SO_RCVLOWAT(Level.SOCKET,
                            18), SO_BINDTODEVICE(Level.SOCKET, 25), SO_ACCEPTCONN(Level.SOCKET, 30), SO_SNDBUFFORCE(
                                    Level.SOCKET, 32), SO_RCVBUFFORCE(Level.SOCKET, 33), SO_MARK(Level.SOCKET,
                                            36), SO_TIMESTAMPING(Level.SOCKET, 37), SO_PROTOCOL(Level.SOCKET,
                                                    38), SO_DOMAIN(Level.SOCKET, 39), SO_BUSY_POLL(Level.SOCKET,
                                                            46), SO_MAX_PACING_RATE(Level.SOCKET, 47), SO_ZEROCOPY(
                                                                    Level.SOCKET, 60), SO_TXTIME(Level.SOCKET, 61),

    TCP_NODELAY(Level.TCP, 1), TCP_MAXSEG(Level.TCP, 2), TCP_CORK(Level.TCP, 3), TCP_KEEPIDLE(Level.TCP,
            4), TCP_KEEPINTVL(Level.TCP, 5), TCP_KEEPCNT(Level.TCP, 6), TCP_SYNCNT(Level.TCP, 7), TCP_LINGER2(Level.TCP,
                    8), TCP_DEFER_ACCEPT(Level.TCP, 9), TCP_WINDOW_CLAMP(Level.TCP, 10), TCP_INFO(Level.TCP,
                            11), TCP_QUICKACK(Level.TCP, 12), TCP_CONGESTION(Level.TCP, 13), TCP_MD5SIG(Level.TCP,
                                    14), TCP_USER_TIMEOUT(Level.TCP, 18), TCP_REPAIR(Level.TCP, 19), TCP_FASTOPEN(
                                            Level.TCP, 23), TCP_TIMESTAMP(Level.TCP, 24), TCP_NOTSENT_LOWAT(Level.TCP,
                                                    25), TCP_CC_INFO(Level.TCP, 26), TCP_FASTOPEN_CONNECT(Level.TCP,
                                                            30), TCP_FASTOPEN_KEY(Level.TCP,
                                                                    33), TCP_FASTOPEN_NO_COOKIE(Level.TCP,
                                                                            34), TCP_ZEROCOPY_RECEIVE(Level.TCP,
                                                                                    35), TCP_INQ(Level.TCP,
                                                                                            36), TCP_TX_DELAY(Level.TCP,
                                                                                                    37), TCP_RTO_MAX_MS(
                                                                                                            Level.TCP,
                                                                                                            44), TCP_RTO_MIN_US(
                                                                                                                    Level.TCP,
                                                                                                                    45), TCP_DELACK_MAX_US(
                                                                                                                            Level.TCP,
                                                                                                                            46),

    IP_TOS(Level.IP, 1), IP_TTL(Level.IP, 2), IP_MTU_DISCOVER(Level.IP, 10), IP_RECVERR(Level.IP, 11), IP_MTU(Level.IP,
            14), IP_FREEBIND(Level.IP, 15), IP_BIND_ADDRESS_NO_PORT(Level.IP, 24),

    IPV6_UNICAST_HOPS(Level.IPV6, 16), IPV6_MTU_DISCOVER(Level.IPV6, 23), IPV6_MTU(Level.IPV6,
            24), IPV6_RECVERR(Level.IPV6, 25), IPV6_V6ONLY(Level.IPV6, 26), IPV6_TCLASS(Level.IPV6, 67);

    /** Whose option it is; a socket of UDP has none of TCP's. */
    enum Level {
        SOCKET(1), TCP(6), IP(0), IPV6(41);

        private final int number;

        Level(final int number) {
            this.number = number;
        }
    }

    private final Level level;
    private final int number;

    SocketOption(final Level level, final int number) {
        this.level = level;
        this.number = number;
    }

    Level level() {
        return level;
    }

    /** The option of this number, or null. */
    static SocketOption of(final int level, final int number) {
        for (final SocketOption option : values()) {
            if (option.number == number && option.level.number == level) {
                return option;
            }
        }
        return null;
    }
}
