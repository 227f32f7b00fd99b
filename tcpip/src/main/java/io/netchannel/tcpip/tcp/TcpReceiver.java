package io.netchannel.tcpip.tcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;

/**
 * The receiving half of a connection: the RCV variables, the receive window, and when to acknowledge.
 *
 * <pre>
 *    acknowledged,   in the queue: not     may come: the window           must not come
 *     consumed          consumed
 *  -----------------|----------------|----------------------------------|---------------
 *                                 RCV.NXT                       RCV.ADV, promised
 *                   |&lt;---------------- receive buffer ----------------&gt;|
 * </pre>
 * {@link ReceiveWindow} says how far the window reaches, {@link AckPolicy} when to acknowledge, {@link SackBlocks} what
 * to say of data beyond a gap, {@link EcnEcho} what to say of marks; {@link AckGenerator} makes acknowledgments of that.
 * Here is what they have in common: the data's way to the application.
 *
 * <p>When no buffers are left for data that was promised room, the window is said to be zero until there are: the one
 * exception to a promise.
 *
 * <p>Acknowledgments go out once per burst. Without SACK each segment out of order earns one of its own, since the peer
 * counts them.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TcpReceiver {

    private static final long STARVED_RETRY_NS = 10_000_000;

    private final TcpConnection connection;
    private final Application application;
    private final TcpCounters counters;
    private final ReceiveParts parts;
    private final ReceiveQueue queue;
    private final Reassembler reassembler;
    private final Delivery delivery;
    private final ReceiveWindow window;
    private final AckPolicy acks;
    private final AckGenerator generator;
    private final EcnEcho ecn;
    private final PeerFin fin;
    private final SackBlocks sack;
    private int ownSegmentBytes;
    private int next;
    private boolean starved;
    private long starvedDeadlineNs = NO_DEADLINE;

    TcpReceiver(final TcpConnection connection, final TcpStack stack) {
        this.connection = connection;
        this.application = connection.application();
        this.counters = stack.counters();
        this.parts = new ReceiveParts(connection, stack);
        this.queue = parts.queue;
        this.reassembler = parts.reassembler;
        this.delivery = parts.delivery;
        this.window = parts.window;
        this.acks = parts.acks;
        this.sack = parts.sack;
        this.ecn = parts.ecn;
        this.fin = parts.fin;
        this.generator = new AckGenerator(this, parts, connection);
    }

    /** The peer's SYN has come, and ours said {@code windowBytes} with no scale applied. */
    void onSyn(final int initialSequence, final int windowBytes) {
        next = SeqNum.add(initialSequence, 1);
        window.onSyn(next, windowBytes,
                MaxSegmentSize.toReceive(connection.path(), connection.settings().maxSegmentBytes));
        generator.onAcknowledged(initialSequence);
    }

    /** The SYN was acknowledged by an {@link Embryo}. */
    void onSynAcknowledged() {
        generator.onAcknowledged(next);
    }

    /**
     * Both SYNs are known; {@code scale} is 0 if scaling was not negotiated.
     *
     * @param sendBytes payload of a full segment in the other direction
     */
    void onEstablished(final int scale, final boolean selective, final int sendBytes, final long nowNs) {
        ownSegmentBytes = MaxSegmentSize.toReceive(connection.path(), connection.settings().maxSegmentBytes)
                - connection.timestamps().optionBytes();
        window.onEstablished(scale, ownSegmentBytes, nowNs);
        acks.onEstablished(ownSegmentBytes, sendBytes, window.offeredBytes(), nowNs);
        sack.enable(selective);
        parts.onLimit();
    }

    /** ECN was negotiated; {@code exactEcho} as DCTCP needs it. */
    void enableEcn(final boolean exactEcho) {
        ecn.enable(exactEcho);
    }

    /** The application fixes the receive buffer. */
    void fixBuffer(final int bytes) {
        window.fix(bytes);
        parts.onLimit();
        // There may be room now.
        delivery.noteRoom();
    }

    int next() {
        return next;
    }

    /** The receive buffer, and so the largest window. */
    int limitBytes() {
        return window.limitBytes();
    }

    /** Sequence numbers that may come: RCV.WND. */
    int windowBytes() {
        return window.bytes(next);
    }

    /** No buffer was left for what had been promised room. */
    boolean isStarved() {
        return starved;
    }

    AckGenerator acks() {
        return generator;
    }

    boolean finPassed() {
        return fin.isPassed();
    }

    boolean hasUnread() {
        return !queue.isEmpty();
    }

    /** While a callback has data before it, what it consumes still counts as unread. */
    Delivery delivery() {
        return delivery;
    }

    int unreadBytes() {
        return queue.bytes();
    }

    // -- data

    /** A segment came, whatever becomes of it. */
    void count(final TcpSegment segment) {
        parts.statistics.count(segment);
        sack.onSegment();
    }

    /** A segment repeats the numbers from {@code sequence} to {@code end}, some of them at least. */
    void onRepeated(final int sequence, final int end, final int payloadBytes) {
        if (payloadBytes > 0) {
            sack.report(sequence, SeqNum.min(end, next), next);
        }
        if (SeqNum.lessOrEqual(end, next)) {
            counters.increment(TcpCounter.DELAYED_ACK_LOST);
            acks.enterQuick(window.offeredBytes());
            acks.oweNow();
        }
    }

    /** The round trip, seen from here: the timestamp that came back with a full segment. */
    void measureEcho(final TcpSegment segment, final long nowNs) {
        if (segment.payloadBytes() >= acks.segmentBytes()) {
            final int echo = segment.options().timestampEcho();
            window.measureEcho(echo, connection.timestamps().elapsedNs(echo, nowNs), queue.isEmpty());
        }
    }

    /**
     * Takes payload and FIN of a segment that begins at RCV.NXT or beyond.
     *
     * @return whether the packet was kept
     */
    boolean accept(final TcpSegment segment, final long nowNs) {
        if (!window.admits(segment, next, queue.isEmpty())) {
            acks.enterQuick(window.offeredBytes());
            acks.oweNow();
            return false;
        }
        fin.note(segment);
        boolean kept = false;
        if (segment.sequence() == next && segment.payloadBytes() > 0) {
            kept = acceptInOrder(segment, nowNs);
        } else if (segment.sequence() != next && segment.sequenceLength() > 0) {
            kept = acceptOutOfOrder(segment);
        }
        passFin();
        return kept;
    }

    private void widen(final TcpSegment segment) {
        if (connection.stack().receiveBudget().isRelaxed()
                && window.grow(segment.payloadBytes(), queue.bytes(), ownSegmentBytes)) {
            acks.onWindowGrowth();
        }
    }

    private boolean acceptInOrder(final TcpSegment segment, final long nowNs) {
        final boolean gap = !reassembler.isEmpty();
        final int lengthBytes = segment.payloadBytes();
        ecn.onData(segment, next, acks.isOwed(), acks, window.offeredBytes());
        acks.onData(segment, window.offeredBytes(), nowNs);
        window.measure(next, nowNs);
        widen(segment);
        boolean kept = false;
        final int done = delivery.offer(segment.packet(), segment.payloadOffset(), lengthBytes, queue);
        if (!connection.isOpen()) {
            return false;
        }
        if (done < lengthBytes) {
            final int added = queue.add(segment.packet(), segment.payloadOffset() + done, lengthBytes - done);
            if (added == ReceiveQueue.NO_ROOM) {
                advance(done);
                starve(nowNs);
                return false;
            }
            if (added == ReceiveQueue.COPIED) {
                counters.increment(TcpCounter.RECEIVE_COALESCED);
            }
            kept = added == ReceiveQueue.KEPT;
        }
        advance(lengthBytes);
        if (queue.bytes() > window.limitBytes()) {
            // Taken although it was too long: no more, until this is read.
            acks.oweNow();
        }
        if (gap) {
            drainReassembler(nowNs);
            if (reassembler.isEmpty()) {
                // RFC 5681, 4.2: at once when a gap is filled.
                acks.oweNow();
            } else {
                acks.onSegmentInGap();
            }
        }
        return kept;
    }

    private void advance(final int lengthBytes) {
        next = SeqNum.add(next, lengthBytes);
        parts.statistics.bytes += lengthBytes;
        window.reach(next);
        sack.advanceTo(next);
    }

    private boolean acceptOutOfOrder(final TcpSegment segment) {
        ecn.onData(segment, next, acks.isOwed(), acks, window.offeredBytes());
        int result = Reassembler.DUPLICATE;
        if (segment.payloadBytes() > 0) {
            result = sack.insert(segment, reassembler, next);
            if (result != Reassembler.NO_ROOM) {
                onInserted(segment);
            }
        }
        if (result != Reassembler.NO_ROOM) {
            sack.add(segment.sequence(), segment.sequenceEnd());
        }
        if (sack.isEnabled()) {
            acks.onSegmentInGap();
        } else {
            // One for each segment of the sender's, as if they had come one by one: three are what starts its recovery.
            acks.oweDuplicates(Math.min(segment.segmentCount(), 3));
        }
        return result == Reassembler.KEPT;
    }

    private void onInserted(final TcpSegment segment) {
        parts.statistics.outOfOrderSegments += segment.segmentCount();
        acks.measure(segment);
        if (sack.isEnabled()) {
            // Without SACK a window that moves would make no duplicate acknowledgments.
            widen(segment);
        }
        if (window.coverGap(reassembler.spanBytes(next), connection.stack().receiveBudget().isRelaxed())) {
            parts.onLimit();
        }
    }

    private void drainReassembler(final long nowNs) {
        sack.reportOverlap(reassembler, next);
        while (connection.isOpen() && reassembler.advanceTo(next)) {
            final long packet = reassembler.headPacket();
            final int offset = reassembler.headOffset();
            final int lengthBytes = reassembler.headBytes();
            // Out first: a callback may close the connection and with it this.
            reassembler.removeHead();
            final int done = delivery.offerOwned(packet, offset, lengthBytes, queue);
            final int added = done == lengthBytes || !connection.isOpen()
                    ? ReceiveQueue.COPIED
                    : queue.add(packet, offset + done, lengthBytes - done);
            if (added != ReceiveQueue.KEPT) {
                connection.stack().pool().releasePacket(packet);
            }
            if (added == ReceiveQueue.NO_ROOM) {
                advance(done);
                starve(nowNs);
                return;
            }
            advance(lengthBytes);
        }
    }

    private void starve(final long nowNs) {
        counters.increment(TcpCounter.RECEIVE_QUEUE_DROPS);
        starved = true;
        starvedDeadlineNs = nowNs + STARVED_RETRY_NS;
        acks.oweNow();
    }

    private void passFin() {
        if (fin.pass(next)) {
            next = SeqNum.add(next, 1);
            acks.onFin(connection.state() == TcpState.ESTABLISHED && window.offeredBytes() > 0 && !fin.hasWaited());
            window.reach(next);
            sack.onFin();
        }
    }

    /** Delivers what waits, as far as the application takes it. At the connection's turn. */
    void resume() {
        if (!delivery.drain(queue, true)) {
            return;
        }
        if (starved && canGoOn()) {
            feed();
        }
    }

    /** The same, in the midst of something, before the end. */
    void deliverLast() {
        delivery.drain(queue, false);
    }

    // Data that is consumed as it comes needs no buffers, however many other flows hold.
    private boolean canGoOn() {
        return queue.hasRoom() || queue.isEmpty() && application.takesData();
    }

    private void feed() {
        starved = false;
        starvedDeadlineNs = NO_DEADLINE;
        acks.oweNow();
    }

    // -- acknowledgments

    /** An acknowledgment is owed at once. */
    void acknowledgeNow() {
        acks.oweNow();
    }

    /** An acknowledgment that is owed does not wait. */
    void acknowledgeWhatIsOwed() {
        if (acks.isOwed()) {
            acks.oweNow();
        }
    }

    /** The application asks for acknowledgments without delay, or with. */
    void quickAck(final boolean on) {
        acks.quickAck(on);
    }

    void info(final TcpInfo into, final long nowNs) {
        window.info(into);
        acks.info(into, nowNs);
        parts.statistics.info(into, fin.isPassed());
    }

    long nextDeadlineNs() {
        return Math.min(acks.nextDeadlineNs(), starvedDeadlineNs);
    }

    void onTimer(final long nowNs) {
        if (acks.onTimer(nowNs)) {
            counters.increment(TcpCounter.DELAYED_ACKS);
        }
        if (starvedDeadlineNs <= nowNs) {
            if (canGoOn()) {
                feed();
            } else {
                starvedDeadlineNs = nowNs + STARVED_RETRY_NS;
            }
        }
    }

    /** No more data is wanted, or the connection is gone: gives all packets back. */
    void release() {
        if (delivery.isActive()) {
            return;
        }
        queue.clear();
        reassembler.clear();
        acks.stop();
        starvedDeadlineNs = NO_DEADLINE;
    }

    boolean isAtRest() {
        return parts.isAtRest() && generator.isAtRest() && !starved;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        next = image.sequence(next);
        generator.keep(image);
        ownSegmentBytes = image.of(ownSegmentBytes);
        parts.keep(image);
    }
}
