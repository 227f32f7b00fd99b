package io.netchannel.kernel.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * A set of block numbers, as a tree of 64-bit words: a bit of a word above says that the word below has any. So the lowest
 * member of a million is found in four steps.
 *
 * <p>Threading: confined to its owner.
 */
final class BlockSet {

    static final int NONE = -1;

    private static final int SHIFT = 6;

    // levels[0] has a bit for each number; the last has one word.
    private final long[][] levels;

    /** For numbers from 0 to less than {@code size}. */
    BlockSet(final int size) {
        final List<long[]> made = new ArrayList<>();
        int words = size;
        do {
            words = words + Long.SIZE - 1 >>> SHIFT;
            made.add(new long[words]);
        } while (words > 1);
        levels = made.toArray(long[][]::new);
    }

    void add(final int number) {
        int bit = number;
        for (final long[] level : levels) {
            final long before = level[bit >>> SHIFT];
            level[bit >>> SHIFT] = before | 1L << bit;
            if (before != 0) {
                return;
            }
            bit >>>= SHIFT;
        }
    }

    void remove(final int number) {
        int bit = number;
        for (final long[] level : levels) {
            final long after = level[bit >>> SHIFT] & ~(1L << bit);
            level[bit >>> SHIFT] = after;
            if (after != 0) {
                return;
            }
            bit >>>= SHIFT;
        }
    }

    boolean contains(final int number) {
        return (levels[0][number >>> SHIFT] & 1L << number) != 0;
    }

    /** @return the lowest number, or {@link #NONE} */
    int first() {
        int bit = 0;
        for (int i = levels.length - 1; i >= 0; i--) {
            final long word = levels[i][bit];
            if (word == 0) {
                return NONE;
            }
            bit = bit << SHIFT | Long.numberOfTrailingZeros(word);
        }
        return bit;
    }

    /** @return the lowest number from {@code from} on, or {@link #NONE} */
    int next(final int from) {
        final long[] words = levels[0];
        int word = from >>> SHIFT;
        if (word >= words.length) {
            return NONE;
        }
        long bits = words[word] & -1L << from;
        while (bits == 0) {
            if (++word == words.length) {
                return NONE;
            }
            bits = words[word];
        }
        return word << SHIFT | Long.numberOfTrailingZeros(bits);
    }
}
