package io.netchannel.kernel.sched;

import io.netchannel.cpu.Cpu;
import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.util.Objects;

/**
 * How a {@link RunLoop} is to be: all has a default but the name.
 *
 * <p>Threading: confined to one thread.
 */
public final class RunLoopBuilder {

    /** The loop's thread runs wherever the scheduler puts it. */
    public static final int NO_CPU = -1;

    /** A number above this can't be a CPU of Linux. */
    public static final int MAX_CPU = 8191;

    final String name;
    int cpu = NO_CPU;
    boolean daemon;
    IdleStrategy idle = IdleStrategy.ADAPTIVE;
    NanoClock clock = SystemNanoClock.INSTANCE;
    LoopErrorHandler errorHandler = RunLoopBuilder::log;
    OrderedMemory memory;
    long address;

    RunLoopBuilder(final String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** Confines the loop's thread to one CPU; {@link #NO_CPU} is the default. */
    public RunLoopBuilder cpu(final int cpu) {
        if (cpu < NO_CPU || cpu > MAX_CPU) {
            throw new IllegalArgumentException("cpu=" + cpu + " is not within " + NO_CPU + ".." + MAX_CPU);
        }
        this.cpu = cpu;
        return this;
    }

    /** Whether the JVM may end while the loop runs; by default it may not. */
    public RunLoopBuilder daemon(final boolean daemon) {
        this.daemon = daemon;
        return this;
    }

    public RunLoopBuilder idle(final IdleStrategy idle) {
        this.idle = Objects.requireNonNull(idle, "idle");
        return this;
    }

    /** A loop with a thread needs a clock that runs by itself. */
    public RunLoopBuilder clock(final NanoClock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        return this;
    }

    /** By default errors go to the {@link System.Logger} named as the class {@link RunLoop}. */
    public RunLoopBuilder errorHandler(final LoopErrorHandler errorHandler) {
        this.errorHandler = Objects.requireNonNull(errorHandler, "errorHandler");
        return this;
    }

    /**
     * Where the wake word and the counters lie: {@value RunLoop#MEMORY_BYTES} bytes that must outlive everybody who
     * signals the loop. By default the loop takes them from the C heap and never gives them back, because a producer
     * may still look at the wake word of a loop that is gone.
     *
     * @param address a multiple of 128
     */
    public RunLoopBuilder memory(final OrderedMemory memory, final long address) {
        final int alignmentBytes = Cpu.host().separationBytes();
        if (address % alignmentBytes != 0) {
            throw new IllegalArgumentException("address=0x" + Long.toHexString(address) + " is not a multiple of "
                    + alignmentBytes);
        }
        this.memory = Objects.requireNonNull(memory, "memory");
        this.address = address;
        return this;
    }

    public RunLoop build() {
        if (memory == null) {
            memory(HostMemory.INSTANCE,
                    Arena.global().allocate(RunLoop.MEMORY_BYTES, Cpu.host().separationBytes()).address());
        }
        final RunLoop loop = new RunLoop(this);
        // A second loop from this builder must not share the words of the first.
        memory = null;
        return loop;
    }

    private static void log(final String loop, final Object source, final Throwable thrown, final long suppressed) {
        final Logger logger = System.getLogger(RunLoop.class.getName());
        logger.log(Level.ERROR, "loop " + loop + ": " + source + " failed"
                + (suppressed == 0 ? "" : " (" + suppressed + " errors before it were not reported)"), thrown);
    }
}
