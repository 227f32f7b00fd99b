package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

/**
 * A connection in TIME-WAIT (RFC 9293, 3.6.1): enough to answer a FIN that is repeated, and to keep old segments out of
 * the next connection with this four-tuple. No buffers, no timer of its own.
 *
 * <p>A RST does not end it (RFC 1337). A SYN does, if its timestamp or its number shows that it is newer than all that
 * came before (RFC 6191; RFC 9293, MAY-2).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TimeWait extends TcpEndpoint {

    private static final long REPLY_INTERVAL_NS = 100_000_000;

    private final TcpStack stack;
    private final TcpTimestamps timestamps;
    private final int sendNext;
    private final int receiveNext;
    private final int windowField;
    private boolean replied;
    private long lastReplyNs;

    // The queue of TimeWaits, the first to expire first.
    TimeWait previous;
    TimeWait next;
    long deadlineNs;

    TimeWait(final TcpStack stack, final TcpConnection connection) {
        super(connection.path(), connection.localPort(), connection.remotePort());
        this.stack = stack;
        this.timestamps = connection.timestamps();
        this.sendNext = connection.sender().max();
        this.receiveNext = connection.receiver().next();
        this.windowField = connection.receiver().advertise();
    }

    /** The number after our FIN. */
    int sendNext() {
        return sendNext;
    }

    @Override
    boolean process(final TcpSegment segment, final long nowNs) {
        if (segment.has(RST)) {
            stack.counters().increment(TcpCounter.IN_RSTS);
        } else if (segment.has(SYN) && !segment.has(ACK) && isNewer(segment)) {
            stack.recycle(this, segment, nowNs);
        } else if (segment.has(FIN) && segment.sequenceEnd() == receiveNext) {
            // Our ACK of it was lost.
            stack.timeWaits().restart(this, nowNs);
            acknowledge(nowNs);
        } else if (segment.sequenceLength() > 0 || segment.sequence() != receiveNext) {
            stack.counters().increment(TcpCounter.OUT_OF_WINDOW);
            if (!replied || nowNs - lastReplyNs >= REPLY_INTERVAL_NS) {
                replied = true;
                lastReplyNs = nowNs;
                acknowledge(nowNs);
            }
        }
        return false;
    }

    private boolean isNewer(final TcpSegment syn) {
        final boolean later = SeqNum.greaterThan(syn.sequence(), receiveNext);
        if (timestamps.enabled() && syn.options().hasTimestamps()) {
            final int value = syn.options().timestampValue();
            return SeqNum.greaterThan(value, timestamps.recent()) || value == timestamps.recent() && later;
        }
        return later;
    }

    void acknowledge(final long nowNs) {
        final SegmentWriter writer = stack.writer();
        if (writer.begin(this, sendNext, receiveNext, ACK) != SegmentWriter.SENT) {
            // The peer will ask again.
            return;
        }
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
