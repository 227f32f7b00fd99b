package io.netchannel.tcpip.tcp.recovery;

import static io.netchannel.tcpip.tcp.recovery.Acknowledgment.*;
import static io.netchannel.tcpip.tcp.recovery.SentSegments.*;

import io.netchannel.tcpip.tcp.SeqNum;
import io.netchannel.tcpip.tcp.TcpCounter;
import io.netchannel.tcpip.tcp.TcpOptions;

/**
 * Takes SACK blocks (RFC 2018, 6675) and reports of duplicates (RFC 2883) into the scoreboard.
 *
 * <p>Blocks are the peer's word: each is checked against what was sent; a report of duplicates, against what was
 * retransmitted. They are gone through once, in order of sequence.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SackProcessor {

    private static final int MAX_BLOCKS = 4;
    private static final int NOT_THERE = -1;

    private final Flight flight;
    private final SentSegments segments;
    private final Rack rack;
    private final TailLossProbe probe;
    private final DeliveryRate rate;
    private final int[] starts = new int[MAX_BLOCKS];
    private final int[] ends = new int[MAX_BLOCKS];
    private int blocks;
    // Which of them reports a duplicate.
    private int duplicate;
    private int dsackStart;
    private int dsackEnd;

    SackProcessor(final Flight flight, final Rack rack, final TailLossProbe probe, final DeliveryRate rate) {
        this.flight = flight;
        this.segments = flight.segments;
        this.rack = rack;
        this.probe = probe;
        this.rate = rate;
    }

    void process(final Acknowledgment ack) {
        ack.reorderedFrom = flight.nxt;
        final boolean dsack = isDsack(ack);
        if (SeqNum.lessThan(ack.number, SeqNum.add(ack.priorUna, -flight.maxWindowBytes)) || flight.packetsOut == 0) {
            return;
        }
        collect(ack, dsack);
        sort();
        int cursor = ack.priorUna;
        for (int i = 0; i < blocks; i++) {
            cursor = SeqNum.max(cursor, starts[i]);
            cursor = mark(ack, cursor, starts[i], ends[i], dsack && i == duplicate, dsack && i + 1 == duplicate);
        }
        if (flight.state != CaState.LOSS || flight.undoable) {
            flight.reordering.onReordering(ack.reorderedFrom, false);
        }
    }

    // RFC 2883, 4: the first block reports a duplicate if the ACK number or the second block covers it.
    private boolean isDsack(final Acknowledgment ack) {
        final TcpOptions options = ack.options;
        final int start = options.sackStart(0);
        final int end = options.sackEnd(0);
        if (SeqNum.lessThan(start, ack.number)) {
            flight.counters.increment(TcpCounter.DSACK_RECEIVED);
        } else if (options.sackBlocks() > 1 && SeqNum.lessOrEqual(end, options.sackEnd(1))
                && SeqNum.greaterOrEqual(start, options.sackStart(1))) {
            flight.counters.increment(TcpCounter.DSACK_OUT_OF_ORDER_RECEIVED);
        } else {
            return false;
        }
        final int count = believed(ack, start, end);
        if (count == 0) {
            flight.counters.increment(TcpCounter.DSACK_IGNORED_DUBIOUS);
            return false;
        }
        dsackStart = start;
        dsackEnd = end;
        flight.counters.add(TcpCounter.DSACK_RECEIVED_SEGMENTS, count);
        if (flight.undoable && flight.undoRetransmits > 0 && SeqNum.lessOrEqual(end, ack.priorUna)
                && SeqNum.greaterThan(end, flight.undoMarker)) {
            // Of data that is forgotten here.
            flight.undoRetransmits = Math.max(0, flight.undoRetransmits - count);
        }
        return true;
    }

    // The segments that came twice; 0 if that can't be true.
    private int believed(final Acknowledgment ack, final int start, final int end) {
        final int lengthBytes = SeqNum.distance(start, end);
        final int mss = flight.window.mssBytes();
        if (lengthBytes <= 0 || lengthBytes > flight.maxWindowBytes) {
            return 0;
        }
        int count = 1;
        if (lengthBytes > mss) {
            count = (lengthBytes + mss - 1) / mss;
        } else if (probe.endsAt(end)) {
            ack.flags |= DSACK_OF_PROBE;
        }
        flight.duplicatesReported += count;
        if (flight.duplicatesReported > flight.totalRetransmits) {
            // More than was sent twice: the network's doing, or a lie.
            return 0;
        }
        if (flight.reordering.seen() > 0 && !ack.has(DSACK_OF_PROBE)) {
            rack.onDsack();
        }
        ack.flags |= DSACK;
        ack.deliveredBySack += count;
        return count;
    }

    private void collect(final Acknowledgment ack, final boolean dsack) {
        final TcpOptions options = ack.options;
        blocks = 0;
        duplicate = dsack ? 0 : NOT_THERE;
        for (int i = 0; i < options.sackBlocks(); i++) {
            final int start = options.sackStart(i);
            final int end = options.sackEnd(i);
            final boolean reports = dsack && i == 0;
            if (!isValid(start, end, reports)) {
                count(ack, end, reports);
            } else if (SeqNum.greaterThan(end, ack.priorUna)) {
                starts[blocks] = start;
                ends[blocks++] = end;
                continue;
            }
            if (i == 0) {
                duplicate = NOT_THERE;
            }
        }
    }

    private void count(final Acknowledgment ack, final int end, final boolean reports) {
        if (reports) {
            flight.counters.increment(
                    flight.undoable ? TcpCounter.DSACK_IGNORED_OLD : TcpCounter.DSACK_IGNORED_NO_UNDO);
        } else if (ack.number == flight.una || SeqNum.greaterThan(end, flight.una)) {
            // Others are merely late.
            flight.counters.increment(TcpCounter.SACK_DISCARD);
        }
    }

    // Within what is in flight and not at its very beginning, which would be acknowledged; a report of duplicates may
    // lie wholly below, as far down as it can still change something.
    private boolean isValid(final int start, final int end, final boolean reports) {
        if (SeqNum.greaterThan(end, flight.nxt) || !SeqNum.lessThan(start, end)
                || !SeqNum.lessThan(start, flight.nxt)) {
            return false;
        }
        if (SeqNum.greaterThan(start, flight.una)) {
            return true;
        }
        if (!reports || !flight.undoable || SeqNum.greaterThan(end, flight.una)) {
            return false;
        }
        if (SeqNum.greaterOrEqual(start, flight.undoMarker)) {
            return true;
        }
        return SeqNum.greaterThan(end, flight.undoMarker)
                && SeqNum.greaterOrEqual(start, SeqNum.add(end, -flight.maxWindowBytes));
    }

    private void sort() {
        for (int i = blocks - 1; i > 0; i--) {
            for (int j = 0; j < i; j++) {
                if (SeqNum.greaterThan(starts[j], starts[j + 1])) {
                    swap(j);
                }
            }
        }
    }

    private void swap(final int j) {
        final int start = starts[j];
        final int end = ends[j];
        starts[j] = starts[j + 1];
        ends[j] = ends[j + 1];
        starts[j + 1] = start;
        ends[j + 1] = end;
        if (j == duplicate) {
            duplicate = j + 1;
        } else if (j + 1 == duplicate) {
            duplicate = j;
        }
    }

    // Goes through the entries from cursor to the block's end. @return where it stopped
    private int mark(final Acknowledgment ack, final int cursor, final int start, final int end,
            final boolean isDuplicate, final boolean holdsDuplicate) {
        int position = segments.find(cursor);
        int reached = cursor;
        while (position < segments.size() && SeqNum.lessThan(segments.sequence(segments.at(position)), end)) {
            boolean twice = isDuplicate;
            boolean covered = false;
            if (holdsDuplicate && SeqNum.lessThan(segments.sequence(segments.at(position)), dsackEnd)) {
                covered = cutTo(position, dsackStart, dsackEnd);
                twice |= covered;
            }
            if (covered || cutTo(position, start, end)) {
                tag(ack, segments.at(position), twice);
                position = mergedBack(position);
            }
            reached = SeqNum.max(reached, segments.end(segments.at(position)));
            position++;
        }
        return reached;
    }

    /**
     * Whether the entry at {@code position} is within the block, split before if the block begins in it, and after if
     * it ends in it: at its segments' bounds, inwards.
     */
    private boolean cutTo(final int position, final int start, final int end) {
        final int slot = segments.at(position);
        final int sequence = segments.sequence(slot);
        final boolean begins = SeqNum.lessOrEqual(start, sequence);
        if (begins && SeqNum.greaterOrEqual(end, segments.end(slot))) {
            return true;
        }
        if (segments.count(slot) == 1 || !SeqNum.greaterThan(segments.end(slot), start)) {
            return false;
        }
        final int mss = segments.segmentBytes(slot);
        int lengthBytes = SeqNum.distance(sequence, begins ? end : start);
        if (begins && lengthBytes < mss) {
            return false;
        }
        lengthBytes = begins ? lengthBytes / mss * mss : (Math.max(lengthBytes, 1) + mss - 1) / mss * mss;
        if (lengthBytes >= segments.lengthBytes(slot)) {
            return false;
        }
        flight.resegmentation().split(position, lengthBytes, mss);
        return begins;
    }

    private void tag(final Acknowledgment ack, final int slot, final boolean twice) {
        final int flags = segments.flags(slot);
        final int sequence = segments.sequence(slot);
        final int end = segments.end(slot);
        final int count = segments.count(slot);
        if (twice && (flags & (RETRANSMITTED | EVER_RETRANSMITTED)) != 0) {
            if (flight.undoable && flight.undoRetransmits > 0 && SeqNum.greaterThan(end, flight.undoMarker)) {
                flight.undoRetransmits = Math.max(0, flight.undoRetransmits - count);
            }
            if ((flags & SACKED) != 0) {
                ack.reorderedFrom = SeqNum.min(ack.reorderedFrom, sequence);
            }
        }
        if (SeqNum.lessOrEqual(end, flight.una)) {
            // Acknowledged by number too: about to go.
            return;
        }
        if ((flags & SACKED) == 0) {
            sacked(ack, slot, flags, count);
        }
        if (twice && segments.has(slot, RETRANSMITTED)) {
            segments.clear(slot, RETRANSMITTED);
            flight.retransmittedOut -= count;
        }
        if (!SeqNum.lessThan(sequence, flight.highestSacked())) {
            flight.raiseHighestSacked(end);
        }
    }

    private void sacked(final Acknowledgment ack, final int slot, final int flags, final int count) {
        final int sequence = segments.sequence(slot);
        final int end = segments.end(slot);
        final long sentNs = segments.sentNs(slot);
        rack.onDelivered(flags, end, sentNs, ack.nowNs);
        if ((flags & RETRANSMITTED) != 0) {
            // Not tagged as lost: the retransmission is still believed to be on its way.
            if ((flags & LOST) != 0) {
                segments.clear(slot, LOST | RETRANSMITTED);
                flight.lostOut -= count;
                flight.retransmittedOut -= count;
            }
        } else {
            if ((flags & EVER_RETRANSMITTED) == 0) {
                if (SeqNum.lessThan(sequence, flight.highestSacked())) {
                    ack.reorderedFrom = SeqNum.min(ack.reorderedFrom, sequence);
                }
                if (SeqNum.lessOrEqual(end, flight.highSequence)) {
                    ack.flags |= ORIGINAL_ARRIVED;
                }
                if (ack.firstSackedNs == NO_TIME) {
                    ack.firstSackedNs = sentNs;
                }
                ack.lastSackedNs = sentNs;
            }
            if ((flags & LOST) != 0) {
                segments.clear(slot, LOST);
                flight.lostOut -= count;
            }
        }
        if (flight.sackedOut == 0) {
            flight.raiseHighestSacked(flight.una);
        }
        segments.set(slot, SACKED);
        flight.sackedOut += count;
        ack.flags |= DATA_SACKED;
        ack.deliveredBySack += count;
        rate.onDelivered(ack, slot);
        segments.deliveredAtNs(slot, NO_TIME);
        segments.unlink(slot);
    }

    // Joins what was just tagged with sacked neighbours. @return the position of what holds it now
    private int mergedBack(final int position) {
        int at = position;
        if (at > 0 && mergeable(at - 1)) {
            join(--at);
        }
        if (at + 1 < segments.size() && mergeable(at)) {
            join(at);
        }
        return at;
    }

    private boolean mergeable(final int position) {
        final int slot = segments.at(position);
        final int next = segments.at(position + 1);
        final int mss = segments.segmentBytes(slot);
        return (segments.flags(slot) & (SACKED | LOST | RETRANSMITTED | FIN)) == SACKED
                && (segments.flags(next) & (SACKED | LOST | RETRANSMITTED | FIN)) == SACKED
                && mss == segments.segmentBytes(next) && segments.lengthBytes(slot) == segments.count(slot) * mss;
    }

    private void join(final int position) {
        final int slot = segments.at(position);
        segments.count(slot, segments.count(slot) + segments.count(segments.at(position + 1)));
        segments.merge(position);
    }
}
