package io.netchannel.perf.netperf;

/**
 * Sizes of a test, the same for every path.
 *
 * @param messageBytes bytes of each send of a stream (netperf -m)
 * @param requestBytes bytes of a request (netperf -r)
 * @param responseBytes bytes of a response
 */
public record Workload(int messageBytes, int requestBytes, int responseBytes) {

    public static final int MAX_MESSAGE_BYTES = 1 << 20;
    /** A request or response must fit into one datagram that needs no fragmentation. */
    public static final int MAX_REQUEST_BYTES = 1400;

    public Workload {
        check("messageBytes", messageBytes, MAX_MESSAGE_BYTES);
        check("requestBytes", requestBytes, MAX_REQUEST_BYTES);
        check("responseBytes", responseBytes, MAX_REQUEST_BYTES);
    }

    private static void check(final String name, final int value, final int limit) {
        if (value < 1 || value > limit) {
            throw new IllegalArgumentException(name + "=" + value + " is not within 1.." + limit);
        }
    }
}
