package io.netchannel.cpu.litmus.thread;

import java.util.Arrays;

/** A choice vector: a run asks it at each fork, and {@link #next} turns to the next combination, depth first. */
final class Choices {

    private int[] chosen = new int[16];
    private int[] counts = new int[16];
    private int length;
    private int position;

    void rewind() {
        position = 0;
    }

    int choose(final int count) {
        if (position == length) {
            if (length == chosen.length) {
                chosen = Arrays.copyOf(chosen, 2 * length);
                counts = Arrays.copyOf(counts, 2 * length);
            }
            chosen[length] = 0;
            counts[length++] = count;
        }
        return chosen[position++];
    }

    /** @return false when all were tried */
    boolean next() {
        length = position;
        while (length > 0) {
            if (++chosen[length - 1] < counts[length - 1]) {
                return true;
            }
            length--;
        }
        return false;
    }
}
