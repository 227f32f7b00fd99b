package io.netchannel.tcpip.script.call;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** A call that was begun: tried again whenever something has happened, until it is complete. */
final class PendingCall implements SystemCalls.Call {

    /** An {@link Operation}'s answer: not yet. */
    static final long WAIT = Long.MIN_VALUE;

    /** What a call does. */
    @FunctionalInterface
    interface Operation {

        /** @return the call's result; a negated error number; or {@link PendingCall#WAIT} */
        long attempt(PendingCall call, long nowNs);
    }

    private final Operation operation;
    private final TimerWheel timers;
    private final Value[] outputs;
    private final Timer alarm = new Alarm();
    private long deadlineNs = Long.MAX_VALUE;
    private boolean done;
    private long doneNs;
    private long result;
    private int errno;

    PendingCall(final Operation operation, final int arguments, final TimerWheel timers) {
        this.operation = operation;
        this.timers = timers;
        this.outputs = new Value[arguments];
    }

    /** @return whether it is complete */
    boolean attempt(final long nowNs) {
        final long answer = operation.attempt(this, nowNs);
        if (answer == WAIT) {
            return false;
        }
        done = true;
        doneNs = nowNs;
        result = answer < 0 ? -1 : answer;
        errno = answer < 0 ? (int) -answer : 0;
        timers.cancel(alarm);
        return true;
    }

    /** Makes the stack's loop wake up at this time at the latest; the first time that is given counts. */
    void waitUntil(final long timeNs) {
        if (deadlineNs == Long.MAX_VALUE) {
            deadlineNs = timeNs;
            timers.schedule(alarm, timeNs);
        }
    }

    boolean isPast(final long nowNs) {
        return nowNs >= deadlineNs;
    }

    void output(final int argument, final Value value) {
        outputs[argument] = value;
    }

    @Override
    public boolean isDone() {
        return done;
    }

    @Override
    public long doneNs() {
        return doneNs;
    }

    @Override
    public long result() {
        return result;
    }

    @Override
    public int errno() {
        return errno;
    }

    @Override
    public List<Value> outputs() {
        return Collections.unmodifiableList(Arrays.asList(outputs));
    }

    /** That the loop runs is all that is needed: the call is tried again then. */
    private static final class Alarm extends Timer {

        @Override
        protected void expire(final long nowNs) {
            // See above.
        }
    }
}
