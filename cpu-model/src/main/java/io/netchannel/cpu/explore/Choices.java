package io.netchannel.cpu.explore;

import java.util.Arrays;

/** The choices of a run, in order; {@link #advance} goes to the next run, depth first. */
final class Choices {

    private int[] chosen = new int[64];
    private int[] options = new int[64];
    private int length;
    private int position;

    void clear() {
        length = 0;
        position = 0;
    }

    void restart() {
        position = 0;
    }

    void replay(final int[] vector) {
        chosen = Arrays.copyOf(vector, vector.length + 64);
        options = new int[vector.length + 64];
        length = vector.length;
        position = 0;
    }

    /** One of 0 to {@code count - 1}. Where there is nothing to choose, nothing is recorded. */
    int next(final int count) {
        if (count == 1) {
            return 0;
        }
        if (position == length) {
            if (length == chosen.length) {
                chosen = Arrays.copyOf(chosen, 2 * length);
                options = Arrays.copyOf(options, 2 * length);
            }
            chosen[length++] = 0;
        }
        options[position] = count;
        return chosen[position++];
    }

    /** @return false if that was the last run */
    boolean advance() {
        // What lies behind the position belongs to a run that was cut off earlier.
        length = position;
        while (length > 0 && chosen[length - 1] + 1 >= options[length - 1]) {
            length--;
        }
        if (length == 0) {
            return false;
        }
        chosen[length - 1]++;
        position = 0;
        return true;
    }

    int[] vector() {
        return Arrays.copyOf(chosen, position);
    }
}
