package io.netchannel.tcpip.tcp;

/**
 * How much goes into the next segment: Nagle's algorithm (RFC 896, as Minshall amended it) and the sender's side of
 * silly window avoidance (RFC 9293, 3.8.6.2.1).
 *
 * <p>Minshall: a small segment waits only while another small one is unacknowledged, not while any is; so the end of a
 * large write doesn't wait for a delayed acknowledgment of its middle.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SendPolicy {

    /** Nothing is to be sent now. */
    static final int NOTHING = -1;

    private boolean noDelay;
    private boolean smallSent;
    private int smallEnd;

    boolean noDelay() {
        return noDelay;
    }

    void noDelay(final boolean on) {
        noDelay = on;
    }

    /** New data was sent, up to {@code end}; {@code small} if it ends with less than a full segment. */
    void onSent(final int end, final boolean small) {
        if (small) {
            smallSent = true;
            smallEnd = end;
        }
    }

    /** Up to {@code una} all is acknowledged. */
    void onAcknowledged(final int una) {
        if (smallSent && SeqNum.greaterOrEqual(una, smallEnd)) {
            smallSent = false;
        }
    }

    /**
     * @param waitingBytes in the queue, not yet sent; at least 1
     * @param usableBytes that both windows admit; may be negative
     * @param largestBytes that one frame can carry
     * @param maxWindowBytes the largest window that the peer has offered
     * @param last FIN follows the queue's end: nothing will join a small segment
     * @param forced send what can be: a retransmission, or silly window avoidance has waited long enough
     * @return payload bytes, or {@link #NOTHING}
     */
    int segmentBytes(final int waitingBytes, final int usableBytes, final int mssBytes, final int largestBytes,
            final int maxWindowBytes, final boolean last, final boolean forced) {
        if (usableBytes <= 0) {
            return NOTHING;
        }
        final int length = Math.min(Math.min(waitingBytes, usableBytes), largestBytes);
        final boolean smallMayGo = noDelay || last || forced || !smallSent;
        if (length < Math.min(mssBytes, largestBytes)) {
            // (2) all there is, as far as Nagle lets it; (3) half of the largest window; (4) the override timeout.
            final boolean worthIt = length == waitingBytes || length >= maxWindowBytes / 2;
            return forced || worthIt && smallMayGo ? length : NOTHING;
        }
        // (1) full segments; what is left over goes with them if it would go alone.
        final int tail = length % mssBytes;
        return length < mssBytes || tail == 0 || length == waitingBytes && smallMayGo ? length : length - tail;
    }
}
