package io.netchannel.tcpip.tcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;

/**
 * The sending half of a connection: the SND variables, what may be sent and when, and the timer that watches over it.
 *
 * <pre>
 *   acknowledged      in flight        written, not sent
 *  -------------|------------------|----------------------|
 *            SND.UNA    ^       SND.MAX                 end of the queue, where FIN will be
 *                    SND.NXT
 * </pre>
 * SND.NXT is where the next segment begins. It equals SND.MAX but after a timeout, which takes it back to SND.UNA: then
 * all is sent again, as the congestion window opens, skipping what acknowledgments turn out to cover (go-back).
 *
 * <p>One deadline serves retransmission and persist, of which at most one is due: the first while something is in
 * flight, the second while something waits that the window or silly window avoidance holds back and nothing is in
 * flight, so that no acknowledgment would ever move it. Whenever the queue or a FIN waits, one of the two is armed, or
 * the connection is on the stack's list to be called again: that is why it can't stall.
 *
 * <p>{@link SendPolicy} says how much goes into the next segment; {@link SegmentWriter} builds it. What is left is longer than
 * a file should be, because acknowledgments, emission and the timer all move the same few variables.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TcpSender {

    /** {@link #processAck}: nothing new. */
    static final int OLD_ACK = 0;
    /** Acknowledges something new. */
    static final int NEW_ACK = 1;
    /** Acknowledges what was never sent, or lies too far back (RFC 5961, 5.2). */
    static final int BAD_ACK = 2;

    private final TcpConnection connection;
    private final TcpConfig config;
    private final TcpCounters counters;
    private final SendQueue queue;
    private final RttEstimator rtt;
    private final RttSampler sampler;
    private final CongestionControl congestion;
    private final LossRecovery recovery;
    private final SendPolicy policy = new SendPolicy();
    private final SegmentWriter writer;
    private final AckSample sample;

    private int una;
    private int nxt;
    private int max;
    private int window;
    private int windowUpdateSequence;
    private int windowUpdateAck;
    private int maxWindow;
    private int windowScale;
    private int mssBytes = 536;
    private int queueBase;
    private boolean finQueued;
    private boolean limitedByCongestion;
    private int limitedUntil;
    private long deliveredBytes;

    private long deadlineNs = NO_DEADLINE;
    private boolean persisting;
    private boolean probeDue;
    private boolean retransmitDue;
    private int retries;
    private long lastSentNs;
    // Only the first partial acknowledgment of a recovery restarts the timer ("impatient", RFC 6582, 3.2 (5)), so that
    // a recovery of many losses, one for each round trip, is cut short by a timeout.
    private boolean partialSeen;

    TcpSender(final TcpConnection connection, final TcpStack stack) {
        this.connection = connection;
        this.config = connection.config();
        this.counters = stack.counters();
        this.queue = new SendQueue(stack.pool(), config.getInt(TcpSetting.SEND_BUFFER_BYTES), stack.sendReserveBuffers());
        this.rtt = new RttEstimator(config.get(TcpSetting.INITIAL_RTO_NS), config.get(TcpSetting.MIN_RTO_NS), config.get(TcpSetting.MAX_RTO_NS));
        this.sampler = new RttSampler(connection.timestamps());
        this.congestion = new NewReno(config.getInt(TcpSetting.INITIAL_WINDOW_SEGMENTS));
        this.recovery = new NewRenoRecovery();
        this.writer = stack.writer();
        policy.noDelay(!config.is(TcpSetting.NAGLE));
        this.sample = stack.ackSample();
    }

    /** The SYN has the number {@code initialSequence}. */
    void open(final int initialSequence) {
        una = initialSequence;
        nxt = SeqNum.add(initialSequence, 1);
        max = nxt;
        queueBase = nxt;
    }

    /** The handshake is over. {@code scale} shifts the window fields of all segments to come. */
    void onEstablished(final int scale, final int segmentBytes, final boolean synRetransmitted) {
        windowScale = scale;
        mssBytes = segmentBytes;
        una = queueBase;
        congestion.onSegmentSize(segmentBytes);
        recovery.onEstablished(una);
        rtt.resetBackoff();
        if (synRetransmitted) {
            // RFC 6298, 5.7; RFC 5681, 3.1.
            congestion.onHandshakeLoss();
            rtt.raiseUnsampledRto(3 * config.get(TcpSetting.INITIAL_RTO_NS));
        }
        retries = 0;
        deadlineNs = NO_DEADLINE;
    }

    /** The round-trip time of the handshake. */
    void onHandshakeRtt(final long rttNs) {
        rtt.onSample(rttNs);
    }

    /** The window of the SYN or of the segment that ended the handshake. */
    void initialWindow(final int sequence, final int ack, final int bytes) {
        windowUpdateSequence = sequence;
        windowUpdateAck = ack;
        window = bytes;
        maxWindow = Math.max(maxWindow, bytes);
    }

    SendQueue queue() {
        return queue;
    }

    RttEstimator rtt() {
        return rtt;
    }

    CongestionControl congestion() {
        return congestion;
    }

    LossRecovery recovery() {
        return recovery;
    }

    int una() {
        return una;
    }

    int nxt() {
        return nxt;
    }

    /** The number after the highest sent. */
    int max() {
        return max;
    }

    /** The number of a segment without data: SND.MAX, or the window's edge if the peer has drawn that back. */
    int ackSequence() {
        return SeqNum.min(max, SeqNum.add(una, Math.max(window, 0)));
    }

    int windowBytes() {
        return window;
    }

    int mssBytes() {
        return mssBytes;
    }

    /** FIN follows what is in the queue, to which nothing is added any more. */
    void finish() {
        finQueued = true;
    }

    boolean finQueued() {
        return finQueued;
    }

    boolean finAcknowledged() {
        return finQueued && SeqNum.greaterThan(una, finSequence());
    }

    private int finSequence() {
        return SeqNum.add(queueBase, queue.sizeBytes());
    }

    private boolean finSent() {
        return finQueued && SeqNum.greaterThan(max, finSequence());
    }

    private int flightBytes() {
        return SeqNum.distance(una, max);
    }

    boolean hasFlight() {
        return una != max;
    }

    /** Something is in flight, or waits to be. */
    boolean isBusy() {
        return una != max || queue.sizeBytes() > 0 || finQueued && !finAcknowledged();
    }

    boolean noDelay() {
        return policy.noDelay();
    }

    void noDelay(final boolean on) {
        policy.noDelay(on);
    }

    // -- acknowledgments

    /**
     * RFC 9293, 3.10.7.4, fifth. The segment's sequence number was acceptable; {@code plain} if it has no data, SYN or
     * FIN.
     */
    int processAck(final TcpSegment segment, final boolean plain, final long nowNs) {
        final int ack = segment.acknowledgment();
        if (!isAcceptable(ack)) {
            return BAD_ACK;
        }
        final int offered = segment.window() << windowScale;
        if (SeqNum.lessOrEqual(ack, una)) {
            if (ack == una && plain && offered == window && hasFlight()) {
                onDuplicateAck(nowNs);
            }
            updateWindow(segment.sequence(), ack, offered, nowNs);
            return OLD_ACK;
        }
        onNewAck(ack, segment, nowNs);
        updateWindow(segment.sequence(), ack, offered, nowNs);
        return NEW_ACK;
    }

    /** RFC 5961, 5.2. */
    boolean isAcceptable(final int ack) {
        return SeqNum.lessOrEqual(ack, max) && SeqNum.greaterOrEqual(ack, SeqNum.add(una, -maxWindow));
    }

    private void onDuplicateAck(final long nowNs) {
        final int before = recovery.inflationBytes();
        if (recovery.onDuplicateAck(una, max, mssBytes, congestion, nowNs)) {
            counters.increment(TcpCounter.RECOVERIES);
            counters.increment(TcpCounter.FAST_RETRANSMITS);
            retransmitDue = true;
        } else if (!recovery.inRecovery() && recovery.inflationBytes() > before) {
            counters.increment(TcpCounter.LIMITED_TRANSMITS);
        }
    }

    private void onNewAck(final int ack, final TcpSegment segment, final long nowNs) {
        final int acked = SeqNum.distance(una, ack);
        final int prior = flightBytes();
        final boolean limited = limitedByCongestion;
        limitedByCongestion = limited && SeqNum.lessThan(ack, limitedUntil);
        final int data = Math.min(acked, queue.sizeBytes());
        queue.acknowledge(data);
        queueBase = SeqNum.add(queueBase, data);
        una = ack;
        nxt = SeqNum.max(nxt, ack);
        deliveredBytes += acked;
        final long rttNs = sampler.take(una, segment.options(), nowNs);
        if (rttNs != AckSample.NO_RTT) {
            rtt.onSample(rttNs);
        }
        rtt.resetBackoff();
        retries = 0;
        sample.set(nowNs, acked, prior, deliveredBytes, rttNs, limited);
        policy.onAcknowledged(una);
        final boolean partial = recovery.onAck(una, mssBytes, sample, congestion);
        retransmitDue = partial;
        if (partial) {
            counters.increment(TcpCounter.FAST_RETRANSMITS);
        }
        if (una == max) {
            deadlineNs = NO_DEADLINE;
        } else if (!partial || !partialSeen) {
            deadlineNs = nowNs + rtt.rtoNs();
        }
        partialSeen = partial;
    }

    private void updateWindow(final int sequence, final int ack, final int offered, final long nowNs) {
        final boolean newer = SeqNum.lessThan(windowUpdateSequence, sequence)
                || windowUpdateSequence == sequence && SeqNum.lessOrEqual(windowUpdateAck, ack);
        if (!newer) {
            return;
        }
        windowUpdateSequence = sequence;
        windowUpdateAck = ack;
        maxWindow = Math.max(maxWindow, offered);
        final boolean opened = window == 0 && offered > 0;
        window = offered;
        if (window == 0 && !connection.isOrphan()) {
            // The peer is alive, it just doesn't want more: it may go on so for ever (RFC 9293, 3.8.6.1).
            retries = 0;
        }
        if (opened) {
            onWindowOpened(nowNs);
        }
    }

    private void onWindowOpened(final long nowNs) {
        rtt.resetBackoff();
        retries = 0;
        if (persisting) {
            persisting = false;
            deadlineNs = NO_DEADLINE;
        } else if (hasFlight()) {
            // What was in flight when the window closed was most likely refused: ask at once, not after a backed-off
            // timeout.
            retransmitDue = true;
            deadlineNs = nowNs + rtt.rtoNs();
        }
    }

    // -- emission

    /**
     * Sends what may be sent.
     *
     * @return {@link SegmentWriter#SENT}, or why it had to stop with more to send
     */
    int emit(final long nowNs, final int maxSegments) {
        if (retransmitDue) {
            final int result = retransmitFirst(nowNs);
            if (result != SegmentWriter.SENT) {
                return result;
            }
        }
        if (una == max && isBusy() && nowNs - lastSentNs > rtt.rtoNs()) {
            congestion.onIdle();
        }
        for (int i = 0; i < maxSegments; i++) {
            final int lengthBytes = nextSegment();
            if (lengthBytes == SendPolicy.NOTHING) {
                watch(nowNs);
                return SegmentWriter.SENT;
            }
            final int result = send(lengthBytes, nowNs);
            if (result != SegmentWriter.SENT) {
                return result;
            }
        }
        return TcpConnection.MORE;
    }

    // Payload of the next segment, 0 for a FIN alone; or SendPolicy.NOTHING.
    private int nextSegment() {
        final int position = SeqNum.distance(queueBase, nxt);
        final int waiting = queue.sizeBytes() - position;
        final boolean finDue = finQueued && SeqNum.lessOrEqual(nxt, finSequence());
        if (waiting <= 0 && !finDue) {
            return SendPolicy.NOTHING;
        }
        final int congestionBytes = Math.max(congestion.windowBytes() + recovery.inflationBytes(), mssBytes);
        final int inFlight = SeqNum.distance(una, nxt);
        final boolean retransmission = nxt != max;
        int usable = Math.min(window, congestionBytes) - inFlight;
        if (congestionBytes <= window && congestionBytes - inFlight < Math.min(waiting, mssBytes)) {
            limitedByCongestion = true;
            limitedUntil = max;
        }
        if (retransmission && inFlight == 0 && usable <= 0) {
            // The first segment may always be sent again: that probes a window that has shrunk.
            usable = mssBytes;
        }
        if (waiting <= 0) {
            return usable >= 1 ? 0 : SendPolicy.NOTHING;
        }
        final int largest = Math.min(writer.maxPayloadBytes(connection.path(), mssBytes),
                writer.sliceableBytes(queue, position));
        return policy.segmentBytes(waiting, usable, mssBytes, largest, maxWindow, finDue, retransmission || probeDue);
    }

    private int send(final int lengthBytes, final long nowNs) {
        final int position = SeqNum.distance(queueBase, nxt);
        final boolean last = position + lengthBytes == queue.sizeBytes();
        final boolean fits = lengthBytes == 0 || SeqNum.distance(una, nxt) + lengthBytes < window;
        final boolean fin = finQueued && last && (fits || finSent());
        final int result = connection.sendData(nxt, position, lengthBytes, last, fin, nowNs);
        if (result == SegmentWriter.SENT) {
            onSent(lengthBytes, fin, nowNs);
        }
        return result;
    }

    private void onSent(final int lengthBytes, final boolean fin, final long nowNs) {
        final int start = nxt;
        nxt = SeqNum.add(nxt, lengthBytes + (fin ? 1 : 0));
        lastSentNs = nowNs;
        probeDue = false;
        if (SeqNum.lessThan(start, max)) {
            counters.increment(TcpCounter.SLOW_START_RETRANSMITS);
            onRetransmitted(start, nxt);
        } else {
            policy.onSent(nxt, lengthBytes % mssBytes != 0);
            sampler.onSent(start, nowNs);
        }
        max = SeqNum.max(max, nxt);
        if (persisting || deadlineNs == NO_DEADLINE) {
            persisting = false;
            deadlineNs = nowNs + rtt.rtoNs();
        }
    }

    private void onRetransmitted(final int start, final int end) {
        counters.increment(TcpCounter.RETRANS_SEGS);
        sampler.onRetransmitted(start, end);
    }

    // One segment at SND.UNA, out of turn.
    private int retransmitFirst(final long nowNs) {
        if (!hasFlight()) {
            retransmitDue = false;
            return SegmentWriter.SENT;
        }
        final int sent = Math.min(queue.sizeBytes(), SeqNum.distance(una, max));
        final int lengthBytes = Math.min(Math.min(sent, mssBytes), writer.sliceableBytes(queue, 0));
        final boolean last = lengthBytes == queue.sizeBytes();
        final boolean fin = last && finSent();
        final int result = connection.sendData(una, 0, lengthBytes, last, fin, nowNs);
        if (result == SegmentWriter.SENT) {
            retransmitDue = false;
            lastSentNs = nowNs;
            final int end = SeqNum.add(una, lengthBytes + (fin ? 1 : 0));
            nxt = SeqNum.max(nxt, end);
            onRetransmitted(una, end);
        }
        return result;
    }

    // Nothing more can be sent now: who will wake this sender up?
    private void watch(final long nowNs) {
        if (hasFlight()) {
            if (deadlineNs == NO_DEADLINE) {
                deadlineNs = nowNs + rtt.rtoNs();
            }
        } else if (isBusy()) {
            if (deadlineNs == NO_DEADLINE) {
                persisting = true;
                deadlineNs = nowNs + rtt.rtoNs();
            }
        } else {
            deadlineNs = NO_DEADLINE;
            persisting = false;
        }
    }

    // -- timer

    long nextDeadlineNs() {
        return deadlineNs;
    }

    /** Retransmission of the SYN is the connection's; it uses this timer. */
    void armHandshake(final long nowNs) {
        deadlineNs = nowNs + rtt.rtoNs();
    }

    /** @return false if the peer has been silent for too long: the connection is dead */
    boolean onTimer(final long nowNs) {
        if (nowNs < deadlineNs) {
            return true;
        }
        if (++retries > (connection.isOrphan() ? config.getInt(TcpSetting.ORPHAN_RETRIES) : config.getInt(TcpSetting.RETRIES))) {
            return false;
        }
        if (persisting) {
            rtt.backOff();
            deadlineNs = nowNs + rtt.rtoNs();
            probeDue = true;
            return true;
        }
        counters.increment(TcpCounter.TIMEOUTS);
        congestion.onTimeout(flightBytes(), retries > 1, nowNs);
        recovery.onTimeout(max);
        rtt.backOff();
        retransmitDue = false;
        sampler.cancel();
        nxt = una;
        deadlineNs = nowNs + rtt.rtoNs();
        return true;
    }

    /** @return whether a window probe is to be sent: the window is shut, so no data went out in its stead */
    boolean takeProbe() {
        final boolean due = probeDue && !hasFlight();
        probeDue = false;
        return due;
    }

    /** A segment was too big for the path: cut smaller ones, and send what was lost again at once (RFC 1191, 6.4). */
    void onSegmentSize(final int segmentBytes) {
        if (segmentBytes >= mssBytes) {
            return;
        }
        mssBytes = segmentBytes;
        congestion.onSegmentSize(segmentBytes);
        sampler.cancel();
        nxt = una;
    }

    void info(final TcpInfo into) {
        into.set(TcpInfo.Field.SND_WND, window);
        into.set(TcpInfo.Field.SND_WSCALE, windowScale);
        into.set(TcpInfo.Field.SND_MSS, mssBytes);
        into.set(TcpInfo.Field.RTO, rtt.rtoNs() / 1_000);
        into.set(TcpInfo.Field.SND_CWND, congestion.windowBytes() / mssBytes);
        into.set(TcpInfo.Field.SND_SSTHRESH, congestion.slowStartThresholdBytes() / mssBytes);
    }

    /** The connection is gone. */
    void release() {
        queue.clear();
        deadlineNs = NO_DEADLINE;
    }
}
