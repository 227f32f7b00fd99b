package io.netchannel.perf.jmh;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What a loop does with its timers, with so many of others armed beside: nearly all are moved or cancelled, few ever
 * expire.
 */
public class TimerWheelBenchmark extends StageBenchmark {

    private static final int DELAYS = 1 << 12;
    private static final int MAX_DELAY_MS = 400;
    private static final long MS = 1_000_000;
    private static final long FAR_NS = 10L * 365 * 24 * 3_600 * 1_000 * MS;
    private static final long SEED = 5;

    @Param({"16", "65536"})
    int armed;

    private final long[] delaysNs = new long[DELAYS];
    private final Random random = new Random(SEED);
    private final Recurring probe = new Recurring();
    private TimerWheel still;
    private Timer[] movable;
    private TimerWheel idle;
    private long idleNowNs;
    private TimerWheel periodic;
    private long periodicNowNs;
    private int next;

    /** Expires once in so many ticks as there are timers, so that each tick has one of them. */
    private final class Recurring extends Timer {

        @Override
        protected void expire(final long nowNs) {
            periodic.schedule(this, nowNs + armed * TimerWheel.RESOLUTION_NS);
        }
    }

    @Setup
    public void arm() {
        for (int i = 0; i < DELAYS; i++) {
            delaysNs[i] = (1 + random.nextInt(MAX_DELAY_MS)) * MS + random.nextInt((int) MS);
        }
        still = new TimerWheel(0);
        idle = new TimerWheel(0);
        periodic = new TimerWheel(0);
        movable = new Timer[armed];
        for (int i = 0; i < armed; i++) {
            movable[i] = new Recurring();
            still.schedule(movable[i], delaysNs[i % DELAYS]);
            idle.schedule(new Recurring(), FAR_NS + delaysNs[i % DELAYS]);
            periodic.schedule(new Recurring(), (i + 1) * TimerWheel.RESOLUTION_NS);
        }
    }

    /** A timer that is armed is moved: what an acknowledgment does to the retransmission timer. */
    @Benchmark
    public int move() {
        final int turn = next++ & Integer.MAX_VALUE;
        still.schedule(movable[turn % armed], delaysNs[turn & DELAYS - 1]);
        return still.size();
    }

    /** One more is armed, and cancelled. */
    @Benchmark
    public long scheduleCancel() {
        still.schedule(probe, delaysNs[next++ & DELAYS - 1]);
        final long deadlineNs = probe.deadlineNs();
        still.cancel(probe);
        return deadlineNs;
    }

    /** A tick passes and none of the timers is due. */
    @Benchmark
    public long idleTick() {
        idleNowNs += TimerWheel.RESOLUTION_NS;
        return idle.advance(idleNowNs) + idle.nextDeadlineNs();
    }

    /** A tick passes, one timer expires and arms itself anew; its ways down the levels are included. */
    @Benchmark
    public int expire() {
        periodicNowNs += TimerWheel.RESOLUTION_NS;
        return periodic.advance(periodicNowNs);
    }
}
