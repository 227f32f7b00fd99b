package io.netchannel.cpu.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A few threads over a modelled memory.
 *
 * <p>The set-up runs once for each exploration, each thread very often: it must do the same whenever it loads the same
 * values, and make its own objects each time. What threads share lies in the modelled memory, all of it.
 *
 * <p>Threading: one thread builds it; everything runs on the thread that explores.
 */
public final class Program {

    /** Address of the first byte; any alignment up to a page holds for what is allocated. */
    static final long BASE = 0x10_0000L;

    record Range(String name, long address, long lengthBytes) {
    }

    record Body(String name, Consumer<ModelledThread> code) {
    }

    private final String name;
    private final List<Range> ranges = new ArrayList<>();
    private final List<Body> threads = new ArrayList<>();
    private final List<Consumer<ModelledMemory>> setups = new ArrayList<>();
    private final List<FinalCheck> checks = new ArrayList<>();
    private long usedBytes;
    private Range heap = new Range("heap", 0, 0);

    /** What is checked in each final state. */
    @FunctionalInterface
    public interface FinalCheck {

        /**
         * Throws an {@link AssertionError} if the state is wrong.
         *
         * @param results what the threads gave; more may be added, and then counts for telling states apart
         * @param memory as it is in the end
         */
        void check(Results results, ModelledMemory memory);
    }

    private Program(final String name) {
        this.name = name;
    }

    public static Program named(final String name) {
        return new Program(name);
    }

    /**
     * Zeroed memory for all threads.
     *
     * @param rangeName in traces
     * @param alignmentBytes a power of two up to 4096
     * @return its address, the same in every execution
     */
    public long allocate(final String rangeName, final long sizeBytes, final long alignmentBytes) {
        if (sizeBytes < 1 || Long.bitCount(alignmentBytes) != 1 || alignmentBytes < 1 || alignmentBytes > 4096) {
            throw new IllegalArgumentException("sizeBytes=" + sizeBytes + " < 1, or alignmentBytes=" + alignmentBytes
                    + " is not a power of two within 1..4096");
        }
        usedBytes = usedBytes + alignmentBytes - 1 & -alignmentBytes;
        final long address = BASE + usedBytes;
        usedBytes += sizeBytes;
        ranges.add(new Range(rangeName, address, sizeBytes));
        return address;
    }

    /** So many fields and elements of heap objects may be reached through {@link ModelledMemory#heap()}. */
    public Program heapWords(final int count) {
        final long lengthBytes = (long) count * Long.BYTES;
        heap = new Range("heap", allocate("heap", lengthBytes, Long.BYTES), lengthBytes);
        return this;
    }

    /** Runs before the threads start; they see all of it. */
    public Program setup(final Consumer<ModelledMemory> setup) {
        setups.add(setup);
        return this;
    }

    /** One more thread. */
    public Program thread(final String threadName, final Consumer<ModelledThread> code) {
        threads.add(new Body(threadName, code));
        return this;
    }

    /** Checks every final state, when all threads are done. */
    public Program finally_(final FinalCheck check) {
        checks.add(check);
        return this;
    }

    public String name() {
        return name;
    }

    long sizeBytes() {
        return usedBytes + Long.BYTES & -Long.BYTES;
    }

    Range heap() {
        return heap;
    }

    List<Range> ranges() {
        return ranges;
    }

    List<Body> threads() {
        return threads;
    }

    List<Consumer<ModelledMemory>> setups() {
        return setups;
    }

    List<FinalCheck> checks() {
        return checks;
    }
}
