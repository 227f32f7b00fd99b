package io.netchannel.kernel.sched;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How often the kernel took a loop's thread off its CPU, as {@code /proc/self/task/TID/status} has it.
 *
 * @param voluntary it slept, or yielded
 * @param involuntary somebody else's turn had come
 */
public record LoopSwitches(long voluntary, long involuntary) {

    /** Of a loop that doesn't run. */
    public static final LoopSwitches NONE = new LoopSwitches(0, 0);

    private static final String VOLUNTARY = "voluntary_ctxt_switches:";
    private static final String INVOLUNTARY = "nonvoluntary_ctxt_switches:";

    /** @param thread of this process; {@link #NONE} if it has ended */
    static LoopSwitches read(final int thread) {
        try {
            return parse(Files.readAllLines(Path.of("/proc/self/task", Integer.toString(thread), "status")));
        } catch (final IOException ended) {
            return NONE;
        }
    }

    static LoopSwitches parse(final List<String> lines) {
        return new LoopSwitches(field(lines, VOLUNTARY), field(lines, INVOLUNTARY));
    }

    private static long field(final List<String> lines, final String name) {
        for (final String line : lines) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).trim());
            }
        }
        return 0;
    }

    /** Those of two loops together. */
    public LoopSwitches plus(final LoopSwitches other) {
        return new LoopSwitches(voluntary + other.voluntary, involuntary + other.involuntary);
    }
}
