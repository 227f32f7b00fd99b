package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

/**
 * A connection's segments on their way out: what both of its halves have to say goes into each header.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SegmentOutput {

    // Capable of ECN (RFC 3168, 5).
    private static final int ECT_0 = TcpSegment.ECN_ECT0;

    private final TcpConnection connection;
    private final SegmentWriter writer;
    private final FlowSettings settings;
    private final TcpTimestamps timestamps;
    private final TcpSender sender;
    private final TcpReceiver receiver;
    private final AckGenerator acks;

    SegmentOutput(final TcpConnection connection) {
        this.connection = connection;
        this.writer = connection.stack().writer();
        this.settings = connection.settings();
        this.timestamps = connection.timestamps();
        this.sender = connection.sender();
        this.receiver = connection.receiver();
        this.acks = receiver.acks();
    }

    /** @return as {@link SegmentWriter#begin}, like the others here */
    int ack(final int sequence, final long nowNs) {
        final int begun = begin(sequence, ACK, MAX_HEADER_BYTES, nowNs);
        if (begun != SegmentWriter.SENT) {
            return begun;
        }
        connection.counters().increment(TcpCounter.PURE_ACKS);
        return send(false, nowNs);
    }

    /** Bytes of the sender's queue from {@code position} on. */
    int data(final int sequence, final int position, final int lengthBytes, final int mssBytes, final int extraFlags,
            final boolean ecnCapable, final long nowNs) {
        final int sackRoom = lengthBytes == 0 ? MAX_HEADER_BYTES : sender.mssBytes() - Math.min(lengthBytes, mssBytes);
        final int begun = begin(sequence, ACK | extraFlags, sackRoom, nowNs);
        if (begun != SegmentWriter.SENT) {
            return begun;
        }
        if (ecnCapable) {
            writer.trafficClass(settings.differentiatedServices | ECT_0);
        }
        if (lengthBytes > 0) {
            writer.payload(sender.queue(), position, lengthBytes, mssBytes);
        }
        return send(true, nowNs);
    }

    private int begin(final int sequence, final int flags, final int sackRoomBytes, final long nowNs) {
        final int echo = acks.echoFlagDue() ? ECE : 0;
        final int begun = writer.begin(connection, sequence, acks.number(), flags | echo);
        if (begun == SegmentWriter.SENT) {
            writer.trafficClass(settings.differentiatedServices);
            writer.window(acks.advertise());
            if (timestamps.enabled()) {
                writer.timestampsOption(timestamps.value(nowNs), timestamps.recent());
            }
            acks.writeSack(writer, sackRoomBytes);
        }
        return begun;
    }

    private int send(final boolean withData, final long nowNs) {
        final int result = writer.send(nowNs);
        if (result == SegmentWriter.SENT) {
            acks.onSent(withData, nowNs);
        } else {
            // The window was promised to nobody: it must be told again.
            receiver.acknowledgeNow();
        }
        return result;
    }

    /** A RST, with the options of any segment (RFC 7323, 3.2), so that a firewall on the way believes it. */
    void reset(final long nowNs) {
        final TcpState state = connection.state();
        final boolean known = state.isSynchronized() || state == TcpState.SYN_RECEIVED;
        if (known && begin(sender.ackSequence(), RST | ACK, MAX_HEADER_BYTES, nowNs) == SegmentWriter.SENT) {
            connection.counters().increment(TcpCounter.OUT_RSTS);
            writer.send(nowNs);
        }
    }
}
