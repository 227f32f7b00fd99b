package io.netchannel.perf.iperf3;

/** The control connection's one-byte messages (iperf_api.h), and other numbers on the wire. */
final class State {

    static final int TEST_START = 1;
    static final int TEST_RUNNING = 2;
    static final int TEST_END = 4;
    static final int PARAM_EXCHANGE = 9;
    static final int CREATE_STREAMS = 10;
    static final int SERVER_TERMINATE = 11;
    static final int CLIENT_TERMINATE = 12;
    static final int EXCHANGE_RESULTS = 13;
    static final int DISPLAY_RESULTS = 14;
    static final int IPERF_DONE = 16;
    static final int ACCESS_DENIED = -1;
    /** Two numbers of four bytes follow: iperf3's error and errno. */
    static final int SERVER_ERROR = -2;

    /** 36 characters and a zero. */
    static final int COOKIE_BYTES = 37;

    /** A client's first datagram of a stream: "9876" as it lies on the wire of a little-endian host. */
    static final int UDP_CONNECT = 0x39383736;
    /** What answers it. */
    static final int UDP_REPLY = 0x36373839;
    /** 987654321, little-endian: what servers before 3.11 answer. */
    static final int UDP_REPLY_LEGACY = 0xB168_DE3A;

    /** iperf_api.h: why parameters were refused. */
    static final int ERROR_PARAMETERS = 114;

    private State() {
    }

    static String name(final int state) {
        return switch (state) {
            case TEST_START -> "TEST_START";
            case TEST_RUNNING -> "TEST_RUNNING";
            case TEST_END -> "TEST_END";
            case PARAM_EXCHANGE -> "PARAM_EXCHANGE";
            case CREATE_STREAMS -> "CREATE_STREAMS";
            case SERVER_TERMINATE -> "SERVER_TERMINATE";
            case CLIENT_TERMINATE -> "CLIENT_TERMINATE";
            case EXCHANGE_RESULTS -> "EXCHANGE_RESULTS";
            case DISPLAY_RESULTS -> "DISPLAY_RESULTS";
            case IPERF_DONE -> "IPERF_DONE";
            case ACCESS_DENIED -> "ACCESS_DENIED";
            case SERVER_ERROR -> "SERVER_ERROR";
            default -> "state " + state;
        };
    }
}
