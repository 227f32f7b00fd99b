package io.netchannel.kernel.pressure;

import java.io.IOException;

/** One view of how much memory there is. Threading: the loop's that polls {@link MemoryPressure}. */
public interface MemoryGauge extends AutoCloseable {

    /** For reports: the file, or whose memory it is. */
    String name();

    /** @throws IOException if there is nothing to read any more: the gauge is left out from then on */
    MemoryReading read() throws IOException;

    /**
     * Has {@code events} wake the loop where the system can tell when to look; without, the gauge is read at intervals.
     *
     * @throws RuntimeException that says why it can't
     */
    default void watch(final PressureEvents events, final PressureThresholds thresholds) {
        // Most can't tell.
    }

    @Override
    default void close() {
        // Most hold nothing.
    }
}
