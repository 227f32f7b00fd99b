package io.netchannel.cpu.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Happens-before of one execution, by vector clocks: program order, and release store to acquire load that returns it,
 * where a fence makes an opaque store a release or an opaque load an acquire, as in C11.
 */
final class RaceCheck {

    // A store's kind is even, the load's the next odd one.
    private static final int KINDS = 4;
    private static final int ATOMIC_STORE = 0;
    private static final int PLAIN_STORE = 2;
    private static final int[] NOTHING = {};

    private final int threadCount;
    private final int[][] clocks;
    /** Of stores that come after a release fence. */
    private final int[][] fenced;
    private final int[] positions;
    /** Clock that each store hands to an acquire load of it, by thread and ordinal; empty: none. */
    private final List<List<int[]>> released = new ArrayList<>();
    /** Stores that an acquire fence will synchronise with: thread, ordinal. */
    private final List<List<int[]>> pending = new ArrayList<>();
    /** The last access of each kind to a cell by a thread, 1 for its first. */
    private final int[] last;
    private Race race;

    RaceCheck(final int threadCount, final int cellCount) {
        this.threadCount = threadCount;
        clocks = new int[threadCount][threadCount];
        fenced = new int[threadCount][];
        positions = new int[threadCount];
        last = new int[cellCount * threadCount * KINDS];
    }

    /** @return a race, or null */
    Race check(final Outcome[] threads) {
        clear();
        boolean progress = true;
        while (progress) {
            progress = false;
            for (int thread = 0; thread < threadCount; thread++) {
                final int[] events = threads[thread].events;
                while (positions[thread] < events.length && step(thread, events, positions[thread])) {
                    positions[thread] += Events.LENGTH;
                    progress = true;
                    if (race != null) {
                        return race;
                    }
                }
            }
        }
        for (int thread = 0; thread < threadCount; thread++) {
            if (positions[thread] < threads[thread].events.length) {
                throw new IllegalStateException("happens-before has a cycle, which no modelled CPU allows");
            }
        }
        return null;
    }

    private void clear() {
        race = null;
        released.clear();
        pending.clear();
        Arrays.fill(last, 0);
        for (int thread = 0; thread < threadCount; thread++) {
            Arrays.fill(clocks[thread], 0);
            fenced[thread] = NOTHING;
            positions[thread] = 0;
            released.add(new ArrayList<>());
            pending.add(new ArrayList<>());
        }
    }

    /** @return false if the thread must wait for a store that it synchronises with */
    private boolean step(final int thread, final int[] events, final int at) {
        final int kind = events[at] >> 8;
        final int mode = events[at] & 0xFF;
        if (kind == Events.FENCE) {
            if (mode != Fence.RELEASE.ordinal() && !joinPending(thread)) {
                return false;
            }
            if (mode != Fence.ACQUIRE.ordinal()) {
                fenced[thread] = clocks[thread].clone();
                fenced[thread][thread] = at / Events.LENGTH + 1;
            }
        } else if (kind == Events.LOAD && !load(thread, mode, events[at + 2], events[at + 3])) {
            return false;
        }
        clocks[thread][thread] = at / Events.LENGTH + 1;
        if (kind != Events.FENCE) {
            final boolean plain = mode == AccessMode.PLAIN.ordinal();
            final int access = (plain ? PLAIN_STORE : ATOMIC_STORE) + (kind == Events.LOAD ? 1 : 0);
            compare(thread, events[at + 1], access, at / Events.LENGTH);
            if (kind == Events.STORE) {
                publish(thread, mode, events[at + 3]);
            }
        }
        return true;
    }

    private boolean load(final int thread, final int mode, final int writer, final int ordinal) {
        if (writer == Events.SETUP || writer == thread || mode == AccessMode.PLAIN.ordinal()) {
            return true;
        }
        if (mode == AccessMode.OPAQUE.ordinal()) {
            pending.get(thread).add(new int[]{writer, ordinal});
            return true;
        }
        return join(thread, writer, ordinal);
    }

    private boolean joinPending(final int thread) {
        for (final int[] store : pending.get(thread)) {
            if (!join(thread, store[0], store[1])) {
                return false;
            }
        }
        pending.get(thread).clear();
        return true;
    }

    private boolean join(final int thread, final int writer, final int ordinal) {
        final List<int[]> stores = released.get(writer);
        final int[] clock = ordinal < stores.size() ? stores.get(ordinal) : null;
        if (clock == null) {
            return false;
        }
        for (int i = 0; i < clock.length; i++) {
            clocks[thread][i] = Math.max(clocks[thread][i], clock[i]);
        }
        return true;
    }

    private void publish(final int thread, final int mode, final int ordinal) {
        final List<int[]> stores = released.get(thread);
        while (stores.size() <= ordinal) {
            stores.add(null);
        }
        stores.set(ordinal, mode >= AccessMode.RELEASE.ordinal()
                ? clocks[thread].clone()
                : mode == AccessMode.PLAIN.ordinal() ? NOTHING : fenced[thread]);
    }

    private void compare(final int thread, final int cell, final int access, final int index) {
        for (int other = 0; other < threadCount; other++) {
            final int slot = (cell * threadCount + other) * KINDS;
            for (int kind = 0; other != thread && kind < KINDS; kind++) {
                final boolean store = (kind & 1) == 0 || (access & 1) == 0;
                final boolean plain = kind >= PLAIN_STORE || access >= PLAIN_STORE;
                if (store && plain && last[slot + kind] > clocks[thread][other]) {
                    race = new Race(other, last[slot + kind] - 1, thread, index);
                }
            }
        }
        last[(cell * threadCount + thread) * KINDS + access] = index + 1;
    }
}
