package io.netchannel.cpu.explore;

import java.util.Arrays;

/**
 * What a run accessed, in program order, in terms that don't depend on the order of other threads' stores: for each
 * access four numbers, kind and mode, cell, thread of the store, its ordinal among that thread's.
 */
final class Events {

    static final int LENGTH = 4;
    static final int LOAD = 0;
    static final int STORE = 1;
    static final int FENCE = 2;
    /** Thread of the set-up's stores. */
    static final int SETUP = -1;

    private int[] words = new int[256];
    private int length;

    void clear() {
        length = 0;
    }

    private void add(final int kind, final int mode, final int cell, final int thread, final int ordinal) {
        if (length + LENGTH > words.length) {
            words = Arrays.copyOf(words, 2 * length);
        }
        words[length++] = kind << 8 | mode;
        words[length++] = cell;
        words[length++] = thread;
        words[length++] = ordinal;
    }

    void load(final AccessMode mode, final int cell, final WriteLog log, final int time) {
        add(LOAD, mode.ordinal(), cell, time == 0 ? SETUP : log.thread(time), time == 0 ? 0 : log.ordinal(time));
    }

    void store(final AccessMode mode, final int cell, final WriteLog log, final int time) {
        add(STORE, mode.ordinal(), cell, log.thread(time), log.ordinal(time));
    }

    void fence(final Fence fence) {
        add(FENCE, fence.ordinal(), 0, 0, 0);
    }

    int count() {
        return length / LENGTH;
    }

    int[] toArray() {
        return Arrays.copyOf(words, length);
    }
}
