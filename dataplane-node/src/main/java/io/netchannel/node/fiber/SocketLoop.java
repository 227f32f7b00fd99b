package io.netchannel.node.fiber;

import io.netchannel.kernel.fiber.Fibers;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.NetStack;
import java.util.concurrent.RejectedExecutionException;

/**
 * The loop of a socket, and how to get there.
 *
 * <p>Threading: {@link #inLoop}, {@link #run} and {@link #fibers} any; the rest the loop's.
 */
final class SocketLoop {

    private final LoopContext context;
    private final Fibers fibers;

    SocketLoop(final LoopContext context) {
        this.context = context;
        this.fibers = context.fibers();
    }

    Fibers fibers() {
        return fibers;
    }

    boolean inLoop() {
        return fibers.loop().inLoop();
    }

    /**
     * Runs {@code task} on the loop: at once if the caller is there.
     *
     * @return false if the loop has ended, and all that was on it
     */
    boolean run(final Runnable task) {
        if (inLoop()) {
            task.run();
            return true;
        }
        try {
            context.execute(task);
            return true;
        } catch (final RejectedExecutionException ended) {
            return false;
        }
    }

    NetStack stack() {
        return context.stack();
    }

    TimerWheel timers() {
        return context.timers();
    }

    long nowNs() {
        return context.nowNs();
    }
}
