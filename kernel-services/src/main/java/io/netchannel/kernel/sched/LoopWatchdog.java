package io.netchannel.kernel.sched;

import io.netchannel.cpu.Cpu;
import io.netchannel.cpu.HostMemory;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread that looks at loops: names one that does not get on, with its stack, and stands in for it meanwhile.
 *
 * <pre>
 *   look: each loop's word ──▶ the same as before, for longer than a limit? ──▶ report; take its stack, and run it until it is wanted
 *   rest: a few ms between looks; none while all loops are parked: the first that wakes up rings
 * </pre>
 * A look costs a load for each loop. What stops this thread too, like a collector's pause or a machine without time for us, is not
 * counted as blocking: no look adds more than two intervals.
 *
 * <p>Without {@link #start()} it has no thread: whoever calls {@link #look} is the watchdog, in virtual time if need be.
 *
 * <p>Threading: {@link #watch} before the loop runs; {@link #start()}, {@link #close()} and {@link #count} any thread.
 */
public final class LoopWatchdog implements AutoCloseable {

    /** Looks at nothing but parked loops before the watchdog sleeps itself: one that sleeps has to be rung. */
    static final int LOOKS_BEFORE_SLEEP = 64;

    private static final long STAND_IN_INTERVAL_NS = 500_000;
    private static final long JOIN_MS = 10_000;

    private final String name;
    private final WatchdogConfig config;
    private final NanoClock clock;
    private final List<WatchedLoop> loops = new CopyOnWriteArrayList<>();
    private final AtomicLongArray counts = new AtomicLongArray(WatchdogCounter.values().length);
    private final WakeWord wakeWord;
    private volatile Thread thread;
    private volatile boolean closed;
    private int idleLooks;
    private long lookedNs;

    /** @throws IllegalArgumentException if the configuration is off */
    public LoopWatchdog(final String name, final WatchdogConfig config, final NanoClock clock) {
        if (!config.isOn()) {
            throw new IllegalArgumentException("reportNs=0: no watchdog is wanted");
        }
        this.name = Objects.requireNonNull(name, "name");
        this.config = config;
        this.clock = Objects.requireNonNull(clock, "clock");
        // Never given back: a loop may still look at it.
        this.wakeWord = new WakeWord(HostMemory.INSTANCE,
                Arena.global().allocate(WakeWord.SIZE_BYTES, Cpu.host().separationBytes()).address(),
                () -> LockSupport.unpark(thread));
    }

    /**
     * Looks at {@code loop} from now on, and reports to its error handler.
     *
     * @param standIn runs its stack while it is lent and a call-back takes long; or null
     */
    public void watch(final RunLoop loop, final StandIn standIn) {
        final LoopActivity activity = Objects.requireNonNull(loop.activity(), "the loop was built without activity()");
        activity.watchdog(wakeWord, this::asked);
        loops.add(new WatchedLoop(loop, activity, config.takesOver() ? standIn : null, config, counts));
    }

    public long count(final WatchdogCounter counter) {
        return counts.get(counter.ordinal());
    }

    /** A loop waits for its stack: this thread is woken; without one the loop looks itself. */
    private void asked() {
        final Thread running = thread;
        if (running == null) {
            look(lookedNs);
        } else {
            LockSupport.unpark(running);
        }
    }

    // -- its thread

    /**
     * One look at all loops, for a watchdog without a thread of its own.
     *
     * @return when to look again; {@link Poller#NO_DEADLINE} if all loops are parked
     */
    public long look(final long nowNs) {
        lookedNs = nowNs;
        counts.incrementAndGet(WatchdogCounter.LOOKS.ordinal());
        boolean parked = true;
        boolean helps = false;
        for (final WatchedLoop loop : loops) {
            parked &= loop.look(nowNs);
            helps |= loop.isHelped();
        }
        if (parked) {
            return Poller.NO_DEADLINE;
        }
        return nowNs + (helps ? STAND_IN_INTERVAL_NS : config.intervalNs());
    }

    public LoopWatchdog start() {
        final Thread started = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
        thread = started;
        started.start();
        return this;
    }

    private void run() {
        try {
            lookUntilClosed();
        } finally {
            // Also if this thread dies of an error: a loop would wait for its stack for ever.
            loops.forEach(loop -> loop.giveBack(lookedNs));
        }
    }

    private void lookUntilClosed() {
        while (!closed) {
            final long nowNs = clock.nowNs();
            final long nextNs = look(nowNs);
            if (nextNs != Poller.NO_DEADLINE) {
                idleLooks = 0;
                LockSupport.parkNanos(Math.max(1, nextNs - clock.nowNs()));
            } else if (idleLooks++ < LOOKS_BEFORE_SLEEP) {
                LockSupport.parkNanos(config.intervalNs());
            } else {
                sleep();
            }
        }
    }

    /** The protocol of the wake word: armed before the last look, so a loop that wakes up after it rings. */
    private void sleep() {
        wakeWord.arm();
        while (!closed && look(clock.nowNs()) == Poller.NO_DEADLINE) {
            LockSupport.park(this);
            // Whoever has rung has disarmed it.
            wakeWord.arm();
        }
        wakeWord.disarm();
        idleLooks = 0;
    }

    /** Ends the thread; a stack that it has goes back. Idempotent. */
    @Override
    public void close() {
        closed = true;
        final Thread running = thread;
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        LockSupport.unpark(running);
        try {
            running.join(JOIN_MS);
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
