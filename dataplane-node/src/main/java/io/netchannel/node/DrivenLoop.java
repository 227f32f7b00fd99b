package io.netchannel.node;

import io.netchannel.kernel.sched.RunLoop;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * A loop of a node without a thread of its own: another runs it, among other things. See {@link DataplaneNode#startDriven}.
 *
 * <pre>
 *   begin(), then runOrIdle() again and again, then end()
 * </pre>
 *
 * <p>Threading: all but {@link #wakeUp} on one thread, which is the loop's from {@link #begin} on.
 */
public final class DrivenLoop {

    private final NodeLoop loop;
    private final List<Application> applications;
    private boolean ended;

    DrivenLoop(final NodeLoop loop, final List<Application> applications) {
        this.loop = loop;
        this.applications = applications;
    }

    public LoopContext context() {
        return loop;
    }

    /** Starts the node's applications on this loop; what they throw comes out here, and {@link #end} must follow. */
    public void begin() {
        loop.stack().beginTurn(runLoop().clock().nowNs());
        loop.startApplications(applications);
    }

    /** One turn. @return units of work done */
    public int runOnce() {
        return runLoop().runOnce();
    }

    /**
     * Some turns, each that found nothing to do with a step of idling, which may be sleep. Sleep ends with {@link #wakeUp}, with what
     * comes for the loop, and as {@link LoopContext#addPoller}'s pollers say.
     *
     * @param maxTurns at least 1
     * @param goesOn asked between turns: whether the driver has nothing else to do
     * @return units of work done
     */
    public int runOrIdle(final int maxTurns, final BooleanSupplier goesOn) {
        final RunLoop turns = runLoop();
        long nowNs = turns.clock().nowNs();
        int work = 0;
        int left = maxTurns;
        do {
            nowNs = turns.runOnceOrIdle(nowNs);
            work += turns.lastWork();
            left--;
        } while (left > 0 && goesOn.getAsBoolean());
        // What the driver does next is of now, not of before a sleep.
        loop.stack().beginTurn(nowNs);
        return work;
    }

    /** Ends the sleep of a {@link #runOrIdle} under way, or keeps it from one, once it has a look. Any thread. */
    public void wakeUp() {
        runLoop().wakeWord().signal();
    }

    /**
     * Stops the applications, resets what is still connected, and gives those frames the time to leave. Idempotent.
     *
     * @throws RuntimeException what an application threw; the loop has ended all the same
     */
    public void end() {
        if (ended) {
            return;
        }
        ended = true;
        final RuntimeException failure = loop.stopApplications();
        for (int i = 0; i < DataplaneNode.LAST_TURNS; i++) {
            runLoop().runOnce();
        }
        runLoop().close();
        if (failure != null) {
            throw failure;
        }
    }

    private RunLoop runLoop() {
        return loop.thread().loop();
    }
}
