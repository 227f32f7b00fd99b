package io.netchannel.kernel.pressure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How long tasks wait for memory: pressure stall information, of the machine or of a control group of version 2. */
final class StallGauge implements MemoryGauge {

    // The shortest that the kernel lets everybody have.
    private static final long WINDOW_NS = 2_000_000_000L;
    private static final int ALL_PERMILLE = 1000;
    private static final String TOTAL = "total=";

    private final Path file;

    /** @param file {@code /proc/pressure/memory} or {@code memory.pressure} */
    StallGauge(final Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public MemoryReading read() throws IOException {
        for (final String line : Files.readAllLines(file)) {
            final int total = line.indexOf(TOTAL);
            if (line.startsWith("some ") && total > 0) {
                return new MemoryReading.Stall(NumberFile.parse(line.substring(total + TOTAL.length()).strip(), file)
                        * 1000);
            }
        }
        throw new IOException(file + " has no line 'some ... " + TOTAL + "'");
    }

    @Override
    public void watch(final PressureEvents events, final PressureThresholds thresholds) {
        events.addTrigger(file, WINDOW_NS / ALL_PERMILLE * thresholds.stallPermille(), WINDOW_NS);
    }
}
