package io.netchannel.cpu.litmus.thread;

import java.util.Arrays;

/** The events of one run of one thread in program order, and the edges inside of instructions. */
public final class EventLog {

    private int count;
    private int[] kinds = new int[64];
    private int[] instructions = new int[64];
    /** An address, or the number of a register. */
    private long[] places = new long[64];
    private long[] values = new long[64];
    private int[] sizes = new int[64];
    private boolean[] isFromMemory = new boolean[64];
    private final Edges data = new Edges();
    private final Edges ctrl = new Edges();
    private final Edges order = new Edges();

    void clear() {
        count = 0;
        data.clear();
        ctrl.clear();
        order.clear();
    }

    int add(final int kind, final int instruction, final long place, final long value, final int sizeBytes) {
        if (count == kinds.length) {
            final int capacity = 2 * count;
            kinds = Arrays.copyOf(kinds, capacity);
            instructions = Arrays.copyOf(instructions, capacity);
            places = Arrays.copyOf(places, capacity);
            values = Arrays.copyOf(values, capacity);
            sizes = Arrays.copyOf(sizes, capacity);
            isFromMemory = Arrays.copyOf(isFromMemory, capacity);
        }
        kinds[count] = kind;
        instructions[count] = instruction;
        places[count] = place;
        values[count] = value;
        sizes[count] = sizeBytes;
        isFromMemory[count] = (kind & Kind.R) != 0;
        return count++;
    }

    void data(final int[] from, final int to) {
        data.add(from, to);
    }

    void ctrl(final int[] from, final int to) {
        ctrl.add(from, to);
    }

    void order(final int[] from, final int[] to) {
        for (final int event : to) {
            order.add(from, event);
        }
    }

    /** Whether a value comes from a load, directly or through registers. */
    boolean isFromMemory(final int[] events) {
        for (final int event : events) {
            if (isFromMemory[event]) {
                return true;
            }
        }
        return false;
    }

    void setFromMemory(final int event, final boolean fromMemory) {
        isFromMemory[event] = fromMemory;
    }

    public int count() {
        return count;
    }

    public int kind(final int event) {
        return kinds[event];
    }

    public boolean is(final int event, final int kind) {
        return (kinds[event] & kind) != 0;
    }

    /** Counted in program order; the events of one instruction share it. */
    public int instruction(final int event) {
        return instructions[event];
    }

    public long place(final int event) {
        return places[event];
    }

    public long value(final int event) {
        return values[event];
    }

    public int sizeBytes(final int event) {
        return sizes[event];
    }

    /** herd's iico_data. */
    public Edges data() {
        return data;
    }

    /** herd's iico_ctrl. */
    public Edges ctrl() {
        return ctrl;
    }

    /** herd's iico_order. */
    public Edges order() {
        return order;
    }

    /** Pairs of events. */
    public static final class Edges {

        private int[] pairs = new int[128];
        private int length;

        void clear() {
            length = 0;
        }

        void add(final int[] from, final int to) {
            for (final int event : from) {
                if (length == pairs.length) {
                    pairs = Arrays.copyOf(pairs, 2 * length);
                }
                pairs[length++] = event;
                pairs[length++] = to;
            }
        }

        public int size() {
            return length / 2;
        }

        public int from(final int edge) {
            return pairs[2 * edge];
        }

        public int to(final int edge) {
            return pairs[2 * edge + 1];
        }
    }
}
