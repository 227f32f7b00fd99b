package io.netchannel.node;

import io.netchannel.kernel.sched.LoopActivity;
import io.netchannel.kernel.sched.LoopWatchdog;
import io.netchannel.kernel.memory.SharedPages;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.Priority;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.sched.RunLoopBuilder;
import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.kernel.sched.SharedTasks;
import io.netchannel.tcpip.SocketEntry;
import io.netchannel.tcpip.capture.CaptureFilter;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.device.VirtioNetDeviceConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A station on a network, in user space: a virtio-net device, its driver, and a number of loops with a TCP/IP stack each.
 *
 * <pre>
 *   try (DataplaneNode node = DataplaneNode.open(NodeConfig.builder("n").address("10.7.0.2/24").build(), link)) {
 *       node.deploy(application);
 *       node.start();
 *       …
 *   }
 * </pre>
 *
 * <p>Threading: {@link #open}, {@link #deploy}, {@link #start}, {@link #turn} and {@link #close} from one thread, not one of
 * the node's; the rest any.
 */
public final class DataplaneNode implements AutoCloseable {

    private static final String DRIVER_THREAD = "driver";
    /** Turns that a closing node gives its last frames, resets mostly, to leave. */
    static final int LAST_TURNS = 16;

    private static final int MAX_SHARED_TASKS = 4096;

    /** Several times a handshake with the slowest keys that are in use: more is no handshake's. */
    static final long SHARED_TASK_BUDGET_NS = 20_000_000;

    private enum State {
        OPEN, STARTED, DRIVEN, SIMULATED, CLOSED
    }

    private final NodeConfig config;
    private final NodeLink link;
    private final NodeMemory memory;
    private final NodeThread[] threads;
    private final SharedTasks sharedTasks;
    private final VirtioNetDevice device;
    private final NodeAssembly assembly;
    // Null if the configuration has none.
    private final LoopWatchdog watchdog;
    private final List<Application> applications = new ArrayList<>();
    // Written by the controlling thread, read by any.
    private volatile List<NodeLoop> loops = List.of();
    private volatile State state = State.OPEN;
    private Runnable stopDrivers;
    private final List<NodeCapture> captures = new CopyOnWriteArrayList<>();

    private DataplaneNode(final NodeConfig config, final NodeLink link) {
        this.config = config;
        this.link = link;
        final boolean inline = config.mode() == NodeMode.INLINE;
        final int threadCount = inline ? config.loops() : config.loops() + 1;
        // Refuses what is wrong with the addresses before anything is made.
        final NodeStackFactory stacks = new NodeStackFactory(config, link.mtuBytes());
        memory = new NodeMemory(config, threadCount);
        watchdog = config.watchdog().isOn()
                ? new LoopWatchdog(config.name() + "-watchdog", config.watchdog(), SystemNanoClock.INSTANCE)
                : null;
        final List<RunLoop> runLoops = new ArrayList<>();
        try {
            threads = newThreads(threadCount, runLoops);
            sharedTasks = new SharedTasks(runLoops.subList(0, config.loops()), Priority.APPLICATION, MAX_SHARED_TASKS,
                    config.budgetNs(SHARED_TASK_BUDGET_NS));
            final NodeSteering steering = new NodeSteering(config.loops(), memory, config.secrets());
            final VirtioNetDeviceConfig offer = VirtioNetDeviceConfig.of(config.mac().value())
                    .withMtuBytes(link.mtuBytes()).withQueuePairs(inline ? config.loops() : 1);
            device = new VirtioNetDevice(offer);
            device.steering(steering.hash(), steering.indirection());
            assembly = new NodeAssembly(config, threads, memory, steering, link, stacks);
            link.attach(device);
        } catch (final RuntimeException | Error failed) {
            runLoops.forEach(RunLoop::close);
            memory.close();
            throw failed;
        }
    }

    /**
     * Makes a node and plugs it in; nothing runs yet.
     *
     * @param link becomes the node's, which closes it, even if this fails
     * @throws IllegalArgumentException if the configuration does not fit together
     */
    public static DataplaneNode open(final NodeConfig config, final NodeLink link) {
        try {
            return new DataplaneNode(config, link);
        } catch (final RuntimeException | Error failed) {
            link.close();
            throw failed;
        }
    }

    private NodeThread[] newThreads(final int count, final List<RunLoop> runLoops) {
        for (int i = 0; i < count; i++) {
            final String suffix = i < config.loops() ? Integer.toString(i) : DRIVER_THREAD;
            final int cpu = config.cpus().isEmpty()
                    ? RunLoopBuilder.NO_CPU
                    : config.cpus().get(i % config.cpus().size());
            final RunLoopBuilder builder = RunLoop.builder(config.name() + "-" + suffix).cpu(cpu).idle(config.idle())
                    .taskBudgetNs(config.budgetNs()).pollBudgetNs(config.budgetNs());
            if (watchdog != null) {
                // The driver's loop has no applications.
                builder.activity(new LoopActivity(config.watchdog().takesOver() && i < config.loops()));
            }
            runLoops.add(builder.build());
        }
        final BufferHome[] homes = memory.bufferHomes(runLoops);
        final NodeThread[] made = new NodeThread[count];
        for (int i = 0; i < count; i++) {
            made[i] = NodeThread.create(i, runLoops.get(i), memory.packets(), config.buffersPerLoop(), homes[i]);
        }
        return made;
    }

    public NodeConfig config() {
        return config;
    }

    /**
     * Pages that every flow of the node can send from, such as a file system's, which must be closed before the node; null if the
     * configuration has none.
     */
    public SharedPages sharedPages() {
        return memory.packets().sharedPages();
    }

    /**
     * Runs tasks that belong to no loop and take long, like a TLS handshake's arithmetic, on whichever of the node's application loops
     * is idle; at most {@value #MAX_SHARED_TASKS} wait. In a node with budgets each may take {@value #SHARED_TASK_BUDGET_NS} ns, if that
     * is more. Any thread.
     */
    public Executor sharedTasks() {
        return sharedTasks;
    }

    /** Adds an application, which starts with the node. */
    public void deploy(final Application application) {
        require(State.OPEN, "deploy");
        applications.add(application);
    }

    /**
     * Starts driver, loops and applications; returns when every application has started.
     *
     * @throws RuntimeException what an application threw, or the link; the node must then be closed
     */
    public void start() {
        require(State.OPEN, "start");
        assemble(threads[0].loop().clock().nowNs());
        state = State.STARTED;
        startWatchdog();
        for (final NodeThread thread : threads) {
            thread.loop().start();
        }
        try {
            onEachLoop(loop -> {
                loop.startApplications(applications);
                return null;
            });
        } catch (final CompletionException e) {
            throw e.getCause() instanceof final RuntimeException cause ? cause : e;
        }
    }

    /**
     * Starts the node with loops that other threads drive, such as another framework's event loops; a thread for the driver of
     * {@link NodeMode#CHANNEL} is the node's own. Packets for a loop wait for it to be driven; so all of them must be.
     *
     * @param stopDrivers called by {@link #close()}: must have every loop {@link DrivenLoop#end}ed when it returns
     */
    public List<DrivenLoop> startDriven(final Runnable stopDrivers) {
        require(State.OPEN, "start");
        this.stopDrivers = stopDrivers;
        assemble(threads[0].loop().clock().nowNs());
        state = State.DRIVEN;
        startWatchdog();
        for (int i = loops.size(); i < threads.length; i++) {
            threads[i].loop().start();
        }
        final List<Application> deployed = List.copyOf(applications);
        return loops.stream().map(loop -> new DrivenLoop(loop, deployed)).toList();
    }

    /**
     * Starts the node without threads: whoever calls {@link #turn} is all of them, in virtual time.
     *
     * @param nowNs the present
     */
    public void startSimulated(final long nowNs) {
        require(State.OPEN, "start");
        assemble(nowNs);
        state = State.SIMULATED;
        loops.forEach(loop -> {
            loop.stack().beginTurn(nowNs);
            loop.startApplications(applications);
        });
    }

    private void assemble(final long nowNs) {
        loops = assembly.assemble(device, nowNs);
        StationEvents.connect(loops);
        if (watchdog != null) {
            for (final NodeThread thread : threads) {
                watchdog.watch(thread.loop(),
                        thread.index() < loops.size() ? new LoopStandIn(loops.get(thread.index())) : null);
            }
        }
    }

    private void startWatchdog() {
        if (watchdog != null) {
            watchdog.start();
        }
    }

    /** Of a simulated node, which looks when it is told to; null if the configuration has none. */
    LoopWatchdog watchdog() {
        return watchdog;
    }

    /**
     * One turn of every thread of a simulated node.
     *
     * @return units of work done
     */
    public int turn(final long nowNs) {
        require(State.SIMULATED, "turn");
        int work = 0;
        for (final NodeThread thread : threads) {
            work += thread.loop().runOnce(nowNs);
        }
        return work;
    }

    /** A turn of what goes on while an application of the simulated node blocks its loop: the driver's, if that has a thread of its own. */
    int turnDriver(final long nowNs) {
        require(State.SIMULATED, "turn");
        int work = 0;
        for (int i = loops.size(); i < threads.length; i++) {
            work += threads[i].loop().runOnce(nowNs);
        }
        return work;
    }

    /**
     * When a simulated node wants its next turn even if nothing arrives, which is at once for tasks that wait; {@link
     * Poller#NO_DEADLINE} for never.
     */
    public long nextDeadlineNs() {
        long deadline = Poller.NO_DEADLINE;
        for (final NodeThread thread : threads) {
            deadline = Math.min(deadline, thread.loop().nextDeadlineNs());
        }
        return deadline;
    }

    /** The loops of a simulated node, for a simulation that looks into them. */
    public List<? extends LoopContext> loops() {
        return loops;
    }

    /** TCP connections of all loops, but those in TIME-WAIT, which hold nothing but their addresses. */
    public int openFlows() {
        return onEachLoop(loop -> loop.stack().tcp().connections()).stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether the device says that its link is up. */
    public boolean isLinkUp() {
        return assembly.driver() != null && assembly.driver().isLinkUp();
    }

    /**
     * What stacks, resolvers, applications, loops, pools, rings, classifiers, dispatchers, driver and device count, by name,
     * summed over the loops.
     */
    public Map<String, Long> counters() {
        return NodeCounters.of(loops, threads, assembly, device, List.copyOf(applications), watchdog);
    }

    /** Listeners, flows and UDP sockets of all loops; a listener that is on each of them once. */
    public List<SocketEntry> sockets() {
        final List<SocketEntry> all = new ArrayList<>();
        for (final List<SocketEntry> ofLoop : onEachLoop(loop -> loop.stack().sockets())) {
            for (final SocketEntry entry : ofLoop) {
                int known = 0;
                while (known < all.size() && (entry.remotePort() != 0 || !all.get(known).isSameSocket(entry))) {
                    known++;
                }
                if (known == all.size()) {
                    all.add(entry);
                } else {
                    all.set(known, all.get(known).plus(entry));
                }
            }
        }
        return all;
    }

    /**
     * Writes the node's frames as pcapng, until the capture is closed, or the node.
     *
     * @param out closed with the capture
     * @param onFailure called once, on the capture's thread, when nothing more can be written
     * @throws IllegalStateException if the node is not started
     */
    public NodeCapture capture(final CaptureFilter filter, final int snapBytes, final OutputStream out,
            final Runnable onFailure) throws IOException {
        if (state != State.DRIVEN) {
            require(State.STARTED, "capture");
        }
        final NodeCapture capture = NodeCapture.open(this, filter, snapBytes, out, onFailure);
        captures.add(capture);
        return capture;
    }

    /** A capture ends. */
    void forget(final NodeCapture capture, final Consumer<NodeLoop> detach) {
        captures.remove(capture);
        onEachLoop(loop -> {
            detach.accept(loop);
            return null;
        }, true);
    }

    <T> List<T> onEachLoop(final Function<NodeLoop, T> task) {
        return onEachLoop(task, state == State.STARTED || state == State.DRIVEN);
    }

    private <T> List<T> onEachLoop(final Function<NodeLoop, T> task, final boolean elsewhere) {
        final List<CompletableFuture<T>> results = new ArrayList<>();
        for (final NodeLoop loop : loops) {
            results.add(elsewhere
                    ? CompletableFuture.supplyAsync(() -> task.apply(loop), loop::execute)
                    : CompletableFuture.completedFuture(task.apply(loop)));
        }
        return results.stream().map(CompletableFuture::join).toList();
    }

    private void require(final State wanted, final String what) {
        if (state != wanted) {
            throw new IllegalStateException("node " + config.name() + " is " + state + ": " + what + " needs it "
                    + wanted);
        }
    }

    /**
     * Stops the applications, resets what is still connected, ends the threads, unplugs. Idempotent.
     *
     * @throws IllegalStateException if a buffer was not given back: a bug, and the message names the buffer
     */
    @Override
    public void close() {
        if (state == State.CLOSED) {
            return;
        }
        final State was = state;
        state = State.CLOSED;
        RuntimeException failure = null;
        if (was == State.DRIVEN) {
            failure = Failures.attempt(failure, stopDrivers::run);
        }
        failure = Failures.join(failure, stopApplications(was));
        for (final NodeCapture capture : captures) {
            failure = Failures.attempt(failure, capture::close);
        }
        for (final NodeThread thread : threads) {
            failure = Failures.attempt(failure, thread.loop()::close);
        }
        if (watchdog != null) {
            failure = Failures.attempt(failure, watchdog::close);
        }
        // No thread touches the region from here on.
        failure = Failures.attempt(failure, assembly::takeDown);
        for (final NodeThread thread : threads) {
            failure = Failures.attempt(failure, thread.pool()::checkNoLeaks);
        }
        failure = Failures.attempt(failure, link::close);
        if (loops.stream().anyMatch(loop -> loop.stack().tcp().keptBuffers() > 0)) {
            // Whoever keeps received bytes may still read them: better a region too much than an access to what is no longer there.
            failure = Failures.join(failure, new IllegalStateException("node " + config.name()
                    + " is closed, but received buffers are kept: releaseReceived() each, or release() each ByteBuf, before"));
        } else if (sharedPages() != null && sharedPages().available() != sharedPages().count()) {
            // As above: who holds them will give them back.
            failure = Failures.join(failure, new IllegalStateException("node " + config.name()
                    + " is closed, but shared pages are held: close the file system over them before"));
        } else {
            failure = Failures.attempt(failure, memory::close);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private RuntimeException stopApplications(final State was) {
        RuntimeException failure = null;
        try {
            if (was == State.SIMULATED) {
                for (final NodeLoop loop : loops) {
                    failure = Failures.join(failure, loop.stopApplications());
                }
            } else if (was == State.STARTED) {
                for (final RuntimeException thrown : onEachLoop(NodeLoop::stopApplications, true)) {
                    failure = Failures.join(failure, thrown);
                }
                for (int i = 0; i < LAST_TURNS; i++) {
                    turnEachThread();
                }
            }
        } catch (final RejectedExecutionException | CompletionException e) {
            // A loop has ended before, or ends here, by an error of its own; the others must end all the same.
            failure = Failures.join(failure, e);
        }
        return failure;
    }

    /** A task takes a turn to run. */
    private void turnEachThread() {
        CompletableFuture.allOf(Arrays.stream(threads).map(thread -> CompletableFuture.runAsync(() -> {
        }, thread.loop())).toArray(CompletableFuture[]::new)).join();
    }
}
