package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.tcpip.tcp.recovery.Acknowledgment;
import io.netchannel.tcpip.tcp.recovery.CaState;
import io.netchannel.tcpip.tcp.recovery.Flight;
import io.netchannel.tcpip.tcp.recovery.LossRecovery;

/**
 * What an acknowledgment of the peer's means for what was sent: takes notes, and {@link TcpSender#emit} sends.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class AckProcessor {

    /** {@link #process}: nothing new. */
    static final int OLD_ACK = 0;
    /** Acknowledges something new. */
    static final int NEW_ACK = 1;
    /** Acknowledges what was never sent, or lies too far back (RFC 5961, 5.2). */
    static final int BAD_ACK = 2;

    private final TcpSender sender;
    private final TcpConnection connection;
    private final SendParts parts;
    private final Flight flight;
    private final LossRecovery recovery;
    private final SendWindow window;
    private final SegmentSize size;
    private final SenderInfo info;
    private final TcpCounters counters;
    // The stack's, of the acknowledgment under way.
    private final Acknowledgment acknowledgment;

    private long ackedBytes;
    private long lastHeardNs;

    AckProcessor(final TcpSender sender, final TcpConnection connection, final SendParts parts, final SegmentSize size,
            final SenderInfo info) {
        this.sender = sender;
        this.connection = connection;
        this.parts = parts;
        this.flight = parts.flight;
        this.recovery = parts.recovery;
        this.window = parts.window;
        this.size = size;
        this.info = info;
        this.counters = connection.counters();
        this.acknowledgment = connection.stack().acknowledgment();
    }

    void onEstablished(final long nowNs) {
        lastHeardNs = nowNs;
    }

    /** Sequence numbers that the peer has acknowledged. */
    long ackedBytes() {
        return ackedBytes;
    }

    /** When an acknowledgment last came. */
    long lastHeardNs() {
        return lastHeardNs;
    }

    /**
     * RFC 9293, 3.10.7.4, fifth. The segment's sequence number was acceptable; {@code plain} if it has no data, SYN or
     * FIN.
     */
    int process(final TcpSegment segment, final boolean plain, final long nowNs) {
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
            sender.emit(nowNs, Integer.MAX_VALUE);
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
        sender.drop(ack);
        parts.policy.onAcknowledged(ack);
    }

    private void onWindow(final long nowNs) {
        if (window.maxBytes() != flight.maxWindowBytes()) {
            flight.maxWindowBytes(window.maxBytes());
            size.sync();
        }
        if (sender.hasUnsent()) {
            parts.usage.onStart(nowNs);
        }
    }

    private void onIdleAck(final long nowNs) {
        if (sender.hasUnsent()) {
            final int first = Math.max(Math.min(sender.unsentBytes(), size.mssBytes()), 1);
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
        sender.buffer().onAcknowledgment();
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        ackedBytes = image.of(ackedBytes);
        lastHeardNs = image.of(lastHeardNs);
    }
}
