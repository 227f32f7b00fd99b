package io.netchannel.tcpip.tcp;

/**
 * The receiver's part in explicit congestion notification: telling the peer which packets the network has marked.
 *
 * <p>By RFC 3168, 6.1.3, ECE is set from the first mark on until the peer says CWR. Exactly (RFC 8257, 3.2), ECE says
 * whether the acknowledged data was marked: when marks begin or end, what was received before is acknowledged by itself
 * with the state before, however short the burst.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class EcnEcho {

    private static final int QUICK_ACKS = 2;
    private static final int MAX_CHANGES = 1 << 6;

    private boolean enabled;
    private boolean exact;
    private boolean seen;
    private boolean echo;
    // Numbers up to which the state was the opposite of the one after; oldest first. The state of all but the last
    // follows from that of the last.
    private int[] changes;
    private int changeCount;

    /** Both sides have agreed; {@code exactly} if the congestion control needs it. */
    void enable(final boolean exactly) {
        enabled = true;
        exact = exactly;
    }

    boolean isEnabled() {
        return enabled;
    }

    /** Whether a packet has come that was capable of being marked. */
    boolean hasSeen() {
        return seen;
    }

    /** Whether ECE is to be set. */
    boolean isDue() {
        return echo != ((changeCount & 1) != 0);
    }

    /** A segment with data came, before RCV.NXT moves over it: {@code next}; {@code owed} if data waits unacknowledged. */
    void onData(final TcpSegment segment, final int next, final boolean owed, final AckPolicy acks,
            final int windowBytes) {
        if (!enabled) {
            return;
        }
        if (segment.has(TcpHeaderLayout.CWR)) {
            // The peer has reduced its window, perhaps to a single segment: it can't wait.
            acks.oweNow();
            if (!exact) {
                echo = false;
            }
        }
        final int codePoint = segment.ecnCodePoint();
        if (codePoint == TcpSegment.ECN_NOT_ECT) {
            if (seen) {
                // Retransmissions are not marked as capable (RFC 3168, 6.1.5): there was a loss.
                acks.enterQuick(QUICK_ACKS, windowBytes);
            }
            return;
        }
        seen = true;
        final boolean marked = codePoint == TcpSegment.ECN_CE;
        if (exact) {
            if (marked != echo) {
                if (owed) {
                    change(next);
                }
                echo = marked;
                acks.oweNow();
            }
        } else if (marked && !echo) {
            echo = true;
            acks.enterQuick(QUICK_ACKS, windowBytes);
        }
    }

    private void change(final int next) {
        if (changes == null) {
            changes = new int[MAX_CHANGES];
        }
        if (changeCount == MAX_CHANGES) {
            // Two states less: those of the oldest changes.
            System.arraycopy(changes, 2, changes, 0, MAX_CHANGES - 2);
            changeCount -= 2;
        }
        changes[changeCount++] = next;
    }

    /** Acknowledgments of states before the present one, to be sent first. */
    int earlierAcks() {
        return changeCount;
    }

    /** What the oldest of them acknowledges. */
    int earliestAck() {
        return changes[0];
    }

    void onEarliestSent() {
        changeCount--;
        System.arraycopy(changes, 1, changes, 0, changeCount);
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        enabled = image.of(enabled);
        exact = image.of(exact);
        seen = image.of(seen);
        echo = image.of(echo);
    }
}
