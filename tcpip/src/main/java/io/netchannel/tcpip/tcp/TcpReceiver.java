package io.netchannel.tcpip.tcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;

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
 * The promised edge never moves back (RFC 9293, 3.8.6.2.2), though the window field, being scaled, may say up to one
 * unit less; and it moves forward by a segment or half of the buffer at least (silly window avoidance). The one
 * exception: when no buffers are left for data that was promised room, the window is said to be zero until there are.
 *
 * <p>Acknowledgments go out once per burst: at once for two full segments, for what fills or leaves a gap, and for the
 * first few; else after the delay or with data, whichever is sooner. Each segment out of order earns a duplicate
 * acknowledgment of its own, since the peer counts them.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TcpReceiver {

    private static final int MAX_WINDOW_FIELD = 0xFFFF;
    private static final int MIN_SEGMENT_BYTES = 536;
    private static final int MAX_DUPLICATE_ACKS = 64;
    private static final long STARVED_RETRY_NS = 10_000_000;

    private final TcpConnection connection;
    private final Application application;
    private final TcpCounters counters;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final ReceiveQueue queue;
    private final Reassembler reassembler;
    private final long delayedAckNs;
    private int limitBytes;
    private int windowScale;
    private int firstOctet;
    private int next;
    private int promised;
    private int lastAckSent;
    private int segmentBytes = MIN_SEGMENT_BYTES;
    private int quickAcks;
    private int duplicateAcks;
    private boolean ackNow;
    private boolean finKnown;
    private boolean finPassed;
    private int finSequence;
    private boolean starved;
    private boolean zeroWindow;
    private boolean delivering;
    private long delayedAckDeadlineNs = NO_DEADLINE;
    private long starvedDeadlineNs = NO_DEADLINE;

    TcpReceiver(final TcpConnection connection, final TcpStack stack) {
        final TcpConfig config = connection.config();
        this.connection = connection;
        this.application = connection.application();
        this.counters = stack.counters();
        this.pool = stack.pool();
        this.packets = pool.packets();
        this.limitBytes = config.getInt(TcpSetting.RECEIVE_BUFFER_BYTES);
        this.delayedAckNs = config.get(TcpSetting.DELAYED_ACK_NS);
        this.quickAcks = config.getInt(TcpSetting.QUICK_ACKS);
        // Buffers may be a quarter full on average; what carries less is copied together in the queue.
        final int maxBuffers = limitBytes / (packets.bufferBytes() / 4) + 2 * PacketLayout.MAX_SLICES;
        this.queue = new ReceiveQueue(pool, stack.receiveBudget(), maxBuffers);
        this.reassembler = new Reassembler(pool, stack.receiveBudget(), maxBuffers);
    }

    /** The peer's SYN has come, and ours said {@code window} with no scale applied. */
    void onSyn(final int initialSequence, final int window) {
        next = SeqNum.add(initialSequence, 1);
        firstOctet = next;
        promised = SeqNum.add(next, window);
        lastAckSent = initialSequence;
    }

    /** The SYN was acknowledged by an {@link Embryo}. */
    void onSynAcknowledged() {
        lastAckSent = next;
    }

    /** Both SYNs are known; {@code scale} is 0 if scaling was not negotiated. */
    void onEstablished(final int scale) {
        windowScale = scale;
        limitBytes = Math.min(limitBytes, MAX_WINDOW_FIELD << scale);
    }

    int next() {
        return next;
    }

    /** The receive buffer, and so the largest window. */
    int limitBytes() {
        return limitBytes;
    }

    /** Sequence numbers that may come: RCV.WND. */
    int windowBytes() {
        return SeqNum.distance(next, promised);
    }

    int lastAckSent() {
        return lastAckSent;
    }

    boolean finPassed() {
        return finPassed;
    }

    boolean hasUnread() {
        return !queue.isEmpty();
    }

    /** Whether a callback has data before it: what it consumes still counts as unread. */
    boolean isDelivering() {
        return delivering;
    }

    int unreadBytes() {
        return queue.bytes();
    }

    // -- data

    /**
     * Takes payload and FIN of a segment that was trimmed to the window.
     *
     * @return whether the packet was kept
     */
    boolean accept(final TcpSegment segment, final long nowNs) {
        if (segment.has(TcpHeaderLayout.FIN) && !finKnown) {
            finKnown = true;
            finSequence = SeqNum.add(segment.sequence(), segment.payloadBytes());
        }
        if (finKnown && SeqNum.greaterThan(SeqNum.add(segment.sequence(), segment.payloadBytes()), finSequence)) {
            segment.trimTail(Math.max(0, SeqNum.distance(segment.sequence(), finSequence)));
        }
        boolean kept = false;
        if (segment.payloadBytes() > 0) {
            noteSegmentBytes(segment);
            if (segment.sequence() == next) {
                kept = acceptInOrder(segment, nowNs);
            } else {
                kept = acceptOutOfOrder(segment);
            }
        }
        passFin();
        return kept;
    }

    private void noteSegmentBytes(final TcpSegment segment) {
        final int bytes = segment.gsoSizeBytes() == 0 ? segment.payloadBytes() : segment.gsoSizeBytes();
        segmentBytes = Math.max(segmentBytes, Math.min(bytes, connection.path().mtuBytes()));
    }

    private boolean acceptInOrder(final TcpSegment segment, final long nowNs) {
        final boolean gap = !reassembler.isEmpty();
        final int lengthBytes = segment.payloadBytes();
        boolean kept = false;
        final int done = offer(segment.packet(), segment.payloadOffset(), lengthBytes, nowNs);
        if (!connection.isOpen()) {
            return false;
        }
        if (done < lengthBytes) {
            final int added = queue.add(segment.packet(), segment.payloadOffset() + done, lengthBytes - done);
            if (added == ReceiveQueue.NO_ROOM) {
                next = SeqNum.add(next, done);
                starve(nowNs);
                return false;
            }
            if (added == ReceiveQueue.COPIED) {
                counters.increment(TcpCounter.RECEIVE_COALESCED);
            }
            kept = added == ReceiveQueue.KEPT;
        }
        next = SeqNum.add(next, lengthBytes);
        if (gap) {
            // RFC 5681, 4.2: at once when a segment fills all or part of a gap.
            ackNow = true;
            drainReassembler(nowNs);
        }
        return kept;
    }

    private boolean acceptOutOfOrder(final TcpSegment segment) {
        final int result = reassembler.insert(segment.sequence(), segment.payloadBytes(), segment.packet(),
                segment.payloadOffset());
        counters.increment(switch (result) {
            case Reassembler.KEPT -> TcpCounter.OUT_OF_ORDER_QUEUED;
            case Reassembler.DUPLICATE -> TcpCounter.OUT_OF_ORDER_DUPLICATES;
            default -> TcpCounter.OUT_OF_ORDER_DROPS;
        });
        // One for each segment of the sender's, as if they had come one by one: three are what starts its recovery.
        duplicateAcks = Math.min(duplicateAcks + Math.min(segment.segmentCount(), 3), MAX_DUPLICATE_ACKS);
        return result == Reassembler.KEPT;
    }

    private void drainReassembler(final long nowNs) {
        while (connection.isOpen() && reassembler.advanceTo(next)) {
            final long packet = reassembler.headPacket();
            final int offset = reassembler.headOffset();
            final int lengthBytes = reassembler.headBytes();
            // Out first: a callback may close the connection and with it this.
            reassembler.removeHead();
            final int done = offerOwned(packet, offset, lengthBytes, nowNs);
            final int added = done == lengthBytes || !connection.isOpen()
                    ? ReceiveQueue.COPIED
                    : queue.add(packet, offset + done, lengthBytes - done);
            if (added != ReceiveQueue.KEPT) {
                pool.releasePacket(packet);
            }
            if (added == ReceiveQueue.NO_ROOM) {
                next = SeqNum.add(next, done);
                starve(nowNs);
                return;
            }
            next = SeqNum.add(next, lengthBytes);
        }
    }

    // The packet is nobody else's: released if a handler throws even from onFailure.
    private int offerOwned(final long packet, final int offset, final int lengthBytes, final long nowNs) {
        boolean returned = false;
        try {
            final int done = offer(packet, offset, lengthBytes, nowNs);
            returned = true;
            return done;
        } finally {
            if (!returned) {
                pool.releasePacket(packet);
            }
        }
    }

    // To the application at once, if nothing waits before it; what it doesn't take is the caller's to queue.
    private int offer(final long packet, final int offset, final int lengthBytes, final long nowNs) {
        final int done = queue.isEmpty() && application.takesData() ? deliver(packet, offset, lengthBytes) : 0;
        if (done < lengthBytes && connection.isOpen() && connection.isOrphan()) {
            // Closed by a callback that left data unread.
            connection.onDataAfterClose(nowNs);
        }
        return done;
    }

    private void starve(final long nowNs) {
        counters.increment(TcpCounter.RECEIVE_QUEUE_DROPS);
        starved = true;
        starvedDeadlineNs = nowNs + STARVED_RETRY_NS;
        ackNow = true;
    }

    private void passFin() {
        if (finKnown && !finPassed && next == finSequence) {
            next = SeqNum.add(next, 1);
            promised = SeqNum.max(promised, next);
            finPassed = true;
            ackNow = true;
        }
    }

    /** Delivers what waits, as far as the application takes it. */
    void resume(final long nowNs) {
        while (!queue.isEmpty() && application.takesData()) {
            final int done = deliver(queue.headPacket(), queue.headOffset(), queue.headBytes());
            if (!connection.isOpen()) {
                return;
            }
            queue.consume(done);
            if (connection.isOrphan() && !queue.isEmpty()) {
                // Closed by the callback, which left data unread.
                connection.onDataAfterClose(nowNs);
                return;
            }
        }
        if (starved && canGoOn()) {
            feed();
        }
    }

    // Data that is consumed as it comes needs no buffers, however many other flows hold.
    private boolean canGoOn() {
        return queue.hasRoom() || queue.isEmpty() && application.takesData();
    }

    private void feed() {
        starved = false;
        starvedDeadlineNs = NO_DEADLINE;
        ackNow = true;
    }

    // The packet is held by the caller or by the queue; so release(), which a callback may bring about, waits for its
    // end.
    private int deliver(final long packet, final int offset, final int lengthBytes) {
        delivering = true;
        try {
            return deliverRuns(packet, offset, lengthBytes);
        } finally {
            delivering = false;
            if (!connection.isOpen()) {
                release();
            }
        }
    }

    // Runs of a packet's frame, head first. The bounds were checked against the frame when it was parsed.
    private int deliverRuns(final long packet, final int offset, final int lengthBytes) {
        final int index = PacketHandle.index(packet);
        final int slices = packets.sliceCount(index);
        long part = packet;
        int skip = offset;
        int done = 0;
        for (int slice = 0; done < lengthBytes; slice++) {
            final int partBytes = PacketHandle.lengthBytes(part);
            if (skip < partBytes) {
                final int run = Math.min(partBytes - skip, lengthBytes - done);
                final int consumed = application.deliver(packets.address(part) + skip, run);
                done += consumed;
                if (consumed < run || !connection.isOpen() || !application.takesData()) {
                    break;
                }
                skip = 0;
            } else {
                skip -= partBytes;
            }
            if (slice == slices) {
                break;
            }
            part = packets.slice(index, slice);
        }
        return done;
    }

    // -- acknowledgments

    /** An acknowledgment is owed at once. */
    void acknowledgeNow() {
        ackNow = true;
    }

    /** Pure acknowledgments to be sent now; arms the delay for one that can wait. */
    int acksDue(final long nowNs) {
        if (duplicateAcks > 0) {
            return duplicateAcks;
        }
        final int unacknowledged = SeqNum.distance(lastAckSent, next);
        final boolean prompt = quickAcks > 0 || unacknowledged >= 2 * segmentBytes;
        if (ackNow || unacknowledged > 0 && prompt || windowUpdateDue()) {
            return 1;
        }
        if (unacknowledged > 0 && delayedAckDeadlineNs == NO_DEADLINE) {
            delayedAckDeadlineNs = nowNs + delayedAckNs;
        }
        return 0;
    }

    private boolean windowUpdateDue() {
        // Before any data the SYN's window will do: the first acknowledgment widens it.
        return next != firstOctet && !finPassed && windowGain() >= Math.min(limitBytes / 2, 2 * segmentBytes);
    }

    private int windowGain() {
        final int free = starved ? 0 : Math.max(0, limitBytes - queue.bytes());
        return SeqNum.distance(promised, SeqNum.add(next, free));
    }

    /** The window field of a segment that is about to be sent; moves the promised edge. */
    int advertise() {
        if (windowGain() >= Math.min(limitBytes / 2, segmentBytes)) {
            promised = SeqNum.add(next, limitBytes - queue.bytes());
        }
        final int field = starved ? 0 : Math.min(windowBytes() >>> windowScale, MAX_WINDOW_FIELD);
        if (field == 0 != zeroWindow && !finPassed) {
            zeroWindow = field == 0;
            counters.increment(zeroWindow ? TcpCounter.TO_ZERO_WINDOW : TcpCounter.FROM_ZERO_WINDOW);
        }
        return field;
    }

    /** A segment that acknowledges all was sent, alone or with data. */
    void onAckSent(final boolean withData) {
        if (withData) {
            // A dialogue: acknowledgments will find data to go with.
            quickAcks = 0;
        } else if (quickAcks > 0 && lastAckSent != next) {
            quickAcks--;
        }
        lastAckSent = next;
        ackNow = false;
        delayedAckDeadlineNs = NO_DEADLINE;
    }

    /** One of several acknowledgments due was sent. */
    void onDuplicateAckSent() {
        if (duplicateAcks > 0) {
            duplicateAcks--;
        }
    }

    /** The application asks for acknowledgments without delay, or with. */
    void quickAck(final boolean on) {
        quickAcks = on ? connection.config().getInt(TcpSetting.QUICK_ACKS) : 0;
        ackNow |= on && lastAckSent != next;
    }

    void info(final TcpInfo into) {
        into.set(TcpInfo.Field.RCV_WND, Math.max(0, windowBytes()));
        into.set(TcpInfo.Field.RCV_WSCALE, windowScale);
        into.set(TcpInfo.Field.RCV_MSS, segmentBytes);
    }

    long nextDeadlineNs() {
        return Math.min(delayedAckDeadlineNs, starvedDeadlineNs);
    }

    void onTimer(final long nowNs) {
        if (delayedAckDeadlineNs <= nowNs) {
            delayedAckDeadlineNs = NO_DEADLINE;
            ackNow = true;
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
        if (delivering) {
            return;
        }
        queue.clear();
        reassembler.clear();
        delayedAckDeadlineNs = NO_DEADLINE;
        starvedDeadlineNs = NO_DEADLINE;
    }
}
