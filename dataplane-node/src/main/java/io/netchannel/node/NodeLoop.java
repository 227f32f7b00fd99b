package io.netchannel.node;

import io.netchannel.channels.TxPort;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.NetStack;
import java.util.List;

/**
 * An application loop: a thread with a stack, and the applications' view of it.
 *
 * <p>Threading: {@link #execute} any thread; the rest the loop's, or the node's before the loop runs and after it has ended.
 */
final class NodeLoop implements LoopContext {

    private final NodeThread thread;
    private final int loopCount;
    private final NetStack stack;

    NodeLoop(final NodeThread thread, final NodeConfig config, final NodeSteering steering, final TxPort port,
            final NodeStackFactory stacks, final long nowNs) {
        this.thread = thread;
        this.loopCount = config.loops();
        this.stack = stacks.create(thread, port, steering, nowNs);
    }

    NodeThread thread() {
        return thread;
    }

    @Override
    public int index() {
        return thread.index();
    }

    @Override
    public int loopCount() {
        return loopCount;
    }

    @Override
    public NetStack stack() {
        return stack;
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
        thread.loop().execute(task);
    }

    void startApplications(final List<Application> applications) {
        applications.forEach(application -> application.start(this));
    }

    /** Stops what was started, last first, then aborts what is left. */
    void stopApplications(final List<Application> applications) {
        applications.reversed().forEach(application -> application.stop(this));
        stack.close();
    }
}
