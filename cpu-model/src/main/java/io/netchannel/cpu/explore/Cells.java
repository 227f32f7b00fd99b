package io.netchannel.cpu.explore;

import java.util.stream.IntStream;

/**
 * The memory cut into cells, the largest pieces that every access so far takes whole. Nearly all words are accessed with
 * one size, so an access is nearly always one cell.
 */
final class Cells {

    /** Thrown when an access cuts a cell: what was explored with larger cells begins anew. */
    static final class Refined extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refined() {
            super(null, null, false, false);
        }
    }

    private final boolean[] boundary;
    private final int[] cellOf;
    private int[] starts;
    private int count;

    Cells(final int sizeBytes) {
        boundary = new boolean[sizeBytes + 1];
        cellOf = new int[sizeBytes];
        for (int i = 0; i <= sizeBytes; i += Long.BYTES) {
            boundary[i] = true;
        }
        boundary[sizeBytes] = true;
        number();
    }

    /** With cells that an earlier exploration came to. */
    static Cells of(final int sizeBytes, final long[] cuts) {
        final Cells cells = new Cells(sizeBytes);
        for (final long cut : cuts) {
            cells.boundary[(int) cut] = true;
        }
        cells.number();
        return cells;
    }

    /** Where cells begin that are not whole aligned words. */
    long[] cuts() {
        return IntStream.range(0, boundary.length).filter(i -> boundary[i] && i % Long.BYTES != 0).asLongStream()
                .toArray();
    }

    private void number() {
        count = 0;
        starts = new int[cellOf.length + 1];
        for (int i = 0; i < cellOf.length; i++) {
            if (boundary[i]) {
                starts[count++] = i;
            }
            cellOf[i] = count - 1;
        }
        starts[count] = cellOf.length;
    }

    int sizeBytes() {
        return cellOf.length;
    }

    int count() {
        return count;
    }

    int startOf(final int cell) {
        return starts[cell];
    }

    int bytesOf(final int cell) {
        return starts[cell + 1] - starts[cell];
    }

    int first(final int offset) {
        return cellOf[offset];
    }

    /** Behind the last cell of the access. */
    int end(final int offset, final int sizeBytes) {
        return cellOf[offset + sizeBytes - 1] + 1;
    }

    /** @throws Refined if the access cuts a cell, which it does no more the next time */
    void require(final int offset, final int sizeBytes) {
        if (!boundary[offset] || !boundary[offset + sizeBytes]) {
            boundary[offset] = true;
            boundary[offset + sizeBytes] = true;
            number();
            throw new Refined();
        }
    }
}
