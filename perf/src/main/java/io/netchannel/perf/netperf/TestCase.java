package io.netchannel.perf.netperf;

import io.netchannel.perf.netperf.NetperfTest.Kind;
import java.util.Locale;

/**
 * A test with its sizes: what every path does alike.
 *
 * @param messageBytes of each send of a stream (netperf -m)
 * @param requestBytes and
 * @param responseBytes of a transaction (netperf -r)
 * @param burst requests outstanding besides the one (netperf -b)
 * @param perSecond transactions of each connection that are to be sent; 0 for as many as go
 * @param connections at a time
 * @param idle connections that are open besides, and have nothing to do
 * @param loops of each side
 * @param verify whether the content is checked
 */
public record TestCase(NetperfTest test, int messageBytes, int requestBytes, int responseBytes, int burst,
        double perSecond, int connections, int idle, int loops, boolean verify) {

    public static final int MAX_MESSAGE_BYTES = 1 << 20;
    /** A datagram must fit into one packet of an Ethernet. */
    public static final int MAX_DATAGRAM_BYTES = 1472;
    public static final int MAX_REQUEST_BYTES = 1 << 16;
    public static final int MAX_BURST = 1024;
    public static final int MAX_CONNECTIONS = 10_000;
    public static final int MAX_IDLE = 100_000;
    public static final int MAX_LOOPS = 16;

    public TestCase {
        check("messageBytes", messageBytes, 1, test.isUdp() ? MAX_DATAGRAM_BYTES : MAX_MESSAGE_BYTES);
        final int maxRequest = test.isUdp() ? MAX_DATAGRAM_BYTES : MAX_REQUEST_BYTES;
        check("requestBytes", requestBytes, 1, maxRequest);
        check("responseBytes", responseBytes, 1, maxRequest);
        check("burst", burst, 0, MAX_BURST);
        check("connections", connections, 1, MAX_CONNECTIONS);
        check("idle", idle, 0, MAX_IDLE);
        check("loops", loops, 1, MAX_LOOPS);
    }

    private static void check(final String name, final int value, final int min, final int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + "=" + value + " is not within " + min + ".." + max);
        }
    }

    /** One line for a table. */
    public String title() {
        final StringBuilder text = new StringBuilder(test.name());
        if (test.kind() == Kind.TRANSACTIONS) {
            text.append(", ").append(requestBytes).append("-byte request, ").append(responseBytes)
                    .append("-byte response");
            if (burst > 0) {
                text.append(", burst ").append(burst);
            }
            if (perSecond > 0) {
                text.append(String.format(Locale.ROOT, ", %.0f/s intended", perSecond));
            }
        } else {
            text.append(", ").append(messageBytes).append("-byte ").append(test.isUdp() ? "datagrams" : "messages");
        }
        if (connections > 1) {
            text.append(", ").append(connections).append(" connections");
        }
        if (idle > 0) {
            text.append(", ").append(idle).append(" idle ones");
        }
        if (loops > 1) {
            text.append(", ").append(loops).append(" loops a side");
        }
        return text.toString();
    }
}
