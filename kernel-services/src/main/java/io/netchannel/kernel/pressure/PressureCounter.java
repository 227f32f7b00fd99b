package io.netchannel.kernel.pressure;

/** What {@link MemoryPressure} counts. */
public enum PressureCounter {
    /** Times that the gauges were read. */
    LOOKS,
    /** Looks that an event of the kernel asked for. */
    EVENTS,
    /** Rounds over the shrinkers. */
    ROUNDS,
    /** Bytes that rounds were to get. */
    WANTED_BYTES,
    /** Bytes that shrinkers have given. */
    GIVEN_BYTES,
    /** Bytes that shrinkers were let have again. */
    REGROWN_BYTES,
    /** Gauges that could not be read any more. */
    LOST_GAUGES,
    /** The present {@link PressureLevel}'s ordinal. */
    LEVEL
}
