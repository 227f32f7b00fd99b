package io.netchannel.tcpip.tcp.recovery;

import io.netchannel.tcpip.tcp.SeqNum;
import java.util.Arrays;

/**
 * The scoreboard: what was sent and is not acknowledged, in order of sequence numbers.
 *
 * <pre>
 *   position   0         1              2            3        by sequence; SND.UNA is in the first
 *            |--S1--|----S4 (lost)----|--S2 (sacked)--|--S7--|
 *   by time    S1 ── S2 ── S7 ── S4                            of last transmission, for RACK; without those sacked
 * </pre>
 * An entry is one frame as it was handed down, maybe of many segments; it is split where a SACK block, a retransmission
 * or a smaller segment size draws a line, at a multiple of its segment size. Sacked neighbours are merged, so that
 * walking over what is sacked stays short whatever the peer reports.
 *
 * <p>A <i>slot</i> names an entry as long as it lives; a <i>position</i>, until entries come or go before it. Entries
 * live in two arrays, so that none is an object; these grow to the largest flight and stay.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class SentSegments {

    public static final int NONE = -1;

    /** Arrived, out of order, as SACK says. */
    static final int SACKED = 1;
    /** Not in the network any more: its last copy is counted as lost, unless {@link #RETRANSMITTED}. */
    static final int LOST = 1 << 1;
    /** A retransmission is in flight. */
    static final int RETRANSMITTED = 1 << 2;
    /** Was sent more than once: no round-trip time can be told from it (Karn). */
    static final int EVER_RETRANSMITTED = 1 << 3;
    /** The sender had nothing more to send than this. */
    static final int APPLICATION_LIMITED = 1 << 4;
    /** Ends with FIN, which takes a number. */
    public static final int FIN = 1 << 5;
    /** Ends with PSH. */
    public static final int PUSH = 1 << 6;

    static final long NO_TIME = Long.MIN_VALUE;

    private static final int INITIAL_SLOTS = 16;
    private static final int[] NO_WORDS = {};
    private static final long[] NO_TIMES = {};

    private static final int WORDS = 8;
    private static final int SEQUENCE = 0;
    private static final int END = 1;
    private static final int SIZE = 2;
    private static final int COUNT = 3;
    private static final int FLAGS = 4;
    private static final int DELIVERED = 5;
    private static final int OLDER = 6;
    private static final int NEWER = 7;

    private static final int TIMES = 4;
    private static final int SENT = 0;
    private static final int FLIGHT_START = 1;
    private static final int DELIVERED_AT = 2;

    // Not in the list by time.
    private static final int UNLINKED = -2;

    // Made when the first segment is sent: a peer that only ever begins something costs no more than it must.
    private int[] words = NO_WORDS;
    private long[] times = NO_TIMES;
    // Slots by sequence: a ring whose length is a power of two, or 0.
    private int[] order = NO_WORDS;
    private int first;
    private int size;
    private int free = NONE;
    private int used;
    private int oldest = NONE;
    private int newest = NONE;

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public int at(final int position) {
        return order[first + position & order.length - 1];
    }

    /** @return the position of the first entry that ends after {@code sequence}; {@link #size()} if none does */
    int find(final int sequence) {
        int low = 0;
        int high = size;
        while (low < high) {
            final int middle = low + high >>> 1;
            if (SeqNum.greaterThan(end(at(middle)), sequence)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    // -- entries

    public int sequence(final int slot) {
        return words[slot * WORDS + SEQUENCE];
    }

    /** The number after its last, FIN included. */
    public int end(final int slot) {
        return words[slot * WORDS + END];
    }

    /** Payload bytes. */
    public int lengthBytes(final int slot) {
        return SeqNum.distance(sequence(slot), end(slot)) - (has(slot, FIN) ? 1 : 0);
    }

    /** Payload bytes of a full segment in it. */
    int segmentBytes(final int slot) {
        return words[slot * WORDS + SIZE];
    }

    /** Segments that it was sent as, at least 1. */
    public int count(final int slot) {
        return words[slot * WORDS + COUNT];
    }

    void count(final int slot, final int value) {
        words[slot * WORDS + COUNT] = value;
    }

    int flags(final int slot) {
        return words[slot * WORDS + FLAGS];
    }

    public boolean has(final int slot, final int flag) {
        return (words[slot * WORDS + FLAGS] & flag) != 0;
    }

    void set(final int slot, final int flags) {
        words[slot * WORDS + FLAGS] |= flags;
    }

    void clear(final int slot, final int flags) {
        words[slot * WORDS + FLAGS] &= ~flags;
    }

    /** When it was last sent. */
    long sentNs(final int slot) {
        return times[slot * TIMES + SENT];
    }

    /** Segments delivered when it was sent; and see the next two. */
    int delivered(final int slot) {
        return words[slot * WORDS + DELIVERED];
    }

    /** When the last of those was delivered; {@link #NO_TIME} once this entry was delivered itself. */
    long deliveredAtNs(final int slot) {
        return times[slot * TIMES + DELIVERED_AT];
    }

    void deliveredAtNs(final int slot, final long value) {
        times[slot * TIMES + DELIVERED_AT] = value;
    }

    /** When the last delivered segment was sent, as known then. */
    long flightStartNs(final int slot) {
        return times[slot * TIMES + FLIGHT_START];
    }

    /** It was sent, now: it becomes the newest by time. */
    void onSent(final int slot, final long nowNs, final int delivered, final long deliveredAtNs,
            final long flightStartNs) {
        times[slot * TIMES + SENT] = nowNs;
        times[slot * TIMES + DELIVERED_AT] = deliveredAtNs;
        times[slot * TIMES + FLIGHT_START] = flightStartNs;
        words[slot * WORDS + DELIVERED] = delivered;
        unlink(slot);
        link(slot, newest);
    }

    // -- coming and going

    /** New data at the end; {@link #onSent} follows. */
    int append(final int sequence, final int end, final int segmentBytes, final int flags) {
        final int slot = take();
        final int base = slot * WORDS;
        words[base + SEQUENCE] = sequence;
        words[base + END] = end;
        words[base + SIZE] = segmentBytes;
        words[base + FLAGS] = flags;
        words[base + OLDER] = UNLINKED;
        order[first + size & order.length - 1] = slot;
        size++;
        recount(slot, segmentBytes);
        return slot;
    }

    /** The first is acknowledged. */
    void removeFirst() {
        give(at(0));
        first = first + 1 & order.length - 1;
        size--;
    }

    /** The first is acknowledged up to {@code sequence}. */
    void trimFirst(final int sequence) {
        words[at(0) * WORDS + SEQUENCE] = sequence;
    }

    /** Counts the segments of an entry anew, cut to {@code segmentBytes}. */
    void recount(final int slot, final int segmentBytes) {
        words[slot * WORDS + SIZE] = segmentBytes;
        final int lengthBytes = lengthBytes(slot);
        words[slot * WORDS + COUNT] = lengthBytes <= segmentBytes ? 1 : (lengthBytes + segmentBytes - 1) / segmentBytes;
    }

    /** Cuts an entry after {@code lengthBytes}; the rest follows it. Both are to be counted anew. */
    int split(final int position, final int lengthBytes) {
        final int slot = at(position);
        final int rest = take();
        System.arraycopy(words, slot * WORDS, words, rest * WORDS, WORDS);
        System.arraycopy(times, slot * TIMES, times, rest * TIMES, TIMES);
        final int cut = SeqNum.add(sequence(slot), lengthBytes);
        words[slot * WORDS + END] = cut;
        words[rest * WORDS + SEQUENCE] = cut;
        clear(slot, FIN | PUSH);
        words[rest * WORDS + OLDER] = UNLINKED;
        if (words[slot * WORDS + OLDER] != UNLINKED) {
            link(rest, slot);
        }
        insert(position + 1, rest);
        return rest;
    }

    /** The entry after {@code position} becomes part of the one there. The counts are the caller's. */
    void merge(final int position) {
        final int slot = at(position);
        final int next = at(position + 1);
        words[slot * WORDS + END] = end(next);
        set(slot, flags(next) & (EVER_RETRANSMITTED | FIN | PUSH));
        give(next);
        for (int i = position + 1; i < size - 1; i++) {
            order[first + i & order.length - 1] = at(i + 1);
        }
        size--;
    }

    /** All is gone. */
    void clear() {
        while (size > 0) {
            removeFirst();
        }
    }

    private void insert(final int position, final int slot) {
        for (int i = size; i > position; i--) {
            order[first + i & order.length - 1] = at(i - 1);
        }
        order[first + position & order.length - 1] = slot;
        size++;
    }

    private int take() {
        if (free != NONE) {
            final int slot = free;
            free = words[slot * WORDS + NEWER];
            return slot;
        }
        if (used == order.length) {
            grow();
        }
        return used++;
    }

    private void give(final int slot) {
        unlink(slot);
        words[slot * WORDS + NEWER] = free;
        free = slot;
    }

    private void grow() {
        final int slots = Math.max(INITIAL_SLOTS, order.length * 2);
        final int[] larger = new int[slots];
        for (int i = 0; i < size; i++) {
            larger[i] = at(i);
        }
        order = larger;
        first = 0;
        words = Arrays.copyOf(words, slots * WORDS);
        times = Arrays.copyOf(times, slots * TIMES);
    }

    // -- by time

    int oldest() {
        return oldest;
    }

    int newer(final int slot) {
        return words[slot * WORDS + NEWER];
    }

    private void link(final int slot, final int after) {
        final int next = after == NONE ? oldest : newer(after);
        words[slot * WORDS + OLDER] = after;
        words[slot * WORDS + NEWER] = next;
        if (after == NONE) {
            oldest = slot;
        } else {
            words[after * WORDS + NEWER] = slot;
        }
        if (next == NONE) {
            newest = slot;
        } else {
            words[next * WORDS + OLDER] = slot;
        }
    }

    /** Takes an entry out of the order by time, if it is there. */
    void unlink(final int slot) {
        final int older = words[slot * WORDS + OLDER];
        if (older == UNLINKED) {
            return;
        }
        final int newer = newer(slot);
        if (older == NONE) {
            oldest = newer;
        } else {
            words[older * WORDS + NEWER] = newer;
        }
        if (newer == NONE) {
            newest = older;
        } else {
            words[newer * WORDS + OLDER] = older;
        }
        words[slot * WORDS + OLDER] = UNLINKED;
    }

    /** Whether an entry is lost, and no copy of it on its way. */
    public boolean awaitsRetransmission(final int slot) {
        return (flags(slot) & (LOST | SACKED | RETRANSMITTED)) == LOST;
    }

    /** Whether an entry's fate is open: neither lost nor arrived. */
    public boolean isHole(final int slot) {
        return (flags(slot) & (LOST | SACKED | RETRANSMITTED)) == 0;
    }

    /** When the first entry was last sent. */
    public long headSentNs() {
        return sentNs(at(0));
    }
}
