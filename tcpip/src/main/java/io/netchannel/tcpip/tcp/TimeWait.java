package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

/**
 * A connection in TIME-WAIT (RFC 9293, 3.6.1), or in FIN-WAIT-2 with nobody to read: enough to answer the peer's FIN, and
 * to keep old segments out of the next connection with this four-tuple. No buffers, no timer of its own.
 *
 * <p>A SYN ends TIME-WAIT if its timestamp or its number shows that it is newer than all that came before (RFC 6191;
 * RFC 9293, MAY-2). A RST ends it too unless {@link TcpSetting#RFC1337} is set.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TimeWait extends TcpEndpoint {

    private static final long REUSE_AFTER_NS = 1_000_000_000L;

    private final TcpStack stack;
    private final TcpTimestamps timestamps;
    private final int sendNext;
    private final int windowField;
    private final int windowBytes;
    private final int differentiatedServices;
    private TcpState state;
    private int receiveNext;

    // The queue of those in the same state, the first to expire first.
    TimeWait previous;
    TimeWait next;
    long deadlineNs;

    /** @param state TIME_WAIT or FIN_WAIT_2 */
    TimeWait(final TcpStack stack, final TcpConnection connection, final TcpState state) {
        super(connection.path(), connection.localPort(), connection.remotePort());
        this.stack = stack;
        this.state = state;
        this.timestamps = connection.timestamps();
        this.sendNext = connection.sender().nxt();
        this.receiveNext = connection.receiver().next();
        this.windowField = connection.receiver().acks().advertise();
        this.windowBytes = connection.receiver().windowBytes();
        this.differentiatedServices = connection.settings().differentiatedServices;
    }

    TcpState state() {
        return state;
    }

    /** The number after our FIN. */
    int sendNext() {
        return sendNext;
    }

    @Override
    boolean process(final TcpSegment segment, final long nowNs) {
        if (!segment.has(ACK) && !segment.has(RST) && !segment.has(SYN)) {
            // RFC 9293, 3.10.7.4, fifth; as before TIME-WAIT. Linux answers it in this state.
            stack.counters().increment(TcpCounter.IN_UNEXPECTED_FLAGS);
            return false;
        }
        if (segment.has(RST)) {
            stack.counters().increment(TcpCounter.IN_RSTS);
        }
        final boolean old = !segment.has(RST) && timestamps.enabled() && segment.options().hasTimestamps()
                && timestamps.isOld(segment.options().timestampValue(), nowNs);
        if (old) {
            stack.counters().increment(TcpCounter.PAWS_REJECTED);
        }
        if (state == TcpState.FIN_WAIT_2) {
            finWait2(segment, old, nowNs);
        } else {
            timeWait(segment, old, nowNs);
        }
        return false;
    }

    // -- FIN-WAIT-2: the peer may still send, though nobody will read it

    private void finWait2(final TcpSegment segment, final boolean old, final long nowNs) {
        if (old || !inWindow(segment)) {
            stack.counters().increment(TcpCounter.OUT_OF_WINDOW);
            if (!segment.has(RST)
                    && stack.limits().mayReply(this, segment, TcpCounter.ACKS_SKIPPED_FIN_WAIT_2, nowNs)) {
                acknowledge(nowNs);
            }
        } else if (segment.has(RST)
                && (segment.sequence() == receiveNext || !stack.config().is(TcpSetting.EXACT_RESETS))) {
            stack.timeWaits().kill(this);
        } else if (segment.has(RST) || segment.has(SYN)) {
            // RFC 5961, 3.2 and 4.2.
            if (segment.has(SYN)) {
                stack.counters().increment(TcpCounter.SYN_CHALLENGES);
            }
            challenge(nowNs);
        } else if (segment.sequenceLength() > 0 && SeqNum.greaterThan(segment.sequenceEnd(), receiveNext)) {
            newData(segment, nowNs);
        }
    }

    private boolean inWindow(final TcpSegment segment) {
        final int edge = SeqNum.add(receiveNext, windowBytes);
        return segment.sequence() == receiveNext
                || SeqNum.greaterThan(segment.sequenceEnd(), receiveNext) && SeqNum.lessThan(segment.sequence(), edge)
                || segment.sequence() == edge && segment.sequenceLength() == 0;
    }

    private void newData(final TcpSegment segment, final long nowNs) {
        if (!segment.has(FIN) || segment.sequenceEnd() != SeqNum.add(receiveNext, 1)) {
            // RFC 1122, 4.2.2.13.
            stack.counters().increment(TcpCounter.ABORT_ON_DATA);
            stack.writer().resetFor(segment, differentiatedServices, nowNs);
            stack.timeWaits().remove(this);
            return;
        }
        stack.timeWaits().remember(this, nowNs);
        receiveNext = segment.sequenceEnd();
        noteTimestamp(segment, nowNs);
        acknowledge(nowNs);
    }

    /** The peer's FIN has come. */
    void enterTimeWait() {
        state = TcpState.TIME_WAIT;
    }

    // -- TIME-WAIT

    private void timeWait(final TcpSegment segment, final boolean old, final long nowNs) {
        if (!old && segment.sequence() == receiveNext && (segment.has(RST) || segment.sequenceLength() == 0)) {
            if (segment.has(RST) && !stack.config().is(TcpSetting.RFC1337)) {
                stack.timeWaits().kill(this);
                return;
            }
            stack.timeWaits().restart(this, nowNs);
            noteTimestamp(segment, nowNs);
        } else if (segment.has(SYN) && !segment.has(RST) && !segment.has(ACK) && !old && isNewer(segment)
                && stack.config().is(TcpSetting.TIME_WAIT_REUSE) && stack.input().recycle(this, segment, nowNs)) {
            stack.counters().increment(TcpCounter.TIME_WAIT_RECYCLED);
        } else {
            stack.counters().increment(TcpCounter.OUT_OF_WINDOW);
            answer(segment, old, nowNs);
        }
    }

    private void answer(final TcpSegment segment, final boolean old, final long nowNs) {
        if (segment.has(RST)) {
            return;
        }
        if (old || segment.has(ACK)) {
            // The peer is still there. A SYN alone may be from a time before this connection.
            stack.timeWaits().restart(this, nowNs);
        }
        if (stack.limits().mayReply(this, segment, TcpCounter.ACKS_SKIPPED_TIME_WAIT, nowNs)) {
            acknowledge(nowNs);
        }
    }

    private boolean isNewer(final TcpSegment syn) {
        return SeqNum.greaterThan(syn.sequence(), receiveNext) || timestamps.enabled() && syn.options().hasTimestamps()
                && SeqNum.greaterThan(syn.options().timestampValue(), timestamps.recent());
    }

    private void noteTimestamp(final TcpSegment segment, final long nowNs) {
        if (timestamps.enabled() && segment.options().hasTimestamps()) {
            timestamps.enable(segment.options().timestampValue(), nowNs);
        }
    }

    /**
     * Whether connect() may take the four-tuple: by timestamps the peer can tell the next connection from this one (RFC
     * 6191).
     */
    boolean isReusable(final long nowNs) {
        return stack.config().is(TcpSetting.TIME_WAIT_REUSE) && state == TcpState.TIME_WAIT && timestamps.enabled()
                && nowNs - timestamps.recentAtNs() >= REUSE_AFTER_NS;
    }

    private void challenge(final long nowNs) {
        if (stack.limits().mayChallenge(this, nowNs)) {
            acknowledge(nowNs);
        }
    }

    void acknowledge(final long nowNs) {
        final SegmentWriter writer = stack.writer();
        if (writer.begin(this, sendNext, receiveNext, ACK) != SegmentWriter.SENT) {
            // The peer will ask again.
            return;
        }
        writer.trafficClass(differentiatedServices);
        writer.window(windowField);
        if (timestamps.enabled()) {
            writer.timestampsOption(timestamps.value(nowNs), timestamps.recent());
        }
        writer.send(nowNs);
    }

    @Override
    void destroy() {
        stack.timeWaits().remove(this);
    }
}
