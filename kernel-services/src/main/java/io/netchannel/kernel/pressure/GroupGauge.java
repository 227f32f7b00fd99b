package io.netchannel.kernel.pressure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a memory control group has left of its limit. Pages of files that nobody uses don't count as used: the kernel takes
 * them before it makes anybody wait, as {@code MemAvailable} has it for the whole machine.
 */
final class GroupGauge implements MemoryGauge {

    /** Version 1 has no word for none: the largest number of whole pages; so is more than any machine has. */
    private static final long NO_LIMIT_BYTES = 1L << 60;

    private final Path group;
    private final boolean unified;

    /**
     * @param group its directory
     * @param unified whether it is of version 2
     */
    GroupGauge(final Path group, final boolean unified) {
        this.group = group;
        this.unified = unified;
    }

    /** Whether the directory is one that has limits. */
    static boolean isThere(final Path group, final boolean unified) {
        return Files.isReadable(group.resolve(unified ? "memory.current" : "memory.usage_in_bytes"));
    }

    @Override
    public String name() {
        return group.toString();
    }

    private long limitBytes() throws IOException {
        if (!unified) {
            return NumberFile.read(group.resolve("memory.limit_in_bytes"));
        }
        // Above memory.high tasks are held up, which is what is to be avoided; memory.max is behind it.
        return Math.min(NumberFile.read(group.resolve("memory.max")), NumberFile.read(group.resolve("memory.high")));
    }

    @Override
    public MemoryReading read() throws IOException {
        final long limit = limitBytes();
        if (limit <= 0 || limit >= NO_LIMIT_BYTES) {
            return new MemoryReading.Unlimited();
        }
        final long used = NumberFile.read(group.resolve(unified ? "memory.current" : "memory.usage_in_bytes"));
        final long files = NumberFile.field(group.resolve("memory.stat"),
                unified ? "inactive_file" : "total_inactive_file", 0);
        return new MemoryReading.Room(limit, Math.max(0, limit - used + Math.min(files, used)));
    }

    @Override
    public void watch(final PressureEvents events, final PressureThresholds thresholds) {
        if (unified) {
            events.addChanges(group.resolve("memory.events"));
            return;
        }
        final long limit;
        try {
            limit = limitBytes();
        } catch (final IOException gone) {
            throw new IllegalStateException(gone.getMessage(), gone);
        }
        if (limit > 0 && limit < NO_LIMIT_BYTES) {
            events.addThreshold(group, limit - thresholds.lowBytes(limit));
        }
    }
}
