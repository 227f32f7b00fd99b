package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

/**
 * SEGMENT ARRIVES (RFC 9293, 3.10.7.3 and 3.10.7.4) with the checks of RFC 5961 and RFC 7323, in their order:
 *
 * <pre>
 *   timestamps ──▶ SYN ──▶ sequence number ──▶ RST ──▶ ACK ──▶ data ──▶ FIN
 * </pre>
 * Where a check fails the segment is dropped under a counter, and mostly answered with an acknowledgment.
 *
 * <p>Threading: stateless.
 */
final class SegmentArrival {

    private SegmentArrival() {
    }

    /** @return whether the packet was kept */
    static boolean process(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        if (connection.state() == TcpState.SYN_SENT) {
            synSent(connection, segment, nowNs);
            return false;
        }
        return connection.state() != TcpState.CLOSED && arrive(connection, segment, nowNs);
    }

    private static void synSent(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        final boolean acknowledges = segment.has(ACK);
        if (acknowledges && segment.acknowledgment() != connection.sender().max()) {
            // Only the SYN was sent, so only its number can be acknowledged.
            if (!segment.has(RST)) {
                connection.stack().reset(segment, nowNs);
            }
            connection.counters().increment(TcpCounter.ACK_UNACCEPTABLE);
        } else if (segment.has(RST)) {
            if (acknowledges) {
                connection.counters().increment(TcpCounter.IN_RSTS);
                connection.onReset();
            } else {
                connection.counters().increment(TcpCounter.IN_UNEXPECTED_FLAGS);
            }
        } else if (segment.has(SYN)) {
            connection.onSyn(segment, nowNs);
        } else {
            connection.counters().increment(TcpCounter.IN_UNEXPECTED_FLAGS);
        }
    }

    private static boolean arrive(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        if (!timestampsHold(connection, segment, nowNs)) {
            return false;
        }
        if (segment.has(SYN) && !segment.has(RST) && connection.state() != TcpState.SYN_RECEIVED) {
            // RFC 5961, 4.2: whatever its number.
            connection.counters().increment(TcpCounter.SYN_CHALLENGES);
            connection.challenge(nowNs);
            return false;
        }
        final TcpReceiver receiver = connection.receiver();
        if (!inWindow(receiver, segment)) {
            connection.counters().increment(TcpCounter.OUT_OF_WINDOW);
            if (!segment.has(RST)) {
                echoDuplicate(connection, segment, nowNs);
                connection.replyTo(segment, nowNs);
            }
            return false;
        }
        if (segment.has(RST)) {
            reset(connection, segment, nowNs);
            return false;
        }
        final int sequence = segment.sequence();
        final boolean hadSyn = segment.has(SYN);
        final boolean hadLength = segment.sequenceLength() > 0;
        trim(receiver, segment);
        if (segment.has(SYN) || !segment.has(ACK)) {
            connection.counters().increment(TcpCounter.IN_UNEXPECTED_FLAGS);
            if (segment.has(SYN)) {
                connection.challenge(nowNs);
            }
            return false;
        }
        if (!acknowledge(connection, segment, hadSyn, !hadLength, nowNs)) {
            return false;
        }
        if (connection.timestamps().enabled() && segment.options().hasTimestamps()) {
            connection.timestamps().update(segment.options().timestampValue(), sequence, receiver.lastAckSent(), nowNs);
        }
        return data(connection, segment, nowNs);
    }

    private static boolean timestampsHold(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        final TcpTimestamps timestamps = connection.timestamps();
        if (!timestamps.enabled() || segment.has(RST)) {
            return true;
        }
        if (!segment.options().hasTimestamps()) {
            // RFC 7323, 3.2: SHOULD drop silently.
            connection.counters().increment(TcpCounter.TIMESTAMP_MISSING);
            return false;
        }
        if (timestamps.isOld(segment.options().timestampValue(), nowNs)) {
            connection.counters().increment(TcpCounter.PAWS_REJECTED);
            connection.replyTo(segment, nowNs);
            return false;
        }
        return true;
    }

    /**
     * The test of RFC 9293, 3.10.7.4, first, made wider by one number at either end: a segment that ends at RCV.NXT
     * repeats what is known but may bring a new ACK, and one of a peer that has filled the window begins at its edge.
     * Without the latter, two ends whose windows are both full would drop each other's acknowledgments.
     */
    private static boolean inWindow(final TcpReceiver receiver, final TcpSegment segment) {
        final int edge = SeqNum.add(receiver.next(), receiver.windowBytes());
        return SeqNum.greaterOrEqual(segment.sequenceEnd(), receiver.next())
                && SeqNum.lessOrEqual(segment.sequence(), edge);
    }

    // A segment that was acknowledged before, and the acknowledgment lost. The answer must echo this copy's timestamp
    // and not that of the first: else the peer takes its own timeout for a round trip, and each loss makes the next
    // timeout longer. The ACK number must be right, so that a stranger can't move TS.Recent ahead of the peer.
    private static void echoDuplicate(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        final TcpReceiver receiver = connection.receiver();
        final boolean recent = SeqNum.inWindow(segment.sequence(), SeqNum.add(receiver.next(), -receiver.limitBytes()),
                receiver.limitBytes());
        final boolean genuine = segment.has(ACK) && connection.sender().isAcceptable(segment.acknowledgment());
        if (recent && genuine && segment.payloadBytes() > 0 && segment.options().hasTimestamps()
                && connection.timestamps().enabled()) {
            connection.timestamps().update(segment.options().timestampValue(), segment.sequence(),
                    receiver.lastAckSent(), nowNs);
        }
    }

    private static void reset(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        connection.counters().increment(TcpCounter.IN_RSTS);
        if (segment.sequence() == connection.receiver().next()) {
            connection.onReset();
        } else {
            // RFC 5961, 3.2: in the window is not enough.
            connection.challenge(nowNs);
        }
    }

    private static void trim(final TcpReceiver receiver, final TcpSegment segment) {
        final int known = SeqNum.distance(segment.sequence(), receiver.next());
        if (known > 0) {
            segment.trimFront(known);
            receiver.acknowledgeNow();
            if (SeqNum.lessThan(SeqNum.add(segment.sequence(), segment.payloadBytes()), receiver.next())) {
                // All was known, FIN included.
                segment.trimTail(0);
            }
        }
        final int room = SeqNum.distance(segment.sequence(), SeqNum.add(receiver.next(), receiver.windowBytes()));
        if (segment.sequenceLength() > Math.max(room, 0)) {
            segment.trimTail(Math.min(segment.payloadBytes(), Math.max(room, 0)));
            receiver.acknowledgeNow();
        }
    }

    /** @return whether to go on with the segment's data */
    private static boolean acknowledge(final TcpConnection connection, final TcpSegment segment, final boolean hadSyn,
            final boolean plain, final long nowNs) {
        final TcpSender sender = connection.sender();
        if (connection.state() == TcpState.SYN_RECEIVED) {
            if (segment.acknowledgment() != sender.max()) {
                connection.counters().increment(TcpCounter.ACK_UNACCEPTABLE);
                connection.stack().reset(segment, nowNs);
                return false;
            }
            connection.onSynAcknowledged(segment, hadSyn, nowNs);
            if (hadSyn || !connection.isOpen()) {
                // The window of a segment with SYN is not scaled, and was taken above.
                return connection.isOpen();
            }
        }
        final int result = sender.processAck(segment, plain, nowNs);
        if (result == TcpSender.BAD_ACK) {
            // RFC 5961, 5.2.
            connection.counters().increment(TcpCounter.ACK_UNACCEPTABLE);
            connection.challenge(nowNs);
            return false;
        }
        if (result == TcpSender.NEW_ACK) {
            connection.path().confirmReachable(nowNs);
            if (sender.finAcknowledged()) {
                connection.onFinAcknowledged(nowNs);
            }
        }
        return connection.isOpen() && connection.state() != TcpState.CLOSED;
    }

    private static boolean data(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        if (!connection.state().receivesData() || segment.payloadBytes() == 0 && !segment.has(FIN)) {
            return false;
        }
        if (connection.isOrphan() && segment.payloadBytes() > 0) {
            connection.onDataAfterClose(nowNs);
            return false;
        }
        final boolean kept = connection.receiver().accept(segment, nowNs);
        if (connection.isOpen() && connection.receiver().finPassed()) {
            connection.onPeerFin(nowNs);
        }
        return kept;
    }
}
