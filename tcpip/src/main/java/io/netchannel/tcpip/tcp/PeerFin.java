package io.netchannel.tcpip.tcp;

/** Where the peer's data ends. Confined to the thread of its stack. */
final class PeerFin {

    private boolean known;
    private boolean waited;
    private boolean passed;
    private int sequence;

    /** A segment came, perhaps with a FIN; loses what lies beyond the FIN that was seen first. */
    void note(final TcpSegment segment) {
        waited = known;
        final int end = SeqNum.add(segment.sequence(), segment.payloadBytes());
        if (segment.has(TcpHeaderLayout.FIN) && !known) {
            known = true;
            sequence = end;
        }
        if (known && SeqNum.greaterThan(end, sequence)) {
            segment.trimTail(Math.max(0, SeqNum.distance(segment.sequence(), sequence)));
        }
    }

    /** RCV.NXT has come to {@code next}. @return whether the FIN is what follows, for the first time */
    boolean pass(final int next) {
        final boolean due = isAhead() && next == sequence;
        passed |= due;
        return due;
    }

    /** Whether it has come, and data before it is missing. */
    boolean isAhead() {
        return known && !passed;
    }

    /** Whether it had come before the segment that was noted last. */
    boolean hasWaited() {
        return waited;
    }

    boolean isPassed() {
        return passed;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        known = image.of(known);
        waited = image.of(waited);
        passed = image.of(passed);
        sequence = image.sequence(sequence);
    }
}
