package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import io.netchannel.tcpip.tcp.congestion.CongestionWindow;
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
 *   AckProcessor ────▶ SendWindow ──▶ LossRecovery (package recovery) ──▶ congestion control
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

    private static final long FALLBACK_RTO_FACTOR = 3;

    private final TcpConnection connection;
    private final TcpConfig config;
    private final FlowSettings settings;
    private final SendQueue queue;
    private final SendParts parts;
    private final Flight flight;
    private final LossRecovery recovery;
    private final RetransmissionTimer timer;
    private final SendWindow window;
    private final Transmission transmission;
    private final Retransmission retransmission;
    private final FrameSizes frames;
    private final AckProcessor acks;
    private final SenderInfo info;
    private final SendTimeouts timeouts;
    private final SendBuffer buffer;
    private final SegmentSize size;

    // The number of the queue's first byte.
    private int queueBase;
    private boolean finQueued;
    private CongestionAlgorithm algorithm;
    private boolean pushDue;

    TcpSender(final TcpConnection connection, final TcpStack stack) {
        this.connection = connection;
        this.settings = connection.settings();
        this.config = settings.config;
        this.queue = new SendQueue(stack.pool(), stack.sendReserveBuffers());
        this.algorithm = settings.congestionAlgorithm;
        this.parts = new SendParts(settings, algorithm.create().apply(config), stack.counters());
        this.flight = parts.flight;
        this.recovery = parts.recovery;
        this.timer = parts.timer;
        this.window = parts.window;
        this.size = new SegmentSize(parts, config);
        this.buffer = new SendBuffer(connection, queue, flight);
        this.frames = new FrameSizes(connection, stack.writer(), queue);
        this.transmission = new Transmission(this, parts);
        this.retransmission = new Retransmission(this, parts, transmission, stack.counters());
        this.info = new SenderInfo(this, parts, transmission, settings);
        this.acks = new AckProcessor(this, connection, parts, size, info);
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
        acks.onEstablished(nowNs);
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

    AckProcessor acks() {
        return acks;
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

    /** All before {@code ack} has arrived: it is sent no more. */
    void drop(final int ack) {
        final int bytes = Math.min(SeqNum.distance(queueBase, ack), queue.sizeBytes());
        queue.acknowledge(bytes);
        queueBase = SeqNum.add(queueBase, bytes);
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
        acks.keep(image);
        size.keep(image);
        buffer.keep(image);
        transmission.keep(image);
        info.keep(image);
        timeouts.keep(image);
        return parts.keep(image);
    }
}
