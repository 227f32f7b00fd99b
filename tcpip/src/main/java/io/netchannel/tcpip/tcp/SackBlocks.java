package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

/**
 * What this side's acknowledgments say of data beyond RCV.NXT (RFC 2018), and of what came twice (RFC 2883).
 *
 * <pre>
 *   the option:  | duplicate | changed last | changed before | ...    as many as fit
 * </pre>
 * Of more than four ranges the one that changed longest ago is forgotten: it was reported while it was younger (RFC
 * 2018, 4).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SackBlocks {

    /** Kind and length behind two no-ops. */
    private static final int PREFIX_BYTES = SACK_PREFIX_BYTES + 2;

    private final int[] starts = new int[MAX_SACK_BLOCKS];
    private final int[] ends = new int[MAX_SACK_BLOCKS];
    private int count;
    // 1: a duplicate is to be reported. A number, so that one sum says that nothing is.
    private int duplicates;
    private boolean reported;
    private int duplicateStart;
    private int duplicateEnd;
    private final TcpCounters counters;
    private final boolean reportsDuplicates;
    private boolean enabled;
    private int written;

    SackBlocks(final TcpCounters counters, final boolean reportsDuplicates) {
        this.counters = counters;
        this.reportsDuplicates = reportsDuplicates;
    }

    /** Whether the peer understands them. */
    void enable(final boolean on) {
        enabled = on;
    }

    boolean isEnabled() {
        return enabled;
    }

    /** The range was received: it comes first, together with all that it touches. */
    void add(final int start, final int end) {
        if (!enabled) {
            return;
        }
        int at = 0;
        while (at < count && !touches(at, start, end)) {
            at++;
        }
        if (at == count) {
            at = Math.min(count, MAX_SACK_BLOCKS - 1);
            count = at + 1;
            toFront(at, start, end);
        } else {
            toFront(at, SeqNum.min(starts[at], start), SeqNum.max(ends[at], end));
            coalesce();
        }
    }

    private boolean touches(final int at, final int start, final int end) {
        return SeqNum.lessOrEqual(start, ends[at]) && SeqNum.lessOrEqual(starts[at], end);
    }

    private void toFront(final int at, final int start, final int end) {
        System.arraycopy(starts, 0, starts, 1, at);
        System.arraycopy(ends, 0, ends, 1, at);
        starts[0] = start;
        ends[0] = end;
    }

    // The first one has grown: it may have reached others.
    private void coalesce() {
        int at = 1;
        while (at < count) {
            if (touches(at, starts[0], ends[0])) {
                starts[0] = SeqNum.min(starts[0], starts[at]);
                ends[0] = SeqNum.max(ends[0], ends[at]);
                remove(at);
            } else {
                at++;
            }
        }
    }

    private void remove(final int at) {
        count--;
        System.arraycopy(starts, at + 1, starts, at, count - at);
        System.arraycopy(ends, at + 1, ends, at, count - at);
    }

    /** RCV.NXT has come to {@code next}, over all ranges that it has reached. */
    void advanceTo(final int next) {
        int at = 0;
        while (at < count) {
            if (SeqNum.lessOrEqual(starts[at], next)) {
                remove(at);
            } else {
                at++;
            }
        }
    }

    /** Takes a segment for which data is missing, and notes what it repeats. @return as {@link Reassembler#insert} */
    int insert(final TcpSegment segment, final Reassembler held, final int next) {
        final int result = held.insert(segment.sequence(), segment.payloadBytes(), segment.packet(),
                segment.payloadOffset());
        counters.add(TcpCounter.OUT_OF_ORDER_DUPLICATES, held.merged());
        if (held.pruned()) {
            counters.increment(TcpCounter.OUT_OF_ORDER_PRUNED);
            recall(held);
        }
        if (result == Reassembler.NO_ROOM) {
            counters.increment(TcpCounter.OUT_OF_ORDER_DROPS);
            return result;
        }
        counters.increment(TcpCounter.OUT_OF_ORDER_QUEUED);
        if (held.foundRepeated()) {
            report(held.repeatedStart(), held.repeatedEnd(), next);
        }
        return result;
    }

    /** Data in order has come up to {@code next}, some of which was held already. */
    void reportOverlap(final Reassembler held, final int next) {
        for (int i = 0; i < held.segments() && SeqNum.lessThan(held.start(i), next); i++) {
            report(held.start(i), SeqNum.min(held.endOf(i), next), next);
        }
    }

    // Data that was reported has been dropped (RFC 2018, 8: that is allowed): reports what is left.
    private void recall(final Reassembler held) {
        count = 0;
        for (int i = held.segments() - 1; i >= 0; i--) {
            add(held.start(i), held.endOf(i));
        }
    }

    /** Nothing is missing and nothing more will come: nothing is left to report (as in Linux). */
    void onFin() {
        count = 0;
        duplicates = 0;
    }

    // -- what came twice

    /** Another segment: what is repeated in it is reported apart from what was before. */
    void onSegment() {
        reported = false;
    }

    /** The range was received before. Reported once, the first of a segment with what touches it. */
    void report(final int start, final int end, final int next) {
        if (!enabled || !reportsDuplicates) {
            return;
        }
        if (!reported) {
            counters.increment(SeqNum.lessThan(start, next)
                    ? TcpCounter.DSACK_OLD_SENT
                    : TcpCounter.DSACK_OUT_OF_ORDER_SENT);
        }
        if (!reported) {
            duplicateStart = start;
            duplicateEnd = end;
        } else if (SeqNum.lessOrEqual(start, duplicateEnd) && SeqNum.lessOrEqual(duplicateStart, end)) {
            duplicateStart = SeqNum.min(duplicateStart, start);
            duplicateEnd = SeqNum.max(duplicateEnd, end);
        }
        reported = true;
        duplicates = 1;
    }

    // -- the option

    /** Whether it has nothing to say. */
    boolean isAtRest() {
        return nothingDue();
    }

    private boolean nothingDue() {
        return count + duplicates == 0;
    }

    // Blocks of an option that has so much room.
    private int fitting(final int spaceBytes) {
        final int room = (spaceBytes - PREFIX_BYTES) / SACK_BLOCK_BYTES;
        return Math.max(0, Math.min(room, count + duplicates));
    }

    /** Bytes of the option in a header that has room for {@code spaceBytes}. */
    int optionBytes(final int spaceBytes) {
        if (nothingDue()) {
            return 0;
        }
        final int blocks = fitting(spaceBytes);
        return blocks == 0 ? 0 : PREFIX_BYTES + blocks * SACK_BLOCK_BYTES;
    }

    /** Writes as many as fit in {@code spaceBytes}; none if there is nothing to say. */
    void write(final SegmentWriter writer, final int spaceBytes) {
        written = nothingDue() ? 0 : fitting(spaceBytes);
        if (written == 0) {
            return;
        }
        writer.sackOption(written);
        int left = written;
        if (duplicates > 0) {
            writer.sackBlock(duplicateStart, duplicateEnd);
            left--;
        }
        for (int i = 0; i < left; i++) {
            writer.sackBlock(starts[i], ends[i]);
        }
    }

    /** What was written went out. @return whether all that was to be said was, or at least what is most recent */
    boolean onSent() {
        if (written > 0) {
            duplicates = 0;
        }
        return written > 0 || nothingDue();
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        duplicates = image.of(duplicates);
        reported = image.of(reported);
        duplicateStart = image.of(duplicateStart);
        duplicateEnd = image.of(duplicateEnd);
        enabled = image.of(enabled);
    }
}
