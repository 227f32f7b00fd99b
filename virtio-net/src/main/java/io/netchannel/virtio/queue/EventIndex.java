package io.netchannel.virtio.queue;

/** Whether a publication passed the point at which the other side wants to be told (VirtIO 1.3, 2.7.10 and 2.8.10). */
final class EventIndex {

    private EventIndex() {
    }

    /**
     * Split queues: whether {@code event} lies in the entries {@code now - count} to {@code now - 1}. All that counts
     * of the indices is their distance modulo 2^16.
     *
     * @param event index of the entry whose publication is to be told
     * @param now index after the publication
     * @param count entries published since the question was last asked, at least 1
     */
    static boolean passed(final int event, final long now, final long count) {
        return (now - event - 1 & 0xFFFF) < count;
    }

    /**
     * Packed queues: the same for positions in a ring of {@code size}, an offset of the other wrap counter being one
     * lap behind.
     *
     * @param event the other side's event suppression structure
     * @param position of the next descriptor to publish, on the lap of {@code wrap}
     * @param count descriptors passed since the question was last asked, at least 1
     */
    static boolean passed(final int event, final int position, final boolean wrap, final int size, final long count) {
        final int offset = PackedQueueLayout.eventOffset(event);
        final int lapped = PackedQueueLayout.eventWrap(event) == wrap ? offset : offset - size;
        // Past more than a lap the offset can't tell which one is meant, but whatever it meant was passed.
        return count > size || (position - lapped - 1 & 0xFFFF) < count;
    }
}
