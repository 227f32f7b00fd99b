package io.netchannel.kernel.storage.journal;

/**
 * Where a record is: generation of its segment, and offset there. Later records have greater positions, so a {@code long}
 * compares; none is 0 or negative.
 */
final class Position {

    private static final int GENERATION_SHIFT = 32;

    private Position() {
    }

    static long of(final long generation, final int offsetBytes) {
        return generation << GENERATION_SHIFT | offsetBytes;
    }

    static long generation(final long position) {
        return position >>> GENERATION_SHIFT;
    }

    static int offsetBytes(final long position) {
        return (int) position;
    }
}
