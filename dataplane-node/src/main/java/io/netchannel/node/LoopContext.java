package io.netchannel.node;

import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.NetStack;

/**
 * One loop, as an application on it sees it.
 *
 * <p>Threading: all but {@link #execute} only on the loop's thread.
 */
public interface LoopContext {

    /** 0 to {@link #loopCount()} - 1. */
    int index();

    int loopCount();

    /** TCP, UDP and the interface of this loop. */
    NetStack stack();

    TimerWheel timers();

    /** The time of this turn. */
    long nowNs();

    /** Runs a task on the loop's thread, soon. Any thread. */
    void execute(Runnable task);
}
