package io.netchannel.perf.netperf;

/** The tests, under netperf's names. */
public enum NetperfTest {
    /** One connection, one way, as fast as it goes. */
    TCP_STREAM(true),
    /** One request and one response at a time over one connection. */
    TCP_RR(false),
    /** The same with datagrams. */
    UDP_RR(false);

    private final boolean stream;

    NetperfTest(final boolean stream) {
        this.stream = stream;
    }

    /** Whether it is counted in bytes, and not in transactions. */
    public boolean isStream() {
        return stream;
    }
}
