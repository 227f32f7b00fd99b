package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

/**
 * SEGMENT ARRIVES (RFC 9293, 3.10.7.3 and 3.10.7.4) with the checks of RFC 5961 and RFC 7323, in their order:
 *
 * <pre>
 *   flags ──▶ timestamps ──▶ sequence number ──▶ RST ──▶ SYN ──▶ ACK ──▶ data ──▶ FIN
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
        if (acknowledges && segment.acknowledgment() != connection.sender().nxt()) {
            // Only the SYN was sent, so only its number can be acknowledged.
            connection.counters().increment(TcpCounter.ACK_UNACCEPTABLE);
            refuseSynAck(connection, segment, nowNs);
        } else if (acknowledges && !connection.handshake().isOurEcho(segment.options(), nowNs)) {
            connection.counters().increment(TcpCounter.PAWS_ACTIVE_REJECTED);
            refuseSynAck(connection, segment, nowNs);
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

    // The peer believes in an older connection. The RST ends that, and then it may take our SYN.
    private static void refuseSynAck(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        connection.stack().input().reset(segment, nowNs);
        connection.handshake().retrySoon(nowNs);
    }

    private static boolean arrive(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        connection.receiver().count(segment);
        if (!segment.has(ACK) && !segment.has(RST) && !segment.has(SYN)) {
            connection.counters().increment(TcpCounter.IN_UNEXPECTED_FLAGS);
            return false;
        }
        if (!timestampsHold(connection, segment, nowNs)) {
            return false;
        }
        final TcpReceiver receiver = connection.receiver();
        if (!inWindow(receiver, segment)) {
            connection.counters().increment(SeqNum.greaterThan(segment.sequence(), receiver.next())
                    ? TcpCounter.BEYOND_WINDOW
                    : TcpCounter.OUT_OF_WINDOW);
            outOfWindow(connection, segment, nowNs);
            return false;
        }
        if (segment.has(RST)) {
            reset(connection, segment, nowNs);
            return false;
        }
        if (segment.has(SYN) && !isPeersSynAck(connection, segment)) {
            onSyn(connection, segment, nowNs);
            return false;
        }
        final int sequence = segment.sequence();
        final int end = segment.sequenceEnd();
        final boolean hadSyn = segment.has(SYN);
        final int payloadBytes = segment.payloadBytes();
        trim(receiver, segment);
        if (!acknowledge(connection, segment, hadSyn, sequence == end, nowNs)) {
            return false;
        }
        if (connection.timestamps().enabled() && segment.options().hasTimestamps()) {
            connection.timestamps().update(segment.options().timestampValue(), sequence, receiver.acks().lastAckSent(),
                    nowNs);
            receiver.measureEcho(segment, nowNs);
        }
        if (sequence == end) {
            connection.counters().increment(TcpCounter.IN_PURE_ACKS);
            return false;
        }
        if (hadSyn) {
            receiver.acknowledgeNow();
        } else if (SeqNum.lessThan(sequence, receiver.next())) {
            receiver.onRepeated(sequence, end, payloadBytes);
        }
        return data(connection, segment, nowNs);
    }

    private static void repeated(final TcpReceiver receiver, final TcpSegment segment) {
        if (segment.payloadBytes() > 0 && SeqNum.lessThan(segment.sequence(), receiver.next())) {
            receiver.onRepeated(segment.sequence(), segment.sequenceEnd(), segment.payloadBytes());
        }
    }

    private static boolean timestampsHold(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        final TcpTimestamps timestamps = connection.timestamps();
        if (!timestamps.enabled() || segment.has(RST)) {
            return true;
        }
        if (!segment.options().hasTimestamps()) {
            // RFC 7323, 3.2, would have it dropped. Linux takes it: there are middleboxes that strip options.
            connection.counters().increment(TcpCounter.TIMESTAMP_MISSING);
            return true;
        }
        if (!timestamps.isOld(segment.options().timestampValue(), nowNs)) {
            return true;
        }
        final TcpReceiver receiver = connection.receiver();
        if (segment.has(ACK) && segment.sequenceLength() == 0
                && SeqNum.lessOrEqual(segment.sequence(), receiver.next())) {
            // Overtaken on its way: so common that an answer would do harm.
            connection.counters().increment(TcpCounter.PAWS_OLD_ACKS);
            return false;
        }
        connection.counters().increment(TcpCounter.PAWS_REJECTED);
        if (segment.has(SYN)) {
            challengeSyn(connection, nowNs);
        } else {
            repeated(receiver, segment);
            connection.replyTo(segment, TcpCounter.ACKS_SKIPPED_PAWS, nowNs);
        }
        return false;
    }

    private static void onSyn(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        final TcpReceiver receiver = connection.receiver();
        if (connection.config().is(TcpSetting.CHALLENGE_SYNS) || !connection.state().isSynchronized()
                || !SeqNum.inWindow(segment.sequence(), receiver.next(), receiver.windowBytes())) {
            challengeSyn(connection, nowNs);
        } else {
            // RFC 793, page 71: the connection is reset, and the peer told.
            connection.counters().increment(TcpCounter.ABORT_ON_SYN);
            connection.stack().writer().sendPlain(connection, connection.sender().ackSequence(), receiver.next(),
                    RST | ACK, nowNs);
            connection.end(TcpCloseReason.RESET);
        }
    }

    private static void challengeSyn(final TcpConnection connection, final long nowNs) {
        // RFC 5961, 4.2: whatever its number.
        connection.counters().increment(TcpCounter.SYN_CHALLENGES);
        connection.challenge(nowNs);
    }

    // Of a simultaneous open: the number is that of the SYN which has come before, and what is new is the ACK.
    private static boolean isPeersSynAck(final TcpConnection connection, final TcpSegment segment) {
        return connection.state() == TcpState.SYN_RECEIVED && segment.has(ACK)
                && SeqNum.add(segment.sequence(), 1) == connection.receiver().next();
    }

    private static void outOfWindow(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        if (segment.has(RST)) {
            if (isLateReset(connection, segment)) {
                reset(connection, segment, nowNs);
            }
        } else if (segment.has(SYN)) {
            challengeSyn(connection, nowNs);
        } else {
            echoDuplicate(connection, segment, nowNs);
            repeated(connection.receiver(), segment);
            connection.replyTo(segment, TcpCounter.ACKS_SKIPPED, nowNs);
        }
    }

    // Some peers number the RST that follows their FIN like the FIN.
    private static boolean isLateReset(final TcpConnection connection, final TcpSegment segment) {
        return SeqNum.add(segment.sequence(), 1) == connection.receiver().next() && switch (connection.state()) {
            case CLOSE_WAIT, LAST_ACK, CLOSING -> true;
            default -> false;
        };
    }

    /**
     * The test of RFC 9293, 3.10.7.4, first, made wider at either end, as Linux does: a segment that ends at what was
     * acknowledged last or after repeats what is known but may bring a new ACK, and one of a peer that has filled the
     * window begins at its edge. Without the latter, two ends whose windows are both full would drop each other's
     * acknowledgments.
     */
    private static boolean inWindow(final TcpReceiver receiver, final TcpSegment segment) {
        return SeqNum.greaterOrEqual(segment.sequenceEnd(), receiver.acks().lastAckSent())
                && SeqNum.lessOrEqual(segment.sequence(), edge(receiver));
    }

    private static int edge(final TcpReceiver receiver) {
        return SeqNum.add(receiver.next(), receiver.windowBytes());
    }

    // A segment that was acknowledged before, and the acknowledgment lost. The answer must echo this copy's timestamp
    // and not that of the first: else the peer takes its own timeout for a round trip, and each loss makes the next
    // timeout longer. The ACK number must be right, so that a stranger can't move TS.Recent ahead of the peer.
    private static void echoDuplicate(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        final TcpReceiver receiver = connection.receiver();
        final boolean recent = SeqNum.inWindow(segment.sequence(), SeqNum.add(receiver.next(), -receiver.limitBytes()),
                receiver.limitBytes());
        final boolean genuine = segment.has(ACK) && connection.sender().acks().isAcceptable(segment.acknowledgment());
        if (recent && genuine && segment.payloadBytes() > 0 && segment.options().hasTimestamps()
                && connection.timestamps().enabled()) {
            connection.timestamps().update(segment.options().timestampValue(), segment.sequence(),
                    receiver.acks().lastAckSent(), nowNs);
        }
    }

    private static void reset(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        connection.counters().increment(TcpCounter.IN_RSTS);
        if (segment.sequence() == connection.receiver().next() || isLateReset(connection, segment)
                || !connection.config().is(TcpSetting.EXACT_RESETS)
                        && segment.sequence() != edge(connection.receiver())) {
            connection.onReset();
        } else if (segment.sequence() != edge(connection.receiver())) {
            // RFC 5961, 3.2: in the window is not enough; the edge is not in it.
            connection.challenge(nowNs);
        }
    }

    private static void trim(final TcpReceiver receiver, final TcpSegment segment) {
        final int known = SeqNum.distance(segment.sequence(), receiver.next());
        if (known > 0) {
            final int length = segment.sequenceLength();
            segment.trimFront(known);
            if (length <= known) {
                // All was known, FIN included.
                segment.trimTail(0);
            }
        }
    }

    /** @return whether to go on with the segment's data */
    private static boolean acknowledge(final TcpConnection connection, final TcpSegment segment, final boolean hadSyn,
            final boolean plain, final long nowNs) {
        final TcpSender sender = connection.sender();
        if (connection.state() == TcpState.SYN_RECEIVED) {
            if (segment.acknowledgment() != sender.nxt()) {
                connection.counters().increment(TcpCounter.ACK_UNACCEPTABLE);
                connection.stack().input().reset(segment, nowNs);
                return false;
            }
            connection.onSynAcknowledged(segment, hadSyn, nowNs);
            if (hadSyn || !connection.isOpen()) {
                // The window of a segment with SYN is not scaled, and was taken above.
                return connection.isOpen();
            }
        }
        final int result = sender.acks().process(segment, plain, nowNs);
        if (result == AckProcessor.BAD_ACK) {
            connection.counters().increment(TcpCounter.ACK_UNACCEPTABLE);
            // RFC 5961, 5.2; but what was never sent gets no answer while the connection is open, as in Linux.
            if (connection.state() != TcpState.ESTABLISHED
                    || SeqNum.lessThan(segment.acknowledgment(), sender.una())) {
                connection.challenge(nowNs);
            }
            return false;
        }
        if (result == AckProcessor.NEW_ACK) {
            connection.path().confirmReachable(nowNs);
            if (sender.finAcknowledged()) {
                connection.closing().onFinAcknowledged(segment, nowNs);
            }
        }
        return connection.isOpen() && connection.state() != TcpState.CLOSED;
    }

    private static boolean data(final TcpConnection connection, final TcpSegment segment, final long nowNs) {
        if (!connection.state().receivesData() || segment.payloadBytes() == 0 && !segment.has(FIN)) {
            return false;
        }
        if (segment.payloadBytes() > 0 && connection.closing().refusesData()) {
            connection.closing().onDataAfterClose(segment, nowNs);
            return false;
        }
        final boolean kept = connection.receiver().accept(segment, nowNs);
        if (connection.isOpen() && connection.receiver().finPassed()) {
            connection.closing().onPeerFin(nowNs);
        }
        return kept;
    }
}
