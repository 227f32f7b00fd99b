package io.netchannel.kernel.pressure;

/**
 * Holds memory that it can do without. All methods are called on its own loop.
 *
 * <p>A call does a bounded amount of work, a millisecond or so, and is made again while it gives something and more is
 * wanted: what else the loop has to do goes on in between.
 */
public interface Shrinker {

    /** For counters and reports. */
    String name();

    /** What a byte of it is worth to its owner: the lowest is asked first. See {@link ShrinkCost}. */
    int cost();

    /** Bytes that it could give back now; an estimate. With 0 it isn't asked. */
    long reclaimableBytes();

    /**
     * Gives memory back to the system.
     *
     * @param wantedBytes more than 0; somewhat more may be given, such as the rest of a page
     * @return bytes that the system has got: not what was dropped, but what is no longer resident
     */
    long shrink(long wantedBytes);

    /**
     * There has been room for some time: of what it has given it may take so many bytes again, at its own pace.
     *
     * @param bytes more than 0
     */
    default void mayGrow(final long bytes) {
        // Most take what they need anyway, when they need it.
    }
}
