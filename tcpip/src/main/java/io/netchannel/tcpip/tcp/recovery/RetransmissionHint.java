package io.netchannel.tcpip.tcp.recovery;

import io.netchannel.tcpip.tcp.ConnectionImage;
import io.netchannel.tcpip.tcp.SeqNum;

/**
 * Where retransmission goes on: all before it is done, so that a recovery of many segments doesn't look at each for every
 * acknowledgment.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class RetransmissionHint {

    private final SentSegments segments;
    private boolean known;
    private int sequence;

    RetransmissionHint(final SentSegments segments) {
        this.segments = segments;
    }

    /** Something was found lost at {@code lost}; {@code allResent} if nothing that is lost waits. */
    void onLost(final int lost, final boolean allResent) {
        if (known ? SeqNum.lessThan(lost, sequence) : allResent) {
            from(lost);
        }
    }

    /** Retransmission goes on here. */
    public void from(final int next) {
        known = true;
        sequence = next;
    }

    void clear() {
        known = false;
    }

    /** @return the position from which on there may be something to retransmit */
    public int position(final int una) {
        return known && SeqNum.greaterThan(sequence, una) ? segments.find(sequence) : 0;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        known = image.of(known);
        sequence = image.sequence(sequence);
    }
}
