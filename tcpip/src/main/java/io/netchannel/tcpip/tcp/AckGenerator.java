package io.netchannel.tcpip.tcp;

/**
 * The acknowledgments that go out, alone or with data: how many are due, and what they say (RFC 5681, 4.2).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class AckGenerator {

    private static final int MAX_OPTION_BYTES = TcpHeaderLayout.MAX_HEADER_BYTES - TcpHeaderLayout.MIN_HEADER_BYTES;

    private final TcpReceiver receiver;
    private final TcpTimestamps timestamps;
    private final TcpCounters counters;
    private final ReceiveBudget budget;
    private final ReceiveParts parts;
    private final ReceiveQueue queue;
    private final Reassembler reassembler;
    private final Delivery delivery;
    private final ReceiveWindow window;
    private final AckPolicy acks;
    private final EcnEcho ecn;
    private final PeerFin fin;
    private final SackBlocks sack;
    private int lastAckSent;
    private boolean updateDue;

    AckGenerator(final TcpReceiver receiver, final ReceiveParts parts, final TcpConnection connection) {
        this.receiver = receiver;
        this.timestamps = connection.timestamps();
        this.counters = connection.counters();
        this.budget = connection.stack().receiveBudget();
        this.parts = parts;
        this.queue = parts.queue;
        this.reassembler = parts.reassembler;
        this.delivery = parts.delivery;
        this.window = parts.window;
        this.acks = parts.acks;
        this.ecn = parts.ecn;
        this.fin = parts.fin;
        this.sack = parts.sack;
    }

    /** Our SYN, or an {@link Embryo}, has acknowledged all before {@code number}. */
    void onAcknowledged(final int number) {
        lastAckSent = number;
    }

    /** The last that the peer was sent: Last.ACK.sent of RFC 7323. */
    int lastAckSent() {
        return lastAckSent;
    }

    /** Pure acknowledgments to be sent now; arms the delay for one that can wait. */
    int due(final long nowNs) {
        final boolean read = delivery.takeConsumed();
        if (read) {
            afterRead(nowNs);
        }
        if (!acks.isOwed()) {
            return updateDue ? 1 : 0;
        }
        if (acks.duplicatesOwed() > 0) {
            return acks.duplicatesOwed();
        }
        final int unacknowledged = SeqNum.distance(lastAckSent, receiver.next());
        final boolean moves = unacknowledged > acks.segmentBytes() && windowMoves();
        if (updateDue || acks.isDue(unacknowledged, moves, read, read && queue.isEmpty())) {
            acks.oweNow();
            return 1;
        }
        final boolean gap = !reassembler.isEmpty() || fin.isAhead();
        if (gap && (acks.isDueInGap(receiver.next(), window.rttNs(), nowNs) || !sack.isEnabled())) {
            acks.oweNow();
            return 1;
        }
        return !acks.isCompressing() && acks.delay(nowNs) ? 1 : 0;
    }

    private boolean windowMoves() {
        if (window.isShort(queue.bytes())) {
            acks.onWindowShort();
        }
        return window.select(queue.bytes(), acks.segmentBytes()) >= window.offeredBytes();
    }

    private void afterRead(final long nowNs) {
        final int copied = SeqNum.add(receiver.next(), -queue.bytes() - (fin.isPassed() ? 1 : 0));
        final boolean relaxed = budget.isRelaxed();
        if (window.tune(copied, queue.bytes(), reassembler.spanBytes(receiver.next()), relaxed, nowNs)) {
            parts.onLimit();
        }
        updateDue = !fin.isPassed() && !receiver.isStarved() && window.isUpdateDue(receiver.next(), queue.bytes(),
                acks.segmentBytes());
    }

    /** What the next segment acknowledges. */
    int number() {
        return ecn.earlierAcks() > 0 ? ecn.earliestAck() : receiver.next();
    }

    /** Acknowledgments of data whose marks differ from those that came after it: to be sent before all else. */
    int earlier() {
        return ecn.earlierAcks();
    }

    /** Whether the next segment's ECE is set. */
    boolean echoFlagDue() {
        return ecn.isDue();
    }

    /** The window field of a segment that is about to be sent; moves the promised edge. */
    int advertise() {
        if (receiver.isStarved()) {
            return window.advertiseNone();
        }
        if (ecn.earlierAcks() > 0) {
            return window.fieldFor(ecn.earliestAck());
        }
        if (window.isShort(queue.bytes())) {
            acks.onWindowShort();
        }
        return window.advertise(receiver.next(), queue.bytes(), acks.segmentBytes(), !fin.isPassed());
    }

    /** Writes the SACK option, if there is something to say and {@code roomBytes} for it beside the timestamps. */
    void writeSack(final SegmentWriter writer, final int roomBytes) {
        sack.write(writer, Math.min(roomBytes, MAX_OPTION_BYTES - timestamps.optionBytes()));
    }

    /** Bytes of the SACK option that segments carry at present: full ones are shorter by as much. */
    int sackOptionBytes() {
        return sack.optionBytes(MAX_OPTION_BYTES - timestamps.optionBytes());
    }

    /** A segment that acknowledges {@link #number()} was sent, alone or with data. */
    void onSent(final boolean withData, final long nowNs) {
        if (withData) {
            acks.onDataSent(nowNs);
        }
        if (ecn.earlierAcks() > 0) {
            lastAckSent = ecn.earliestAck();
            ecn.onEarliestSent();
            return;
        }
        lastAckSent = receiver.next();
        if (!sack.onSent() && withData) {
            // The data left no room for what the acknowledgment was to say: one follows that says it.
            return;
        }
        updateDue = false;
        counters.add(TcpCounter.ACKS_COMPRESSED, acks.onAckSent(withData, nowNs));
    }

    /** Whether no word of a wider window is due. */
    boolean isAtRest() {
        return !updateDue;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        lastAckSent = image.sequence(lastAckSent);
    }
}
