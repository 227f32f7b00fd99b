package io.netchannel.perf.services;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A memory control group of version 1 that a run makes, and removes. */
final class LimitedGroup implements AutoCloseable {

    private static final Path GROUPS = Path.of("/sys/fs/cgroup/memory");

    private final Path directory;

    LimitedGroup(final String name) throws IOException {
        directory = GROUPS.resolve(name);
        Files.createDirectory(directory);
        // What is swapped out leaves RSS, too, and nobody has given it.
        Files.writeString(directory.resolve("memory.swappiness"), "0");
    }

    /** Why there can be none; null if there can. */
    static String unavailability() {
        if (!Files.exists(GROUPS.resolve("memory.limit_in_bytes"))) {
            return "needs cgroup v1's memory controller at " + GROUPS;
        }
        return Files.isWritable(GROUPS) && Files.isWritable(GROUPS.resolve("cgroup.procs"))
                ? null
                : "may not make a group in " + GROUPS + "; run it as root";
    }

    /** What a shell writes its number to, to be in the group with all that it becomes. */
    Path processes() {
        return directory.resolve("cgroup.procs");
    }

    long usedBytes() throws IOException {
        return Long.parseLong(Files.readString(directory.resolve("memory.usage_in_bytes")).strip());
    }

    void limitBytes(final long bytes) throws IOException {
        Files.writeString(directory.resolve("memory.limit_in_bytes"), Long.toString(bytes));
    }

    /** When all processes have ended. */
    @Override
    public void close() throws IOException {
        Files.delete(directory);
    }
}
