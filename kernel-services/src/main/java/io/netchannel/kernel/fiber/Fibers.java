package io.netchannel.kernel.fiber;

import io.netchannel.kernel.linux.Shortfall;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.Priority;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fibers of a {@link RunLoop}: virtual threads that the loop's thread carries, one after the other, between its other work.
 *
 * <pre>
 *   Fibers fibers = Fibers.on(loop);
 *   fibers.start("reader", () -> {
 *       while (true) {
 *           handle(queue.take());       // blocks the fiber; the loop goes on
 *       }
 *   });
 * </pre>
 * A fiber may block as any virtual thread may: in {@code java.util.concurrent}, in {@code Thread.sleep} and {@code join}, at a
 * monitor, in a socket made for it. While it runs, {@link RunLoop#inLoop()} is true for it: what belongs to the loop's thread it may
 * use directly. Nobody interrupts it meanwhile: a fiber that computes keeps packets waiting. One that waits with a native frame or a
 * class's initialization on its stack blocks the loop itself, as it would any carrier; and what the loop's own tasks lock, a fiber
 * must not hold while it blocks.
 *
 * <p>What a fiber throws goes to the loop's error handler.
 *
 * <p>Where the JVM refuses to let another scheduler have virtual threads, the JDK's has them: then they run beside the loop, on other
 * cores, and {@code inLoop()} is false. That is said once.
 *
 * <p>Threading: any thread.
 */
public final class Fibers implements ThreadFactory, Executor, AutoCloseable {

    /** How long a close waits for fibers that were interrupted. */
    public static final long CLOSE_TIMEOUT_NS = 1_000_000_000L;

    /** What may not be to be had. */
    static final String ON_THE_LOOP = "fibers on their loop";

    private final RunLoop loop;
    private final FiberScheduler scheduler;
    private final ThreadFactory threads;
    private final boolean onLoop;
    private final long closeTimeoutNs;
    private final Set<Thread> live = ConcurrentHashMap.newKeySet();
    // Against a start that close() doesn't see: the starter adds to live, then looks here; close() sets this, then looks at live.
    private volatile boolean closing;
    // Of the loop's thread: those that a close has waited for in vain; the next doesn't.
    private final Set<Thread> leftBehind = new HashSet<>();

    Fibers(final RunLoop loop, final Consumer<Poller> place,
            final Function<Executor, Thread.Builder.OfVirtual> builders, final long closeTimeoutNs) {
        this.loop = loop;
        this.closeTimeoutNs = closeTimeoutNs;
        this.scheduler = new FiberScheduler(loop);
        Thread.Builder.OfVirtual builder = null;
        try {
            builder = builders.apply(scheduler);
        } catch (final UnsupportedOperationException refused) {
            Shortfall.say(ON_THE_LOOP, refused.getMessage());
        }
        this.onLoop = builder != null;
        this.threads = (onLoop ? builder : Thread.ofVirtual()).name(loop.name() + "-fiber-", 0).factory();
        if (onLoop) {
            place.accept(scheduler);
        }
        loop.onClose(this::close);
    }

    /** Fibers on {@code loop}, which ends them when it closes. */
    public static Fibers on(final RunLoop loop) {
        return on(loop, poller -> loop.add(poller, Priority.APPLICATION, 0));
    }

    /**
     * @param place has the poller that it is given polled by the loop, at the place in the turn where fibers are to run; without a
     *            budget, since each fiber's turn has a task's
     */
    public static Fibers on(final RunLoop loop, final Consumer<Poller> place) {
        return new Fibers(loop, place, VirtualThreads::scheduledBy, CLOSE_TIMEOUT_NS);
    }

    public RunLoop loop() {
        return loop;
    }

    /** False if the JVM has refused: see above. */
    public boolean runOnLoop() {
        return onLoop;
    }

    /** Fibers that were started and have not ended. */
    public int running() {
        return live.size();
    }

    // -- starting

    /**
     * A fiber that isn't started yet, named after the loop; {@code Executors.newThreadPerTaskExecutor(fibers)} makes an executor
     * service of them.
     *
     * @throws RejectedExecutionException after {@link #close()}
     */
    @Override
    public Thread newThread(final Runnable task) {
        if (closing) {
            throw closed();
        }
        return threads.newThread(new Fiber(task));
    }

    /** @throws RejectedExecutionException after {@link #close()} */
    public Thread start(final String name, final Runnable task) {
        final Thread fiber = newThread(task);
        fiber.setName(name);
        return begin(fiber);
    }

    /** Starts a fiber for {@code task}, named after the loop. */
    public Thread start(final Runnable task) {
        return begin(newThread(task));
    }

    /** {@link #start(Runnable)}. */
    @Override
    public void execute(final Runnable task) {
        start(task);
    }

    private Thread begin(final Thread fiber) {
        live.add(fiber);
        if (closing) {
            live.remove(fiber);
            throw closed();
        }
        fiber.start();
        return fiber;
    }

    private RejectedExecutionException closed() {
        return new RejectedExecutionException("fibers of loop " + loop.name() + " are closed");
    }

    // -- sleeping

    /**
     * Parks the calling fiber until {@code timers} have come to {@code deadlineNs}: in the loop's time, be it virtual, and without the
     * JDK's timer thread, which {@code Thread.sleep} goes through.
     *
     * @param timers of this loop
     */
    public void sleepUntil(final TimerWheel timers, final long deadlineNs) throws InterruptedException {
        final Thread sleeper = Thread.currentThread();
        if (!loop.carriesCaller()) {
            requireNotLoop();
            TimeUnit.NANOSECONDS.sleep(deadlineNs - loop.clock().nowNs());
            return;
        }
        final Alarm alarm = new Alarm(sleeper);
        timers.schedule(alarm, deadlineNs);
        try {
            while (!alarm.rung) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                LockSupport.park(this);
            }
        } finally {
            timers.cancel(alarm);
        }
    }

    /** @throws IllegalStateException on the loop's own thread, which must not block; its fibers may */
    public void requireNotLoop() {
        if (loop.inLoop() && !loop.carriesCaller()) {
            throw new IllegalStateException(
                    "this would block loop " + loop.name() + "; do it in a fiber: Fibers.start(…)");
        }
    }

    private static final class Alarm extends Timer {

        private final Thread sleeper;
        private boolean rung;

        private Alarm(final Thread sleeper) {
            this.sleeper = sleeper;
        }

        @Override
        protected void expire(final long nowNs) {
            rung = true;
            LockSupport.unpark(sleeper);
        }
    }

    // -- the end

    /**
     * Interrupts all fibers but the caller, and returns when they have ended, while the loop goes on turning; or after {@link
     * #CLOSE_TIMEOUT_NS}, when those that go on are told of by name, and left behind. None can be started any more. From the loop's own
     * thread not within a poller; from another, the loop does it in its next turn, so one that is driven must be driven on, or closed.
     * Done by the loop's close. Idempotent.
     */
    @Override
    public void close() {
        final Thread caller = Thread.currentThread();
        if (!loop.carriesCaller() && !loop.runsElsewhere()) {
            end(caller);
            return;
        }
        try {
            CompletableFuture.runAsync(() -> end(caller), loop).join();
        } catch (final RejectedExecutionException ignored) {
            // The loop has closed, and these with it.
        }
    }

    private void end(final Thread caller) {
        closing = true;
        awaited(caller).forEach(Thread::interrupt);
        if (loop.turnUntil(() -> awaited(caller).findAny().isEmpty(), closeTimeoutNs)) {
            return;
        }
        final List<Thread> stubborn = awaited(caller).toList();
        if (!stubborn.isEmpty()) {
            leftBehind.addAll(stubborn);
            loop.report(this, new IllegalStateException("after " + TimeUnit.NANOSECONDS.toMillis(closeTimeoutNs)
                    + " ms these go on, and are left behind: "
                    + stubborn.stream().map(Thread::getName).sorted().collect(
                            Collectors.joining(", "))));
        }
    }

    private Stream<Thread> awaited(final Thread caller) {
        return live.stream().filter(fiber -> fiber != caller && !leftBehind.contains(fiber));
    }

    @Override
    public String toString() {
        return "fibers of loop " + loop.name();
    }

    /** What a fiber runs. */
    private final class Fiber implements Runnable {

        private final Runnable task;

        private Fiber(final Runnable task) {
            this.task = task;
        }

        @Override
        public void run() {
            final Thread self = Thread.currentThread();
            // Once more: it may have been started by whoever called newThread.
            live.add(self);
            if (closing) {
                self.interrupt();
            }
            if (onLoop) {
                scheduler.begins(self);
            }
            try {
                task.run();
            } catch (final Throwable thrown) {
                tell(self, thrown);
            } finally {
                if (onLoop) {
                    scheduler.ends();
                }
                live.remove(self);
            }
        }

        private void tell(final Thread self, final Throwable thrown) {
            try {
                // Not from here: the handler may block, but reports are made one after the other.
                loop.execute(() -> loop.report(self, thrown));
            } catch (final RejectedExecutionException ignored) {
                self.getUncaughtExceptionHandler().uncaughtException(self, thrown);
            }
        }
    }
}
