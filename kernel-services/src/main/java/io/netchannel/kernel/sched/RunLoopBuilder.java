package io.netchannel.kernel.sched;

import io.netchannel.cpu.Cpu;
import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.util.BitSet;
import java.util.Objects;

/**
 * How a {@link RunLoop} is to be: all has a default but the name.
 *
 * <p>Threading: confined to one thread.
 */
public final class RunLoopBuilder {

    /** The loop's thread runs wherever the scheduler puts it. */
    public static final int NO_CPU = -1;

    /** One of the CPUs that the kernel keeps free for whoever asks, see {@link Cpus#isolated}; wherever it likes if there is none. */
    public static final int ANY_ISOLATED_CPU = -2;

    /** A number above this can't be a CPU of Linux. */
    public static final int MAX_CPU = 8191;

    /** Some round trips within a rack; what a dataplane of 64 frames a turn has in its queues by then fits into them. */
    public static final long DEFAULT_APPLICATION_SLICE_NS = 200_000;

    /** A hundred units a second, however busy the loop is. */
    public static final long DEFAULT_BACKGROUND_WAIT_NS = 10_000_000;

    final String name;
    Placement placement = Placement.ANYWHERE;
    boolean daemon;
    int applicationWork = RunLoop.MAX_TASKS_PER_TURN;
    long applicationSliceNs = DEFAULT_APPLICATION_SLICE_NS;
    long backgroundWaitNs = DEFAULT_BACKGROUND_WAIT_NS;
    long taskBudgetNs;
    long pollBudgetNs;
    OverrunHandler overrunHandler = RunLoopBuilder::log;
    IdleStrategy idle = IdleStrategy.ADAPTIVE;
    NanoClock clock = SystemNanoClock.INSTANCE;
    LoopErrorHandler errorHandler = RunLoopBuilder::log;
    OrderedMemory memory;
    long address;
    LoopActivity activity;

    RunLoopBuilder(final String name) {
        this.name = Objects.requireNonNull(name, "name");
    }

    /** Confines the loop's thread to one CPU; {@link #NO_CPU} is the default, {@link #ANY_ISOLATED_CPU} another choice. */
    public RunLoopBuilder cpu(final int cpu) {
        if (cpu < ANY_ISOLATED_CPU || cpu > MAX_CPU) {
            throw new IllegalArgumentException("cpu=" + cpu + " is not within " + ANY_ISOLATED_CPU + ".." + MAX_CPU);
        }
        if (cpu == ANY_ISOLATED_CPU) {
            placement = Placement.ISOLATED;
            return this;
        }
        return cpu == NO_CPU ? cpus() : cpus(cpu);
    }

    /**
     * Confines the loop's thread to some CPUs; none, the default, leaves it where the scheduler puts it. Where the system lets nobody
     * choose, it runs unconfined, which is said once.
     */
    public RunLoopBuilder cpus(final int... cpus) {
        final BitSet set = new BitSet();
        for (final int cpu : cpus) {
            if (cpu < 0 || cpu > MAX_CPU) {
                throw new IllegalArgumentException("cpu=" + cpu + " is not within 0.." + MAX_CPU);
            }
            set.set(cpu);
        }
        placement = new Placement(set, false);
        return this;
    }

    /**
     * What {@link Priority#APPLICATION} has of a turn, and so how long the dataplane waits for it: tasks until either is used up, then
     * pollers until as much work is done. One task and one poller's work are done in any case.
     *
     * @param work units, 1 or more; default: 64
     * @param timeNs of tasks, 1 or more; default: {@value #DEFAULT_APPLICATION_SLICE_NS}
     */
    public RunLoopBuilder applicationSlice(final int work, final long timeNs) {
        if (work < 1 || timeNs < 1) {
            throw new IllegalArgumentException("applicationSlice work=" + work + ", timeNs=" + timeNs
                    + ": each must be 1 or more");
        }
        applicationWork = work;
        applicationSliceNs = timeNs;
        return this;
    }

    /**
     * How long {@link Priority#BACKGROUND} waits for its next unit of work while others have some: not longer than this and the turn
     * under way.
     *
     * @param waitNs 0 for a unit in each turn; default: {@value #DEFAULT_BACKGROUND_WAIT_NS}
     */
    public RunLoopBuilder backgroundWaitNs(final long waitNs) {
        backgroundWaitNs = Overruns.notNegative("backgroundWaitNs", waitNs);
        return this;
    }

    /**
     * A time that no task should take: one that does is counted and told to the {@link #overrunHandler}. Costs a look at the clock for
     * each task. {@link RunLoop#execute(Runnable, Priority, long)} gives a task one of its own. A fiber's turn is a task in this.
     *
     * @param budgetNs 0, the default, for none
     */
    public RunLoopBuilder taskBudgetNs(final long budgetNs) {
        taskBudgetNs = Overruns.notNegative("taskBudgetNs", budgetNs);
        return this;
    }

    /**
     * The same, of each call of a poller: a look at the clock for each of them in each turn. One of its own: {@link
     * RunLoop#add(Poller, Priority, long)}.
     */
    public RunLoopBuilder pollBudgetNs(final long budgetNs) {
        pollBudgetNs = Overruns.notNegative("pollBudgetNs", budgetNs);
        return this;
    }

    /** By default overruns go to the {@link System.Logger} named as the class {@link RunLoop}. */
    public RunLoopBuilder overrunHandler(final OverrunHandler overrunHandler) {
        this.overrunHandler = Objects.requireNonNull(overrunHandler, "overrunHandler");
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
     * Where the wake word, the counters and the histograms lie: {@value RunLoop#MEMORY_BYTES} bytes that must outlive everybody who
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

    /** Where the loop says what it is in, for a {@link LoopWatchdog}; by default nobody is told. */
    public RunLoopBuilder activity(final LoopActivity told) {
        activity = Objects.requireNonNull(told, "told");
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
        activity = null;
        return loop;
    }

    private static void log(final String loop, final Object source, final long tookNs, final long budgetNs,
            final long suppressed) {
        System.getLogger(RunLoop.class.getName()).log(Level.WARNING,
                "loop " + loop + ": " + WatchedLoop.describe(source)
                        + " took " + tookNs / 1_000 + " us, longer than its budget of " + budgetNs / 1_000 + " us"
                        + (suppressed == 0 ? "" : " (" + suppressed + " overruns before it were not reported)"));
    }

    private static void log(final String loop, final Object source, final Throwable thrown, final long suppressed) {
        final Logger logger = System.getLogger(RunLoop.class.getName());
        final String before = suppressed == 0 ? "" : " (" + suppressed + " errors before it were not reported)";
        if (thrown instanceof BlockedLoopException) {
            logger.log(Level.WARNING, thrown.getMessage() + before, thrown);
        } else {
            logger.log(Level.ERROR, "loop " + loop + ": " + source + " failed" + before, thrown);
        }
    }
}
