package io.netchannel.kernel.sched;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jctools.queues.varhandle.MpscUnboundedVarHandleArrayQueue;

/**
 * One thread that polls its {@link Poller}s, runs what others hand it, and sleeps when there is nothing to do.
 *
 * <pre>
 *   turn: up to {@value #MAX_TASKS_PER_TURN} tasks, then each poller once ──▶ work: next turn; none: idle
 *   idle: a few turns spin ──▶ a few yield ──▶ then arm wake word, arm pollers, look for tasks
 *         ──▶ ppoll until bell, descriptor or deadline ──▶ next turn
 * </pre>
 * Without {@link #start()} it has no thread: whoever calls {@link #runOnce} or {@link #runOnceOrIdle} is the loop, in virtual
 * time if need be.
 *
 * <p>What a poller or a task throws is counted and reported, at a bounded rate, and the loop goes on; a poller that
 * throws stays.
 *
 * <p>Threading: each method says; the rest is the loop's thread.
 */
public final class RunLoop implements Executor, AutoCloseable {

    /** Bytes for the wake word and the counters, see {@link RunLoopBuilder#memory}. */
    public static final int MEMORY_BYTES = 384;

    static final int MAX_TASKS_PER_TURN = 64;

    private static final int TASK_CHUNK = 256;

    private final String name;
    private final int cpu;
    private final boolean daemon;
    private final NanoClock clock;
    private final EventFdDoorbell bell;
    private final WakeWord wakeWord;
    private final LoopCounters counters;
    private final ErrorReports errors;
    private final MpscUnboundedVarHandleArrayQueue<Runnable> tasks = new MpscUnboundedVarHandleArrayQueue<>(
            TASK_CHUNK);
    // Open while tasks are accepted: a task whose execute() returned normally runs.
    private final Gate accepting = new Gate();

    // -- of the loop's thread
    private final IdleTurns idleTurns;
    private final Descriptors descriptors;
    private final Pollers pollers;
    private boolean stopped;
    private boolean woken;
    private boolean refused;
    private boolean bellSeen;
    private long turnNs;
    private int lastWork;

    // -- start and end, guarded by this monitor
    private final Object lifecycle = new Object();
    private final Deque<Runnable> closers = new ArrayDeque<>();
    private boolean closeRequested;
    private boolean closersDone;
    private Thread thread;
    // Each thread writes only itself, or null: whichever value another sees, it can't take itself for the loop.
    private Thread current;

    RunLoop(final RunLoopBuilder builder) {
        this.name = builder.name;
        this.cpu = builder.cpu;
        this.daemon = builder.daemon;
        this.clock = builder.clock;
        final OrderedMemory memory = builder.memory;
        this.bell = new EventFdDoorbell();
        this.wakeWord = new WakeWord(memory, builder.address, bell);
        this.counters = new LoopCounters(memory, builder.address + WakeWord.SIZE_BYTES);
        this.errors = new ErrorReports(name, builder.errorHandler);
        this.pollers = new Pollers(counters, errors);
        this.idleTurns = new IdleTurns(builder.idle);
        this.descriptors = new Descriptors(bell.fd());
    }

    public static RunLoopBuilder builder(final String name) {
        return new RunLoopBuilder(name);
    }

    // -- any thread

    public String name() {
        return name;
    }

    public NanoClock clock() {
        return clock;
    }

    public LoopCounters counters() {
        return counters;
    }

    /** What a producer signals after it has published work for a poller of this loop. */
    public WakeWord wakeWord() {
        return wakeWord;
    }

    /** Whether the calling thread is the loop's: the one it started, else the last that called {@link #runOnce}. */
    public boolean inLoop() {
        return current == Thread.currentThread();
    }

    /** Polls {@code poller} from now on. From the loop's thread, or before the loop runs, at once; else as a task. */
    public void add(final Poller poller) {
        Objects.requireNonNull(poller, "poller");
        if (runsElsewhere()) {
            execute(() -> pollers.add(poller));
        } else {
            pollers.add(poller);
        }
    }

    /** Polls {@code poller} no more. From the loop's thread at once, so that its resources may go; else as a task. */
    public void remove(final Poller poller) {
        if (runsElsewhere()) {
            execute(() -> pollers.remove(poller));
        } else {
            pollers.remove(poller);
        }
    }

    /**
     * Runs {@code task} on the loop's thread, in the order of arrival; wakes the loop if it sleeps.
     *
     * @throws RejectedExecutionException if the loop is closed; a task that was accepted runs
     */
    @Override
    public void execute(final Runnable task) {
        Objects.requireNonNull(task, "task");
        if (!accepting.enter()) {
            throw new RejectedExecutionException("loop " + name + " is closed");
        }
        try {
            tasks.offer(task);
            wakeWord.signal();
        } finally {
            accepting.leave();
        }
    }

    /**
     * Has {@code task} run on the loop's thread when the loop closes; the last one registered runs first.
     *
     * @throws RejectedExecutionException if that is past
     */
    public void onClose(final Runnable task) {
        Objects.requireNonNull(task, "task");
        synchronized (lifecycle) {
            if (closersDone) {
                throw new RejectedExecutionException("loop " + name + " is closed");
            }
            closers.addLast(task);
        }
    }

    /**
     * Starts the thread; returns once it is confined to its CPU.
     *
     * @throws LinuxException if it can't run on that CPU; the loop is closed then
     * @throws IllegalStateException if it was started or closed before
     */
    public RunLoop start() {
        final CompletableFuture<Void> placed = new CompletableFuture<>();
        final Thread started;
        synchronized (lifecycle) {
            if (thread != null || closeRequested) {
                throw new IllegalStateException("loop " + name + (closeRequested ? " is closed" : " was started"));
            }
            started = Thread.ofPlatform().name(name).daemon(daemon).unstarted(() -> run(placed));
            thread = started;
            current = null;
            started.start();
        }
        try {
            placed.join();
        } catch (final CompletionException failed) {
            close();
            throw failed.getCause() instanceof final RuntimeException cause ? cause : failed;
        }
        return this;
    }

    /**
     * Ends the loop: what was handed to it before runs, then what {@link #onClose} registered, then tasks that came in
     * meanwhile. Returns when all that is done, unless it is called by the loop's own thread, whose turn has to end
     * first. Pollers are polled no more. May be called again, by any thread, but not by two loops on each other.
     */
    @Override
    public void close() {
        final Thread running;
        final boolean first;
        synchronized (lifecycle) {
            running = thread;
            first = !closeRequested;
            closeRequested = true;
        }
        if (running == null) {
            if (first) {
                current = Thread.currentThread();
                shutDown();
            }
            return;
        }
        if (first) {
            // Past the gate, which only the loop itself closes after it has found this.
            tasks.offer(() -> stopped = true);
            wakeWord.signal();
        }
        if (running != Thread.currentThread()) {
            joinUninterruptibly(running);
        }
    }

    private static void joinUninterruptibly(final Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException ignored) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean runsElsewhere() {
        synchronized (lifecycle) {
            return thread != null && thread != Thread.currentThread();
        }
    }

    // -- the loop's thread

    /**
     * One turn, for a loop without a thread of its own.
     *
     * @return units of work done; 0 once the loop is closed
     * @throws IllegalStateException if the loop has a thread
     */
    public int runOnce(final long nowNs) {
        if (thread != null) {
            throw new IllegalStateException("loop " + name + " has a thread of its own");
        }
        current = Thread.currentThread();
        return turn(nowNs);
    }

    /**
     * One turn, and if it found no work one step of idling, which may be sleep: for a thread that has more to do than this loop, and
     * drives it. What ends its sleep beside the loop's own work is a {@link Poller}'s to say.
     *
     * @param nowNs by the loop's own clock
     * @return the present, by that clock
     * @throws IllegalStateException if the loop has a thread
     */
    public long runOnceOrIdle(final long nowNs) {
        if (thread != null) {
            throw new IllegalStateException("loop " + name + " has a thread of its own");
        }
        current = Thread.currentThread();
        return turnAndIdle(nowNs);
    }

    /** Units of work that the last turn has done. */
    public int lastWork() {
        return lastWork;
    }

    private void run(final CompletableFuture<Void> placed) {
        current = Thread.currentThread();
        try {
            if (cpu != RunLoopBuilder.NO_CPU) {
                final BitSet cpus = new BitSet();
                cpus.set(cpu);
                Linux.setAffinity(cpus);
            }
        } catch (final RuntimeException failed) {
            stopped = true;
            placed.completeExceptionally(failed);
        }
        placed.complete(null);
        try {
            long nowNs = clock.nowNs();
            while (!stopped) {
                nowNs = turnAndIdle(nowNs);
            }
        } finally {
            shutDown();
        }
    }

    private long turnAndIdle(final long nowNs) {
        final int work = turn(nowNs);
        lastWork = work;
        long parkedNs = 0;
        if (work > 0) {
            idleTurns.reset();
            refused = false;
        } else {
            if (woken) {
                counters.add(LoopCounter.SPURIOUS_WAKES, 1);
            }
            parkedNs = idle();
        }
        woken = parkedNs > 0;
        final long nextNs = clock.nowNs();
        counters.add(work > 0 ? LoopCounter.BUSY_NS : LoopCounter.IDLE_NS, nextNs - nowNs - parkedNs);
        return nextNs;
    }

    private int turn(final long nowNs) {
        turnNs = nowNs;
        final int work = runTasks(MAX_TASKS_PER_TURN) + pollers.poll(nowNs);
        counters.add(LoopCounter.TURNS, 1);
        if (work > 0) {
            counters.add(LoopCounter.WORK_TURNS, 1);
            counters.add(LoopCounter.WORK, work);
        }
        return work;
    }

    private int runTasks(final int max) {
        int done = 0;
        while (done < max) {
            // Relaxed: doesn't wait for a producer that has claimed its place and was preempted before it filled it.
            final Runnable task = tasks.relaxedPoll();
            if (task == null) {
                break;
            }
            done++;
            runTask(task);
        }
        if (done > 0) {
            counters.add(LoopCounter.TASKS, done);
        }
        return done;
    }

    private void runTask(final Runnable task) {
        try {
            task.run();
        } catch (final Throwable thrown) {
            counters.add(LoopCounter.TASK_ERRORS, 1);
            errors.report(task, thrown, turnNs);
        }
    }

    // -- idle

    /** @return how long the loop slept */
    private long idle() {
        switch (idleTurns.next()) {
            case SPIN -> Thread.onSpinWait();
            case YIELD -> {
                final long beforeNs = clock.nowNs();
                yieldCpu();
                idleTurns.yielded(clock.nowNs() - beforeNs);
            }
            case PARK -> {
                return park();
            }
        }
        return 0;
    }

    private void yieldCpu() {
        counters.add(LoopCounter.YIELDS, 1);
        Thread.yield();
    }

    private long park() {
        wakeWord.arm();
        bellSeen = false;
        final long sleptNs = pollers.arm() && tasks.isEmpty() ? sleep() : 0;
        pollers.disarm();
        // Signalled: also when the loop did not sleep, but somebody had seen it about to; the bell would end the next
        // sleep. Seen without a signal: it was rung late, by one who had seen the word armed for the park before.
        if (wakeWord.disarm() || bellSeen) {
            bell.drain();
        }
        if (sleptNs > 0) {
            refused = false;
            return sleptNs;
        }
        counters.add(LoopCounter.PARKS_REFUSED, 1);
        if (refused) {
            // Twice without a turn that found the work: a poller that can't get on must not keep others off the CPU.
            yieldCpu();
        }
        refused = true;
        return 0;
    }

    private long sleep() {
        final long startNs = clock.nowNs();
        descriptors.begin(startNs);
        final long deadlineNs = Math.min(descriptors.nextDeadlineNs(), pollers.collect(descriptors));
        if (deadlineNs <= startNs) {
            return 0;
        }
        // Before it sleeps: so that whoever reads the counters sees that it does.
        counters.add(LoopCounter.PARKS, 1);
        final int ready = descriptors.await(deadlineNs == Poller.NO_DEADLINE ? -1 : deadlineNs - startNs);
        final long endNs = clock.nowNs();
        final long sleptNs = Math.max(1, endNs - startNs);
        idleTurns.parked(sleptNs, ready > 0);
        counters.add(LoopCounter.PARKED_NS, sleptNs);
        countWake(ready, endNs);
        return sleptNs;
    }

    private void countWake(final int ready, final long nowNs) {
        if (ready == 0) {
            counters.add(LoopCounter.WAKES_BY_DEADLINE, 1);
        } else if (ready < 0) {
            counters.add(LoopCounter.WAKES_BY_SIGNAL, 1);
            if (ready != -Errno.EINTR) {
                errors.report(this, new LinuxException("ppoll", "loop " + name, -ready), nowNs);
            }
        } else {
            if (descriptors.isBellReady()) {
                counters.add(LoopCounter.WAKES_BY_BELL, 1);
                bellSeen = true;
            } else {
                counters.add(LoopCounter.WAKES_BY_DESCRIPTOR, 1);
            }
            final int failed = descriptors.muteErrors(nowNs);
            if (failed > 0) {
                counters.add(LoopCounter.DESCRIPTOR_ERRORS, failed);
            }
        }
    }

    // -- the end

    private void shutDown() {
        runTasks(tasks.size());
        for (Runnable closer = nextCloser(); closer != null; closer = nextCloser()) {
            runTask(closer);
        }
        accepting.close();
        runTasks(Integer.MAX_VALUE);
        pollers.clear();
        bell.close();
    }

    private Runnable nextCloser() {
        synchronized (lifecycle) {
            final Runnable closer = closers.pollLast();
            closersDone = closer == null;
            return closer;
        }
    }

    @Override
    public String toString() {
        return "loop " + name;
    }
}
