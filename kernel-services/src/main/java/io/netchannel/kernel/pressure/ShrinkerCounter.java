package io.netchannel.kernel.pressure;

/** What is counted for each {@link Shrinker}. */
public enum ShrinkerCounter {
    /** Times that it was asked. */
    ASKS,
    /** Bytes that it was asked for. */
    ASKED_BYTES,
    /** Bytes that it gave. */
    GIVEN_BYTES,
    /** Asks that gave nothing. */
    EMPTY,
    /** Asks that threw. */
    FAILED,
    /** Asks that were not answered in time: others were asked instead. */
    LATE,
    /** Bytes that it was let have again. */
    REGROWN_BYTES
}
