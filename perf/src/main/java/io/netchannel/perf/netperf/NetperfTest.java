package io.netchannel.perf.netperf;

/** The tests, under netperf's names. */
public enum NetperfTest {
    /** Messages from client to server, as fast as they go. */
    TCP_STREAM(Kind.STREAM, false),
    /** Messages from server to client. */
    TCP_MAERTS(Kind.STREAM, false),
    /** From client to server, out of a file. */
    TCP_SENDFILE(Kind.STREAM, false),
    /** One request and one response at a time over a connection, or a burst of them. */
    TCP_RR(Kind.TRANSACTIONS, false),
    /** Connect, one request, one response, close. */
    TCP_CRR(Kind.TRANSACTIONS, false),
    /** Datagrams from client to server; what gets lost is counted too. */
    UDP_STREAM(Kind.STREAM, true),
    /** TCP_RR with datagrams. */
    UDP_RR(Kind.TRANSACTIONS, true),
    /** UDP_STREAM with packets of 64 bytes on the wire, counted in packets. */
    UDP_PPS(Kind.PACKETS, true);

    /**
     * Payload of a packet of 64 bytes on the wire: without Ethernet's header and check sequence (14 + 4), IPv4's (20) and
     * UDP's (8).
     */
    static final int SMALLEST_PAYLOAD_BYTES = 64 - 14 - 4 - 20 - 8;

    /** What is counted. */
    public enum Kind {
        STREAM, TRANSACTIONS, PACKETS
    }

    private final Kind kind;
    private final boolean datagrams;

    NetperfTest(final Kind kind, final boolean datagrams) {
        this.kind = kind;
        this.datagrams = datagrams;
    }

    public Kind kind() {
        return kind;
    }

    public boolean isUdp() {
        return datagrams;
    }

    /** Whether {@code -m} counts for it. */
    boolean hasMessages() {
        return kind == Kind.STREAM;
    }
}
