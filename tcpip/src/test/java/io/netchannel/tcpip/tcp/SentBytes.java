package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.SYN;

import java.util.Arrays;

/** What a flow has sent at which sequence number: it must be the same each time. */
final class SentBytes {

    private static final int MAX_BYTES = 1 << 20;
    private static final short UNKNOWN = -1;

    private short[] bytes = {};
    private boolean based;
    private int base;

    void check(final Seg segment) {
        if (segment.payload.length == 0 || segment.has(SYN)) {
            return;
        }
        if (!based) {
            based = true;
            base = segment.sequence;
        }
        final int from = segment.sequence - base;
        // A keepalive repeats the number before the first.
        if (from < 0 || from + segment.payload.length > MAX_BYTES) {
            return;
        }
        if (bytes.length < from + segment.payload.length) {
            final int had = bytes.length;
            bytes = Arrays.copyOf(bytes, 2 * (from + segment.payload.length));
            Arrays.fill(bytes, had, bytes.length, UNKNOWN);
        }
        for (int i = 0; i < segment.payload.length; i++) {
            final short now = (short) (segment.payload[i] & 0xFF);
            if (bytes[from + i] != UNKNOWN && bytes[from + i] != now) {
                throw new AssertionError("byte " + i + " of " + segment + " was another before");
            }
            bytes[from + i] = now;
        }
    }
}
