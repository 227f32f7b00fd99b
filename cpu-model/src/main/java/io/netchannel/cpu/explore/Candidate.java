package io.netchannel.cpu.explore;

/** A store that a thread can make the memory's next one. */
final class Candidate {

    final int offset;
    final int sizeBytes;
    final long value;
    /** The newest time that any run had to have seen before it. */
    int view;
    /** Whether each run does it before the thread's store that is now the newest in memory. */
    boolean beforeNewest;

    Candidate(final int offset, final int sizeBytes, final long value, final int view, final boolean beforeNewest) {
        this.offset = offset;
        this.sizeBytes = sizeBytes;
        this.value = value;
        this.view = view;
        this.beforeNewest = beforeNewest;
    }

    boolean isSame(final Candidate that) {
        return offset == that.offset && sizeBytes == that.sizeBytes && value == that.value;
    }

    void merge(final Candidate that) {
        view = Math.max(view, that.view);
        beforeNewest &= that.beforeNewest;
    }
}
