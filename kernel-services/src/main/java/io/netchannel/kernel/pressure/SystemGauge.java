package io.netchannel.kernel.pressure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the machine has left, by its own estimate: {@code MemAvailable}. */
final class SystemGauge implements MemoryGauge {

    private final Path file;

    /** @param file {@code /proc/meminfo} */
    SystemGauge(final Path file) {
        this.file = file;
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public MemoryReading read() throws IOException {
        long total = -1;
        long available = -1;
        for (final String line : Files.readAllLines(file)) {
            if (line.startsWith("MemTotal:")) {
                total = NumberFile.word(line, file, 1) << 10;
            } else if (line.startsWith("MemAvailable:")) {
                available = NumberFile.word(line, file, 1) << 10;
            }
            if (total > 0 && available >= 0) {
                return new MemoryReading.Room(total, available);
            }
        }
        throw new IOException(file + " has no MemTotal or no MemAvailable");
    }
}
