package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import io.netchannel.tcpip.tcp.congestion.CongestionWindow;
import io.netchannel.tcpip.tcp.recovery.Acknowledgment;
import io.netchannel.tcpip.tcp.recovery.CaState;
import io.netchannel.tcpip.tcp.recovery.Flight;
import io.netchannel.tcpip.tcp.recovery.LossRecovery;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer.Purpose;
import io.netchannel.tcpip.tcp.recovery.RttEstimator;

/**
 * The sending half of a connection: brings its parts together.
 *
 * <pre>
 *   acknowledged      in flight        written, not sent
 *  -------------|------------------|----------------------|
 *            SND.UNA            SND.NXT                    end of the queue, where FIN will be
 *
 *   acknowledgment ──▶ SendWindow ──▶ LossRecovery (package recovery) ──▶ congestion control
 *   timer ───────────▶ LossRecovery, WindowProbe, RetryLimit
 *   emit ────────────▶ Retransmission, then Transmission: SendPolicy, Pacing, MtuProbe, WindowUsage
 * </pre>
 * Acknowledgments and timers only take notes; {@link #emit} sends. One {@link RetransmissionTimer} watches: while
 * something is in flight, for the peer's acknowledgment; while something waits and nothing is in flight, for the peer's
 * window. Whenever the queue or a FIN waits, it is armed, or pacing's time is, or the connection is on the stack's list to
 * be called again: that is why it can't stall.
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

    private static final long FALLBACK_RTO_FACTOR = 3;

    private final TcpConnection connection;
    private final TcpConfig config;
    private final FlowSettings settings;
    private final TcpCounters counters;
    private final SendQueue queue;
    private final SendParts parts;
    private final Flight flight;
    private final LossRecovery recovery;
    private final RetransmissionTimer timer;
    private final SendWindow window;
    private final Transmission transmission;
    private final Retransmission retransmission;
    private final FrameSizes frames;
    private final Acknowledgment acknowledgment;
    private final SenderInfo info;
    private final SendTimeouts timeouts;
    private final SendBuffer buffer;
    private final SegmentSize size;

    // The number of the queue's first byte.
    private int queueBase;
    private boolean finQueued;
    private CongestionAlgorithm algorithm;
    private boolean pushDue;

    private long ackedBytes;
    private long lastHeardNs;

    TcpSender(final TcpConnection connection, final TcpStack stack) {
        this.connection = connection;
        this.settings = connection.settings();
        this.config = settings.config;
        this.counters = stack.counters();
        this.queue = new SendQueue(stack.pool(), stack.sendReserveBuffers());
        this.algorithm = settings.congestionAlgorithm;
        this.parts = new SendParts(settings, algorithm.create().apply(config), counters);
        this.flight = parts.flight;
        this.recovery = parts.recovery;
        this.timer = parts.timer;
        this.window = parts.window;
        this.size = new SegmentSize(parts, config);
        this.buffer = new SendBuffer(connection, queue, flight);
        this.frames = new FrameSizes(connection, stack.writer(), queue);
        this.acknowledgment = stack.acknowledgment();
        this.transmission = new Transmission(this, parts);
        this.retransmission = new Retransmission(this, parts, transmission, counters);
        this.info = new SenderInfo(this, parts, transmission, settings);
        this.timeouts = new SendTimeouts(this, connection, parts, transmission, retransmission, info);
    }

    // -- opening

    /** The SYN has the number {@code initialSequence}. */
    void open(final int initialSequence) {
        queueBase = SeqNum.add(initialSequence, 1);
        flight.begin(queueBase, false);
        flight.openAt(initialSequence);
    }

    /**
     * The handshake is over.
     *
     * @param scale shifts the window fields of all segments to come
     * @param segmentBytes payload of a full segment, as the peer and the path say
     * @param synRetransmits of our SYN, or SYN,ACK
     */
    void onEstablished(final int scale, final int segmentBytes, final boolean sackPermitted,
            final int synRetransmits) {
        final long nowNs = connection.stack().nowNs();
        final CongestionWindow congestion = flight.window();
        window.scale(scale);
        size.begin(segmentBytes, connection.timestamps().optionBytes());
        parts.mtu.begin(segmentBytes + size.optionBytes(), connection.path().networkHeaderBytes(), nowNs);
        flight.begin(queueBase, sackPermitted);
        transmission.begin(queueBase);
        timer.cancel();
        // RFC 5681, 3.1; once is nothing, since the timeout became as short as a second (as in Linux).
        congestion.segments(synRetransmits > 1 ? 1 : config.getInt(TcpSetting.INITIAL_WINDOW_SEGMENTS));
        if (synRetransmits > 0) {
            // RFC 6298, 5.7.
            parts.rtt.fallBack(FALLBACK_RTO_FACTOR * config.get(TcpSetting.INITIAL_RTO_NS));
        }
        parts.rtt.resetBackoff();
        parts.usage.begin(queueBase, nowNs);
        lastHeardNs = nowNs;
        size.sync();
        flight.congestion().onEstablished(congestion, nowNs);
        parts.pacing.update();
    }

    /** The round-trip time of the handshake. */
    void onHandshakeRtt(final long rttNs) {
        flight.onHandshakeRtt(rttNs, connection.stack().nowNs());
        parts.pacing.update();
    }

    /** The window of the SYN or of the segment that ended the handshake. */
    void initialWindow(final int sequence, final int ack, final int bytes) {
        window.begin(sequence, ack, bytes);
        flight.maxWindowBytes(window.maxBytes());
        size.sync();
    }

    /** Both sides have agreed on ECN (RFC 3168, 6.1.1). */
    void enableEcn() {
        flight.enableEcn();
    }

    // -- what others ask

    SendQueue queue() {
        return queue;
    }

    SendBuffer buffer() {
        return buffer;
    }

    RttEstimator rtt() {
        return parts.rtt;
    }

    Flight flight() {
        return flight;
    }

    int una() {
        return flight.una();
    }

    /** The number after the highest sent. */
    int nxt() {
        return flight.nxt();
    }

    /** The number of a segment without data: SND.NXT, or the window's edge if the peer has drawn that back. */
    int ackSequence() {
        return window.roomBytes(flight.nxt()) >= 0 ? flight.nxt() : SeqNum.max(window.end(), flight.una());
    }

    int windowBytes() {
        return window.bytes();
    }

    SegmentSize size() {
        return size;
    }

    int mssBytes() {
        return size.mssBytes();
    }

    long ackedBytes() {
        return ackedBytes;
    }

    long lastHeardNs() {
        return lastHeardNs;
    }

    /** FIN follows what is in the queue, to which nothing is added any more. */
    void finish() {
        finQueued = true;
    }

    /** There will be no FIN, unless it is on its way already. */
    void withdrawFin() {
        finQueued &= SeqNum.greaterThan(flight.nxt(), finSequence());
    }

    boolean finQueued() {
        return finQueued;
    }

    boolean finAcknowledged() {
        return finQueued && SeqNum.greaterThan(flight.una(), finSequence());
    }

    private int finSequence() {
        return SeqNum.add(queueBase, queue.sizeBytes());
    }

    /** Something is in flight, or waits to be. */
    boolean isBusy() {
        return flight.una() != flight.nxt() || hasUnsent();
    }

    /** Where the byte of a number stands in the queue. */
    int positionOf(final int sequence) {
        return SeqNum.distance(queueBase, sequence);
    }

    /** Bytes written and never sent. */
    int unsentBytes() {
        return Math.max(queue.sizeBytes() - positionOf(flight.nxt()), 0);
    }

    /** Bytes, or a FIN, wait to be sent. */
    boolean hasUnsent() {
        return unsentBytes() > 0 || finQueued && SeqNum.lessOrEqual(flight.nxt(), finSequence());
    }

    boolean writerWaits() {
        return connection.application().waitsForRoom();
    }

    FrameSizes frames() {
        return frames;
    }

    int write(final int sequence, final int lengthBytes, final int mss, final int flags, final boolean ecnCapable,
            final long nowNs) {
        return connection.output().data(sequence, positionOf(sequence), lengthBytes, mss, flags, ecnCapable, nowNs);
    }

    SendPolicy policy() {
        return parts.policy;
    }

    void noDelay(final boolean on) {
        parts.policy.noDelay(on);
        // What waits goes at once, corked or not (as in Linux).
        pushDue |= on && hasUnsent();
    }

    // -- acknowledgments

    /**
     * RFC 9293, 3.10.7.4, fifth. The segment's sequence number was acceptable; {@code plain} if it has no data, SYN or
     * FIN.
     */
    int processAck(final TcpSegment segment, final boolean plain, final long nowNs) {
        sendBeforeLoss(segment, nowNs);
        final int ack = segment.acknowledgment();
        final int una = flight.una();
        if (!isAcceptable(ack)) {
            return BAD_ACK;
        }
        final boolean marked = flight.ecn() && segment.has(ECE) && !segment.has(SYN);
        final int base = (plain ? 0 : Acknowledgment.DATA) | (marked ? Acknowledgment.ECN_ECHO : 0);
        if (SeqNum.lessThan(ack, una)) {
            reset(segment, base, nowNs);
            recovery.onOldAcknowledgment(acknowledgment);
            return OLD_ACK;
        }
        final boolean advances = ack != una;
        final boolean idle = flight.packetsOut() == 0;
        int flags = base | (advances ? Acknowledgment.ADVANCES : 0);
        if (window.update(segment, ack, advances)) {
            flags |= Acknowledgment.WINDOW_UPDATE;
            onWindow(nowNs);
        }
        lastHeardNs = nowNs;
        parts.windowProbe.onHeard();
        parts.policy.onHeard();
        reset(segment, flags, nowNs);
        parts.usage.complete(acknowledgment.sample);
        if (advances) {
            acknowledge(una, ack);
        }
        recovery.onAcknowledgment(acknowledgment);
        if (idle) {
            onIdleAck(nowNs);
        } else {
            afterAck(nowNs);
        }
        return advances ? NEW_ACK : OLD_ACK;
    }

    // What earlier acknowledgments of this turn have made room for goes before one that may tell of a loss: recovery is
    // about what is in flight by then, and loss in what goes later is another congestion event.
    private void sendBeforeLoss(final TcpSegment segment, final long nowNs) {
        if (segment.options().sackBlocks() > 0 && flight.state().isBelow(CaState.CWR) && flight.packetsOut() > 0) {
            emit(nowNs, Integer.MAX_VALUE);
        }
    }

    /** RFC 5961, 5.2. */
    boolean isAcceptable(final int ack) {
        final int back = (int) Math.min(window.maxBytes(), ackedBytes + 1);
        return SeqNum.lessOrEqual(ack, flight.nxt()) && SeqNum.greaterOrEqual(ack, SeqNum.add(flight.una(), -back));
    }

    private void reset(final TcpSegment segment, final int flags, final long nowNs) {
        acknowledgment.reset(segment.acknowledgment(), flight.una(), segment.options(), flags, nowNs);
        final TcpTimestamps timestamps = connection.timestamps();
        if (timestamps.enabled() && segment.options().hasTimestamps()) {
            final long ticks = timestamps.elapsedTicks(segment.options().timestampEcho(), nowNs);
            if (ticks >= 0) {
                acknowledgment.echo(ticks);
            }
        }
    }

    private void acknowledge(final int una, final int ack) {
        final int acked = SeqNum.distance(una, ack);
        ackedBytes += acked;
        final int data = Math.min(SeqNum.distance(queueBase, ack), queue.sizeBytes());
        queue.acknowledge(data);
        queueBase = SeqNum.add(queueBase, data);
        parts.policy.onAcknowledged(ack);
    }

    private void onWindow(final long nowNs) {
        if (window.maxBytes() != flight.maxWindowBytes()) {
            flight.maxWindowBytes(window.maxBytes());
            size.sync();
        }
        if (hasUnsent()) {
            parts.usage.onStart(nowNs);
        }
    }

    private void onIdleAck(final long nowNs) {
        if (hasUnsent()) {
            final int first = Math.max(Math.min(unsentBytes(), size.mssBytes()), 1);
            parts.windowProbe.onWindow(first <= window.roomBytes(flight.nxt()), nowNs);
        }
    }

    private void afterAck(final long nowNs) {
        if (flight.mtuProbe().isUnderWay() && parts.mtu.onAcknowledgment(size.mssBytes(), size.optionBytes())) {
            counters.increment(TcpCounter.MTU_PROBE_SUCCESS);
            size.sync();
        } else if (flight.mtuProbe().takeLost()) {
            parts.mtu.onFailure();
        }
        info.onAcknowledgment(nowNs);
        parts.pacing.update();
        buffer.onAcknowledgment();
    }

    // -- emission

    /**
     * Sends what may be sent.
     *
     * @return {@link SegmentWriter#SENT}, or why it had to stop with more to send
     */
    int emit(final long nowNs, final int maxSegments) {
        applySettings(nowNs);
        parts.pacing.beginTurn();
        int result = timeouts.sendDue(nowNs);
        if (result == SegmentWriter.SENT && recovery.due() != LossRecovery.NOTHING_DUE) {
            result = recover(maxSegments, nowNs);
        }
        if (result != SegmentWriter.SENT) {
            return result;
        }
        if (flight.packetsOut() == 0 && hasUnsent() && timer.purpose() != Purpose.WINDOW_PROBE) {
            parts.usage.onStart(nowNs);
        }
        result = transmission.push(maxSegments, pushDue, nowNs);
        pushDue = false;
        if (flight.packetsOut() == 0 && hasUnsent() && result == SegmentWriter.SENT) {
            parts.windowProbe.watch(nowNs);
        }
        return result;
    }

    private int recover(final int budget, final long nowNs) {
        if (recovery.due() == LossRecovery.NEW_DUE) {
            final int result = transmission.push(budget, true, nowNs);
            if (recovery.sentNewData()) {
                recovery.done();
                return result;
            }
            if (result != SegmentWriter.SENT) {
                return result;
            }
            recovery.endDoubt();
        }
        final int result = retransmission.queue(budget, nowNs);
        if (result == SegmentWriter.SENT) {
            recovery.done();
        }
        return result == TcpConnection.MORE && parts.pacing.isWaiting() ? SegmentWriter.SENT : result;
    }

    private void applySettings(final long nowNs) {
        if (settings.congestionAlgorithm != algorithm) {
            algorithm = settings.congestionAlgorithm;
            flight.congestion(algorithm.create().apply(config));
            flight.congestion().onEstablished(flight.window(), nowNs);
        }
    }

    /** @return whether a window probe without data is to be sent: the window is shut */
    boolean takeProbe() {
        return timeouts.takeProbe() && flight.packetsOut() == 0;
    }

    // -- timer

    long nextDeadlineNs() {
        return Math.min(timer.deadlineNs(), parts.pacing.deadlineNs());
    }

    /** Retransmission of the SYN is the connection's; it uses this timer. */
    void armHandshake(final long nowNs) {
        timer.arm(Purpose.RETRANSMIT, parts.rtt.rtoNs(), nowNs);
    }

    /** @return false if the peer has been silent for too long: the connection is dead */
    boolean onTimer(final long nowNs) {
        return timeouts.onTimer(nowNs);
    }

    // -- segment size

    /** A segment was too big for the path: cut smaller ones, and send what was lost again at once (RFC 1191, 6.4). */
    void onSegmentSize(final int segmentBytes) {
        if (segmentBytes >= size.pathMssBytes()) {
            return;
        }
        final int headers = size.optionBytes() + connection.path().networkHeaderBytes() + MIN_HEADER_BYTES;
        parts.mtu.onPathMtu(segmentBytes + headers);
        final int before = size.mssBytes();
        size.limit(segmentBytes);
        if (size.mssBytes() < before && flight.packetsOut() > 0) {
            recovery.retransmitLarger(size.mssBytes());
        }
    }

    // -- end

    void info(final TcpInfo into) {
        info.fill(into, connection.stack().nowNs());
    }

    /** The connection is gone. */
    void release() {
        queue.clear();
        timer.cancel();
        parts.pacing.beginTurn();
    }

    /** Whether it holds nothing that an idle connection needs. */
    boolean isAtRest() {
        return !isBusy() && !finQueued && !pushDue && !queue.holdsBuffers()
                && settings.congestionAlgorithm == algorithm;
    }

    /** See {@link ConnectionImage}. @return as {@link SendParts#keep} */
    boolean keep(final ConnectionImage image) {
        queueBase = image.sequence(queueBase);
        ackedBytes = image.of(ackedBytes);
        lastHeardNs = image.of(lastHeardNs);
        size.keep(image);
        buffer.keep(image);
        transmission.keep(image);
        info.keep(image);
        timeouts.keep(image);
        return parts.keep(image);
    }
}
