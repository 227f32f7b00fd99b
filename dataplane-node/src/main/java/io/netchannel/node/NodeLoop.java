package io.netchannel.node;

import io.netchannel.channels.TxPort;
import io.netchannel.kernel.fiber.Fibers;
import io.netchannel.kernel.pressure.FreeBuffers;
import io.netchannel.kernel.pressure.Shrinker;
import io.netchannel.kernel.sched.LoopActivity;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.Priority;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.NetStack;
import io.netchannel.tcpip.autoconf.InterfaceEvent;
import io.netchannel.tcpip.autoconf.InterfaceEvents;
import io.netchannel.tcpip.dns.Resolver;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * An application loop: a thread with a stack, and the applications' view of it.
 *
 * <p>Threading: {@link #execute} any thread; the rest the loop's, or the node's before the loop runs and after it has ended.
 */
final class NodeLoop implements LoopContext {

    private final NodeThread thread;
    private final NodeConfig config;
    private final NetStack stack;
    private final LoopResolver names;
    private final List<Application> started = new ArrayList<>();
    private final List<InterfaceEvents> listeners = new ArrayList<>();
    // Null if nobody watches.
    private final LoopActivity activity;
    private final List<Poller> work = new ArrayList<>();
    // Null until somebody wants some. Made by the loop's thread, read by any.
    private volatile Fibers fibers;
    private boolean stopped;

    NodeLoop(final NodeThread thread, final NodeConfig config, final NodeSteering steering, final TxPort port,
            final NodeStackFactory stacks, final long nowNs) {
        this.thread = thread;
        this.activity = thread.loop().activity();
        this.config = config;
        this.stack = stacks.create(thread, port, steering, nowNs);
        this.names = new LoopResolver(config.resolver(),
                new Resolver(stack, config.resolver(), config.hosts(), config.secrets()));
        listeners.add(names::onInterfaceEvent);
    }

    NodeThread thread() {
        return thread;
    }

    @Override
    public NodeConfig config() {
        return config;
    }

    @Override
    public int index() {
        return thread.index();
    }

    @Override
    public int loopCount() {
        return config.loops();
    }

    @Override
    public NetStack stack() {
        return stack;
    }

    @Override
    public Resolver resolver() {
        return names.resolver();
    }

    @Override
    public void leasedNameServers(final List<IpAddress> servers, final List<String> searchDomains) {
        names.onLease(servers, searchDomains);
    }

    @Override
    public TimerWheel timers() {
        return stack.timers();
    }

    @Override
    public long nowNs() {
        return stack.nowNs();
    }

    @Override
    public void execute(final Runnable task) {
        thread.loop().execute(watched(task));
    }

    @Override
    public void execute(final Runnable task, final long budgetNs) {
        thread.loop().execute(watched(task), Priority.APPLICATION, config.budgetNs(budgetNs));
    }

    private Runnable watched(final Runnable task) {
        return activity == null ? task : new LendingTask(task, activity);
    }

    @Override
    public Shrinker freeBuffers() {
        return new FreeBuffers("buffers-" + thread.index(), thread.pool(), activity == null ? () -> {
        } : activity::reclaim);
    }

    @Override
    public Shrinker sendBuffers() {
        return stack.tcp().sendBuffers("send-buffers-" + thread.index());
    }

    @Override
    public void addPoller(final Poller poller) {
        addPoller(poller, config.budgetNs());
    }

    @Override
    public void addPoller(final Poller poller, final long budgetNs) {
        addWork(activity == null ? poller : new WatchedPoller(poller, activity), config.budgetNs(budgetNs));
    }

    private void addWork(final Poller poller, final long budgetNs) {
        work.add(poller);
        thread.addApplication(poller, budgetNs);
    }

    @Override
    public Fibers fibers() {
        if (fibers == null) {
            fibers = Fibers.on(thread.loop(), poller -> addWork(poller, 0));
        }
        return fibers;
    }

    @Override
    public void onInterfaceEvent(final InterfaceEvents listener) {
        listeners.add(listener);
    }

    /** An event of the node's other stacks, for this one. */
    void follow(final InterfaceEvent event) {
        if (!stopped) {
            stack.apply(event);
            publish(event);
        }
    }

    /** An event has taken effect on this loop's stack. */
    void publish(final InterfaceEvent event) {
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).onEvent(event);
        }
    }

    void startApplications(final List<Application> applications) {
        for (final Application application : applications) {
            // Before, so that one that fails half-way can take back what it has done.
            started.add(application);
            application.start(this);
        }
    }

    /**
     * Stops what was started, last first, then aborts what is left.
     *
     * @return what the applications threw: the first, with the others suppressed, or null
     */
    RuntimeException stopApplications() {
        RuntimeException failure = null;
        for (final Application application : started.reversed()) {
            try {
                application.stop(this);
            } catch (final RuntimeException e) {
                failure = Failures.join(failure, e);
            }
        }
        started.clear();
        if (fibers != null) {
            fibers.close();
        }
        stopped = true;
        listeners.clear();
        work.forEach(thread::removeApplication);
        work.clear();
        names.resolver().close();
        stack.close();
        return failure;
    }
}
