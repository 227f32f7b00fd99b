package io.netchannel.tcpip.tcp;

/**
 * What one connection sends at its turn, and in which order: acknowledgments that can't wait for data, data, probes, and
 * the acknowledgments that no data has carried.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Emission {

    // One turn's share of a connection, so that one with a full buffer doesn't starve the others.
    static final int MAX_SEGMENTS_PER_TURN = 32;

    private final TcpConnection connection;
    private final TcpSender sender;
    private final AckGenerator acks;
    private final SegmentOutput output;
    private int knownMtuBytes;

    Emission(final TcpConnection connection) {
        this.connection = connection;
        this.sender = connection.sender();
        this.acks = connection.receiver().acks();
        this.output = connection.output();
    }

    /** What other flows have learnt of the path, or a narrower interface, holds for this one too (RFC 8201, 5.2). */
    private void followPath() {
        final int mtuBytes = connection.path().mtuBytes();
        if (mtuBytes < knownMtuBytes) {
            sender.onSegmentSize(connection.handshake().sendMss());
        }
        knownMtuBytes = mtuBytes;
    }

    /** Sends what an opening owes. @return as {@link TcpConnection#emit} */
    int openHandshake(final long nowNs) {
        final int result = connection.handshake().emit(nowNs);
        if (result != SegmentWriter.SENT || connection.state() != TcpState.SYN_RECEIVED || acks.due(nowNs) == 0) {
            return result;
        }
        return output.ack(sender.nxt(), nowNs);
    }

    /** Sends what an open connection owes. @return as {@link TcpConnection#emit} */
    int transmit(final long nowNs) {
        followPath();
        while (acks.earlier() > 0) {
            final int sent = output.ack(sender.ackSequence(), nowNs);
            if (sent != SegmentWriter.SENT) {
                return sent;
            }
        }
        final int result = sender.emit(nowNs, MAX_SEGMENTS_PER_TURN);
        if (result != SegmentWriter.SENT && result != TcpConnection.MORE) {
            return result;
        }
        if (sender.takeProbe() || connection.keepAlive().takeProbe()) {
            // Zero bytes just before the window: not acceptable, so a live peer answers with its window.
            connection.counters().increment(sender.isBusy() ? TcpCounter.WINDOW_PROBES : TcpCounter.KEEPALIVES);
            output.ack(SeqNum.add(sender.una(), -1), nowNs);
        }
        for (int due = acks.due(nowNs); due > 0; due--) {
            final int sent = output.ack(sender.ackSequence(), nowNs);
            if (sent != SegmentWriter.SENT) {
                return sent;
            }
        }
        return result;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        knownMtuBytes = image.of(knownMtuBytes);
    }
}
