package io.netchannel.kernel.sched;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Linux;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/**
 * One thread that polls its {@link Poller}s, runs what others hand it, and sleeps when there is nothing to do.
 *
 * <pre>
 *   turn: the dataplane, a slice of applications, what is left for the background ──▶ work: next turn; none: idle
 *   idle: a few turns spin ──▶ a few yield ──▶ then arm wake word, arm pollers, look for tasks
 *         ──▶ ppoll until bell, descriptor or deadline ──▶ next turn
 * </pre>
 * Without {@link #start()} it has no thread: whoever calls {@link #runOnce} or {@link #runOnceOrIdle} is the loop, in virtual
 * time if need be.
 *
 * <p>Who goes first, and how long the others wait at most: {@link Priority}. How long they did: {@link #times()}.
 *
 * <p>What a poller or a task throws is counted and reported, at a bounded rate, and the loop goes on; a poller that
 * throws stays.
 *
 * <p>Threading: each method says; the rest is the loop's thread.
 */
public final class RunLoop implements Executor, AutoCloseable {

    /** Bytes for the wake word, the counters and the histograms, see {@link RunLoopBuilder#memory}. */
    public static final int MEMORY_BYTES = 384 + LoopTimes.SIZE_BYTES;

    static final int TIMES_OFFSET = 384;

    static final int MAX_TASKS_PER_TURN = 64;

    private final String name;
    private final Placement placement;
    private final boolean daemon;
    private final NanoClock clock;
    private final EventFdDoorbell bell;
    private final WakeWord wakeWord;
    private final LoopCounters counters;
    private final LoopTimes times;
    private final LoopErrorHandler errorHandler;
    private final ErrorReports errors;
    private final Overruns overruns;
    // Null if nobody watches.
    private final LoopActivity activity;
    private final Turn turn;
    // Open while tasks are accepted: a task whose execute() returned normally runs.
    private final Gate accepting = new Gate();

    // -- of the loop's thread
    private final Turns turns;
    private boolean stopped;
    // Read by whoever asks for its switches; 0 while the loop doesn't run.
    private volatile int threadId;

    // -- start and end, guarded by this monitor
    private final Object lifecycle = new Object();
    private final Deque<Runnable> closers = new ArrayDeque<>();
    private boolean closeRequested;
    private boolean closersDone;
    private Thread thread;
    // Each thread writes only itself, or null: whichever value another sees without the monitor, it can't take itself for the loop.
    private Thread current;

    RunLoop(final RunLoopBuilder builder) {
        this.name = builder.name;
        this.placement = builder.placement;
        this.daemon = builder.daemon;
        this.clock = builder.clock;
        final OrderedMemory memory = builder.memory;
        this.bell = new EventFdDoorbell();
        final TimedBell timedBell = new TimedBell(memory, builder.address + TimedBell.OFFSET_BYTES, clock, bell);
        this.wakeWord = new WakeWord(memory, builder.address, timedBell);
        this.counters = new LoopCounters(memory, builder.address + WakeWord.SIZE_BYTES);
        this.times = new LoopTimes(memory, builder.address + TIMES_OFFSET);
        this.errorHandler = builder.errorHandler;
        this.errors = new ErrorReports(name, errorHandler);
        this.activity = builder.activity;
        this.overruns = new Overruns(name, counters, builder);
        final LoopParts parts = new LoopParts(name, clock, counters, times, errors, overruns, activity);
        this.turn = new Turn(parts, builder.applicationWork, builder.applicationSliceNs, builder.backgroundWaitNs);
        this.turns = new Turns(parts, turn, new Idling(parts, builder.idle, turn, wakeWord, bell, timedBell));
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

    public LoopTimes times() {
        return times;
    }

    /** Context switches of the thread that runs the loop; asks the kernel at each call. None before the loop runs and once it is closed. */
    public LoopSwitches switches() {
        final int id = threadId;
        return id == 0 ? LoopSwitches.NONE : LoopSwitches.read(id);
    }

    /** What a producer signals after it has published work for a poller of this loop. */
    public WakeWord wakeWord() {
        return wakeWord;
    }

    /** What the loop is in, for a {@link LoopWatchdog}; null if nobody watches. */
    public LoopActivity activity() {
        return activity;
    }

    LoopErrorHandler errorHandler() {
        return errorHandler;
    }

    /**
     * Whether the calling thread is the loop's: the one it started, else the last that called {@link #runOnce}. A virtual thread
     * that this one carries counts as it: nothing else of the loop runs meanwhile.
     */
    public boolean inLoop() {
        return current == Thread.currentThread() || carriesCaller();
    }

    /** Whether the caller is a virtual thread that the loop's thread carries, and not that itself. */
    public boolean carriesCaller() {
        final Thread caller = Thread.currentThread();
        return caller.isVirtual() && current != caller && current == Carriers.current();
    }

    /** Whether the loop has a thread, its own or one that drives it, and the caller isn't on it. */
    public boolean runsElsewhere() {
        synchronized (lifecycle) {
            return (thread != null || current != null) && !inLoop();
        }
    }

    /** {@link #add(Poller, Priority)}, as {@link Priority#APPLICATION}. */
    public void add(final Poller poller) {
        add(poller, Priority.APPLICATION);
    }

    /** {@link #add(Poller, Priority, long)}, with the loop's budget ({@link RunLoopBuilder#pollBudgetNs}). */
    public void add(final Poller poller, final Priority priority) {
        add(poller, priority, overruns.pollBudgetNs());
    }

    /**
     * Polls {@code poller} from now on: of the dataplane in each turn, of the others when their share of a turn comes to it. From the
     * loop's thread, or before anybody runs the loop, at once; else as a task.
     *
     * @param budgetNs that no call should take longer than, instead of the loop's; 0 for none
     */
    public void add(final Poller poller, final Priority priority, final long budgetNs) {
        Objects.requireNonNull(poller, "poller");
        Objects.requireNonNull(priority, "priority");
        Overruns.notNegative("budgetNs", budgetNs);
        inLoopOrAsTask(() -> turn.add(poller, priority, budgetNs));
    }

    /**
     * Adds a poller of the dataplane that comes behind the applications' slice: what they have written leaves in the same turn.
     */
    public void addTransmit(final Poller poller) {
        Objects.requireNonNull(poller, "poller");
        inLoopOrAsTask(() -> turn.addTransmit(poller, overruns.pollBudgetNs()));
    }

    /** Polls {@code poller} no more. From the loop's thread at once, so that its resources may go; else as a task. */
    public void remove(final Poller poller) {
        inLoopOrAsTask(() -> turn.remove(poller));
    }

    private void inLoopOrAsTask(final Runnable change) {
        if (runsElsewhere()) {
            execute(change);
        } else {
            change.run();
        }
    }

    /** {@link #execute(Runnable, Priority)}, as {@link Priority#APPLICATION}. */
    @Override
    public void execute(final Runnable task) {
        execute(task, Priority.APPLICATION);
    }

    /**
     * Runs {@code task} on the loop's thread, in the order of arrival among those of its priority; wakes the loop if it sleeps.
     *
     * @throws RejectedExecutionException if the loop is closed; a task that was accepted runs
     */
    public void execute(final Runnable task, final Priority priority) {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(priority, "priority");
        if (!accepting.enter()) {
            throw new RejectedExecutionException("loop " + name + " is closed");
        }
        try {
            turn.offer(task, priority);
            wakeWord.signal();
        } finally {
            accepting.leave();
        }
    }

    /** {@link #execute(Runnable, Priority)}; the task's budget is {@code budgetNs} instead of the loop's, 0 for none. */
    public void execute(final Runnable task, final Priority priority, final long budgetNs) {
        execute(new BudgetedTask(task, budgetNs), priority);
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
     * Starts the thread; returns once it is confined to its CPUs.
     *
     * @throws IllegalArgumentException if this process may not use one of them; names those that it may; the loop is closed then
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
     * first. Pollers are polled no more, except while something that {@link #onClose} has registered needs turns of the loop to
     * end ({@link #turnUntil}). May be called again, by any thread, but not by two loops on each other. A loop without a thread of
     * its own is closed by the one that drives it, or by another once that has stopped.
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
                becomeCurrent();
                shutDown();
            }
            return;
        }
        if (first) {
            // Past the gate, which only the loop itself closes after it has found this.
            turn.offer(() -> stopped = true, Priority.APPLICATION);
            wakeWord.signal();
        }
        if (!inLoop()) {
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

    // -- the loop's thread

    /**
     * One turn, for a loop without a thread of its own, in a time that doesn't pass meanwhile: the applications' slice ends by its work
     * alone, and nothing has a budget.
     *
     * @return units of work done; 0 once the loop is closed
     * @throws IllegalStateException if the loop has a thread
     */
    public int runOnce(final long nowNs) {
        enter();
        return turns.next(nowNs, false);
    }

    /** {@link #runOnce(long)}, in the time of the loop's own clock, which goes on meanwhile. */
    public int runOnce() {
        enter();
        return turns.next(clock.nowNs(), true);
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
        enter();
        return turns.nextOrIdle(nowNs);
    }

    private void enter() {
        if (thread != null) {
            throw new IllegalStateException("loop " + name + " has a thread of its own");
        }
        if (current != Thread.currentThread()) {
            becomeCurrent();
        }
    }

    private void becomeCurrent() {
        threadId = Linux.gettid();
        synchronized (lifecycle) {
            current = Thread.currentThread();
        }
        if (activity != null) {
            activity.thread(current);
        }
    }

    /**
     * Goes on turning within a task, or within what {@link #onClose} has registered: for what ends only by turns of the loop. Not
     * within a poller. A loop that was turned in virtual time goes on in it: from one deadline to the next, as far as the timeout.
     *
     * @param timeoutNs by the machine's clock
     * @return whether it is done
     * @throws IllegalStateException if the caller isn't the loop's thread, and there is one
     */
    public boolean turnUntil(final BooleanSupplier done, final long timeoutNs) {
        if (runsElsewhere() || carriesCaller()) {
            throw new IllegalStateException("loop " + name + " has its turns on another thread");
        }
        if (thread == null && current != Thread.currentThread()) {
            becomeCurrent();
        }
        if (activity != null) {
            // A turn within what has lent the stack: from here on it is this thread's.
            activity.reclaim();
        }
        return turns.until(done, timeoutNs);
    }

    /** Counts and tells of what was thrown on behalf of this loop, but not by a poller or a task of it. On the loop's thread. */
    public void report(final Object source, final Throwable thrown) {
        counters.add(LoopCounter.TASK_ERRORS, 1);
        errors.report(source, thrown, turns.turnNs());
    }

    /** Runs a task that loops share, as one of its own. On the loop's thread, within a poller or a task. */
    void runShared(final Runnable task, final long budgetNs) {
        final boolean budgeted = budgetNs > 0 && turns.isTimed();
        final long startNs = budgeted ? clock.nowNs() : 0;
        turn.runShared(task, turns.turnNs());
        if (budgeted) {
            took(task, startNs, budgetNs);
        }
    }

    /** What a poller may take for each whom it does something for, as for a task; 0 for no budget. On the loop's thread. */
    public long taskBudgetNs() {
        return turns.isTimed() ? overruns.taskBudgetNs() : 0;
    }

    /** Such a poller has done something for {@code source}, from {@code startNs} by the loop's clock until now. On the loop's thread. */
    public void took(final Object source, final long startNs, final long budgetNs) {
        final long nowNs = clock.nowNs();
        overruns.taskTook(source, nowNs - startNs, budgetNs, nowNs);
    }

    /**
     * When a loop without a thread wants its next turn even if nothing comes: at the earliest of its pollers' deadlines; at the time
     * of the last one if that is past, or tasks wait; {@link Poller#NO_DEADLINE} for never. On the loop's thread.
     */
    public long nextDeadlineNs() {
        return turn.hasTasks() ? turns.turnNs() : Math.max(turns.turnNs(), turn.nextDeadlineNs());
    }

    /** Units of work that the last turn has done. */
    public int lastWork() {
        return turns.lastWork();
    }

    private void run(final CompletableFuture<Void> placed) {
        becomeCurrent();
        try {
            placement.confine();
        } catch (final RuntimeException failed) {
            stopped = true;
            placed.completeExceptionally(failed);
        }
        placed.complete(null);
        try {
            long nowNs = clock.nowNs();
            while (!stopped) {
                nowNs = turns.nextOrIdle(nowNs);
            }
        } finally {
            shutDown();
        }
    }

    // -- the end

    private void shutDown() {
        turn.runWaiting(turns.turnNs());
        for (Runnable closer = nextCloser(); closer != null; closer = nextCloser()) {
            turn.runNow(closer, turns.turnNs());
        }
        accepting.close();
        turn.runAll(turns.turnNs());
        turn.clear();
        bell.close();
        // The thread's id may soon be another's.
        threadId = 0;
        if (activity != null) {
            activity.parks();
        }
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
