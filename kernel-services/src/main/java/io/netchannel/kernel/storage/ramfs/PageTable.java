package io.netchannel.kernel.storage.ramfs;

import io.netchannel.kernel.memory.SharedPages;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Which page of the memory is page i of a file, in two levels, so that a hole costs little. Threading: its file's lock.
 */
final class PageTable {

    /** Beyond, a file is too large: with pages of 4 KiB, 256 GiB. So a byte behind a hole costs 1 MiB of heap at most. */
    static final long MAX_PAGES = 1L << 26;

    private static final int LEAF_SHIFT = 8;
    private static final int LEAF_PAGES = 1 << LEAF_SHIFT;
    private static final int FIRST_PAGES = 4;
    private static final int[][] EMPTY = {};

    private int[][] leaves = EMPTY;
    private long pages;

    /** Pages that are there: holes don't count. */
    long pages() {
        return pages;
    }

    /** @return {@link SharedPages#NONE} in a hole */
    int get(final long index) {
        final int leaf = (int) (index >>> LEAF_SHIFT);
        final int at = (int) index & LEAF_PAGES - 1;
        return leaf >= leaves.length || leaves[leaf] == null || at >= leaves[leaf].length
                ? SharedPages.NONE
                : leaves[leaf][at];
    }

    void set(final long index, final int page) {
        final int[] leaf = leaf((int) (index >>> LEAF_SHIFT), (int) index & LEAF_PAGES - 1);
        if (leaf[(int) index & LEAF_PAGES - 1] == SharedPages.NONE) {
            pages++;
        }
        leaf[(int) index & LEAF_PAGES - 1] = page;
    }

    /** A leaf, made or made larger so that it has an entry {@code at}: most files are small. */
    private int[] leaf(final int number, final int at) {
        if (number >= leaves.length) {
            leaves = Arrays.copyOf(leaves, Math.max(number + 1, leaves.length * 2));
        }
        final int before = leaves[number] == null ? 0 : leaves[number].length;
        if (at >= before) {
            final int length = Math.max(FIRST_PAGES, Integer.highestOneBit(at) << 1);
            leaves[number] = before == 0 ? new int[length] : Arrays.copyOf(leaves[number], length);
            Arrays.fill(leaves[number], before, length, SharedPages.NONE);
        }
        return leaves[number];
    }

    /** Removes the pages from {@code fromIndex} on. */
    void truncate(final long fromIndex, final IntConsumer removed) {
        final int firstLeaf = (int) (fromIndex >>> LEAF_SHIFT);
        for (int leaf = firstLeaf; leaf < leaves.length; leaf++) {
            if (leaves[leaf] == null) {
                continue;
            }
            final int first = leaf == firstLeaf ? (int) fromIndex & LEAF_PAGES - 1 : 0;
            for (int i = first; i < leaves[leaf].length; i++) {
                final int page = leaves[leaf][i];
                if (page != SharedPages.NONE) {
                    leaves[leaf][i] = SharedPages.NONE;
                    pages--;
                    removed.accept(page);
                }
            }
            if (first == 0) {
                leaves[leaf] = null;
            }
        }
        if (fromIndex == 0) {
            leaves = EMPTY;
        }
    }
}
