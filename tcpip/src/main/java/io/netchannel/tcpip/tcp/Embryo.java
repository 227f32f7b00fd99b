package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.tcpip.ip.Path;

/**
 * A connection in SYN-RECEIVED that came from a listener: what the SYN said, and no buffers.
 *
 * <p>Answers the SYN, again when the peer is silent or repeats it, and becomes a {@link TcpConnection} with the ACK.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Embryo extends TcpEndpoint {

    private static final long LINK_RETRY_NS = 10_000_000;

    private final TcpStack stack;
    private final TcpListener listener;
    private final TcpTimestamps timestamps;
    private final Timer timer = new EmbryoTimer();
    private final int peerSequence;
    private final int initialSequence;
    private final int peerMssBytes;
    private final int peerScale;
    private int retransmits;
    private long sentAtNs;
    private boolean answered;

    // The listener's list, oldest first.
    Embryo previous;
    Embryo next;

    Embryo(final TcpStack stack, final TcpListener listener, final Path path, final TcpSegment syn, final long nowNs) {
        super(path, syn.destinationPort(), syn.sourcePort());
        this.stack = stack;
        this.listener = listener;
        this.peerSequence = syn.sequence();
        this.peerMssBytes = syn.options().mssBytes();
        this.peerScale = listener.config().is(TcpSetting.WINDOW_SCALING) ? syn.options().windowScale() : TcpOptions.ABSENT;
        this.timestamps = new TcpTimestamps(stack.random().timestampOffset(this));
        if (listener.config().is(TcpSetting.TIMESTAMPS) && syn.options().hasTimestamps()) {
            timestamps.enable(syn.options().timestampValue(), nowNs);
        }
        final int generated = stack.random().initialSequence(this, nowNs);
        this.initialSequence = stack.firstSequence(generated);
    }

    int peerSequence() {
        return peerSequence;
    }

    int initialSequence() {
        return initialSequence;
    }

    int peerMssBytes() {
        return peerMssBytes;
    }

    /** {@link TcpOptions#ABSENT} without scaling. */
    int peerScale() {
        return peerScale;
    }

    boolean hasTimestamps() {
        return timestamps.enabled();
    }

    int timestampRecent() {
        return timestamps.recent();
    }

    int retransmits() {
        return retransmits;
    }

    long sentAtNs() {
        return sentAtNs;
    }

    /** The window that our SYN has offered. */
    int windowField() {
        return stack.synWindow(listener.config());
    }

    /** Sends SYN,ACK, and again later if it couldn't be sent now. */
    void answer(final long nowNs) {
        final int sent = sendSynAck(nowNs);
        final TcpConfig config = listener.config();
        if (sent == SegmentWriter.SENT) {
            answered = true;
            sentAtNs = nowNs;
            final long rtoNs = Math.min(config.get(TcpSetting.INITIAL_RTO_NS) << Math.min(retransmits, 16), config.get(TcpSetting.MAX_RTO_NS));
            stack.timers().schedule(timer, nowNs + rtoNs);
        } else {
            stack.timers().schedule(timer, nowNs + LINK_RETRY_NS);
        }
    }

    private int sendSynAck(final long nowNs) {
        final SegmentWriter writer = stack.writer();
        final int begun = writer.begin(this, initialSequence, SeqNum.add(peerSequence, 1), SYN | ACK);
        if (begun != SegmentWriter.SENT) {
            return begun;
        }
        writer.window(windowField());
        writer.mssOption(MaxSegmentSize.toReceive(path()));
        if (peerScale != TcpOptions.ABSENT) {
            writer.windowScaleOption(stack.windowScale(listener.config()));
        }
        if (timestamps.enabled()) {
            writer.timestampsOption(timestamps.value(nowNs), timestamps.recent());
        }
        return writer.send(nowNs);
    }

    private void onTimer(final long nowNs) {
        if (answered) {
            if (retransmits == listener.config().getInt(TcpSetting.SYN_ACK_RETRIES)) {
                stack.counters().increment(TcpCounter.ATTEMPT_FAILS);
                leave();
                return;
            }
            retransmits++;
            stack.counters().increment(TcpCounter.SYN_RETRANSMITS);
        }
        answered = false;
        answer(nowNs);
    }

    @Override
    boolean process(final TcpSegment segment, final long nowNs) {
        final int expected = SeqNum.add(peerSequence, 1);
        if (segment.has(RST)) {
            reset(segment, expected, nowNs);
            return false;
        }
        if (segment.has(SYN)) {
            if (!segment.has(ACK) && segment.sequence() == peerSequence) {
                // The peer repeats its SYN: our answer was lost, most likely. Its own timer bounds how often.
                sendSynAck(nowNs);
            } else if (stack.mayChallenge(nowNs)) {
                acknowledge(nowNs);
            }
            return false;
        }
        if (!segment.has(ACK)) {
            stack.counters().increment(TcpCounter.IN_UNEXPECTED_FLAGS);
            return false;
        }
        if (segment.acknowledgment() != SeqNum.add(initialSequence, 1)) {
            // RFC 9293, 3.10.7.4, fifth.
            stack.counters().increment(TcpCounter.ACK_UNACCEPTABLE);
            stack.reset(segment, nowNs);
            return false;
        }
        if (isOld(segment, nowNs) || !SeqNum.inWindow(segment.sequence(), expected, windowField() + 1)) {
            stack.counters().increment(TcpCounter.OUT_OF_WINDOW);
            if (stack.mayChallenge(nowNs)) {
                acknowledge(nowNs);
            }
            return false;
        }
        return grow(segment, nowNs);
    }

    private boolean isOld(final TcpSegment segment, final long nowNs) {
        return timestamps.enabled() && segment.options().hasTimestamps()
                && timestamps.isOld(segment.options().timestampValue(), nowNs);
    }

    private void reset(final TcpSegment segment, final int expected, final long nowNs) {
        stack.counters().increment(TcpCounter.IN_RSTS);
        if (segment.sequence() == expected) {
            stack.counters().increment(TcpCounter.ATTEMPT_FAILS);
            leave();
        } else if (SeqNum.inWindow(segment.sequence(), expected, windowField()) && stack.mayChallenge(nowNs)) {
            acknowledge(nowNs);
        }
    }

    private void acknowledge(final long nowNs) {
        stack.writer().sendPlain(this, SeqNum.add(initialSequence, 1), SeqNum.add(peerSequence, 1), ACK, nowNs);
    }

    private boolean grow(final TcpSegment segment, final long nowNs) {
        if (!listener.hasRoom()) {
            // The application doesn't accept: the peer's data, or our timer, brings the ACK again.
            stack.counters().increment(TcpCounter.LISTEN_OVERFLOWS);
            return false;
        }
        final TcpConnection connection = new TcpConnection(stack, listener.config(), path(), localPort(), remotePort());
        stack.flows().replace(this, connection);
        stack.addLive(connection);
        leave();
        connection.openPassive(this, segment, nowNs);
        listener.established(connection, nowNs);
        return connection.isOpen() && connection.process(segment, nowNs);
    }

    private void leave() {
        stack.timers().cancel(timer);
        listener.remove(this);
        stack.flows().remove(this);
    }

    @Override
    void destroy() {
        stack.writer().sendPlain(this, SeqNum.add(initialSequence, 1), SeqNum.add(peerSequence, 1), RST | ACK,
                stack.nowNs());
        leave();
    }

    /** Gives way to a younger one. */
    void evict() {
        leave();
    }

    private final class EmbryoTimer extends Timer {
        @Override
        protected void expire(final long nowNs) {
            onTimer(nowNs);
        }
    }
}
