package io.netchannel.kernel.pressure;

import io.netchannel.kernel.sched.Poller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Watches how short memory is, and has it given back.
 *
 * <pre>
 *   gauges ──▶ level, bytes wanted ──▶ round: shrinkers in order of cost, until enough is given ──▶ rest, look again
 *              none for a while    ──▶ who has given may grow again, the costliest first
 * </pre>
 * A round asks for a quarter of what is wanted while the level is LOW, half while it is MEDIUM, all when it is CRITICAL. One that
 * gives less than half of what it was to makes the next wait twice as long, up to {@value #MAX_REST_NS} ns. Pressure that comes
 * back soon after something has grown doubles the time for which there must be none before anything grows again.
 *
 * <p>It costs a look at the gauges each second, ten a second under pressure, four on a loop that sleeps and is told of events, and a
 * system call when its loop has slept; a turn of a busy loop costs a comparison. Where the kernel can tell of stalls and limits, that ends the loop's sleep.
 *
 * <p>Threading: a poller of the loop that is its home, without a thread; or {@link #poll} is called at {@link #nextDeadlineNs} by
 * whoever has no such loop, and misses the kernel's events. {@link #counters} and what {@link #shrinkers} count: any thread.
 */
public final class MemoryPressure implements Poller, AutoCloseable {

    static final long CALM_LOOK_NS = 1_000_000_000L;
    static final long PRESSED_LOOK_NS = 100_000_000L;
    /** After a sleep that an event of the kernel may have ended. */
    static final long EVENT_LOOK_NS = 250_000_000L;
    static final long MIN_REST_NS = 100_000_000L;
    static final long MAX_REST_NS = 10_000_000_000L;
    static final long MIN_CALM_NS = 10_000_000_000L;
    static final long MAX_CALM_NS = 600_000_000_000L;
    static final long MIN_ROUND_BYTES = 1 << 20;

    private static final int LOW_SHARE = 4;
    private static final int MEDIUM_SHARE = 2;
    private static final int GROWTH_SHARE = 16;
    /** Pressure within so many times of calm after growth was brought about by it. */
    private static final int GROWTH_BLAME = 4;

    /** A gauge, and the policy's number of it. */
    private record Numbered(MemoryGauge gauge, int number) {
    }

    private final PressurePolicy policy;
    private final Consumer<String> report;
    private final PressureCounters<PressureCounter> counters = PressureCounters.of(PressureCounter.class);
    private final List<Numbered> gauges = new ArrayList<>();
    // Read by any thread, and hardly ever changed.
    private final List<RegisteredShrinker> shrinkers = new CopyOnWriteArrayList<>();
    private final ShrinkRound round;
    private final PressureEvents events = new PressureEvents();
    private PressureDemand demand = PressureDemand.NOTHING;
    private boolean slept;
    private boolean looked;
    private long lookedNs;
    private long nextLookNs = Long.MIN_VALUE;
    private long nextRoundNs = Long.MIN_VALUE;
    private long restNs = MIN_REST_NS;
    private long calmSinceNs;
    private long calmNs = MIN_CALM_NS;
    private boolean grown;
    private long grownNs;
    private boolean closed;

    /**
     * @param home runs tasks on the loop that polls this
     * @param gauges those of {@link MemoryGauges#find}, or others
     * @param report is told, in a line each and once, what can't be done
     */
    public MemoryPressure(final Executor home, final List<MemoryGauge> gauges, final PressureThresholds thresholds,
            final Consumer<String> report) {
        this.policy = new PressurePolicy(thresholds);
        this.report = report;
        this.round = new ShrinkRound(shrinkers, home, counters, report);
        for (final MemoryGauge gauge : gauges) {
            this.gauges.add(new Numbered(gauge, policy.add(gauge.name())));
            try {
                gauge.watch(events, thresholds);
            } catch (final RuntimeException refused) {
                report.accept(gauge.name() + " is only looked at once a second: " + refused.getMessage());
            }
        }
    }

    /** Adds a shrinker that runs on this loop. Any thread. */
    public RegisteredShrinker register(final Shrinker shrinker) {
        return register(shrinker, null);
    }

    /**
     * Adds a shrinker. Any thread.
     *
     * @param loop runs the shrinker's calls; null for this loop
     */
    public synchronized RegisteredShrinker register(final Shrinker shrinker, final Executor loop) {
        final RegisteredShrinker registered = new RegisteredShrinker(shrinker, loop);
        shrinkers.add(registered);
        // Stable: of the same cost, who came first is asked first.
        shrinkers.sort(Comparator.comparingInt(RegisteredShrinker::cost));
        return registered;
    }

    // -- any thread

    public PressureCounters<PressureCounter> counters() {
        return counters;
    }

    public PressureLevel level() {
        return PressureLevel.values()[(int) counters.get(PressureCounter.LEVEL)];
    }

    /** In order of cost. */
    public List<RegisteredShrinker> shrinkers() {
        return List.copyOf(shrinkers);
    }

    // -- the loop

    /** By the last look. */
    public PressureDemand demand() {
        return demand;
    }

    @Override
    public int poll(final long nowNs) {
        if (closed) {
            return 0;
        }
        int work = 0;
        if (isTimeToLook(nowNs)) {
            look(nowNs);
            work++;
        }
        if (round.isActive()) {
            if (round.step(nowNs)) {
                work++;
            }
            if (!round.isActive()) {
                endRound(nowNs);
            }
        } else if (demand.wantedBytes() > 0 && nowNs >= nextRoundNs) {
            beginRound(nowNs);
            work++;
        }
        return work;
    }

    private boolean isTimeToLook(final long nowNs) {
        if (nowNs >= nextLookNs) {
            return true;
        }
        if (!slept) {
            return false;
        }
        slept = false;
        // Taken even if nothing comes of it: it would end the next sleep at once.
        if (events.take()) {
            counters.add(PressureCounter.EVENTS, 1);
            return true;
        }
        // A trigger's event went with the look that ended the sleep. Not after each sleep: most are ended by packets.
        return events.fd() >= 0 && nowNs - lookedNs >= EVENT_LOOK_NS;
    }

    private void look(final long nowNs) {
        counters.add(PressureCounter.LOOKS, 1);
        for (int i = gauges.size() - 1; i >= 0; i--) {
            final Numbered each = gauges.get(i);
            MemoryReading reading;
            try {
                reading = each.gauge.read();
            } catch (final IOException gone) {
                reading = new MemoryReading.Unlimited();
                gauges.remove(i);
                each.gauge.close();
                counters.add(PressureCounter.LOST_GAUGES, 1);
                report.accept(each.gauge.name() + " is looked at no more: " + gone.getMessage());
            }
            policy.observe(each.number, reading, nowNs);
        }
        final boolean wasCalm = demand.level() == PressureLevel.NONE;
        demand = policy.demand();
        counters.set(PressureCounter.LEVEL, demand.level().ordinal());
        final boolean calm = demand.level() == PressureLevel.NONE;
        if (calm && (!wasCalm || !looked)) {
            calmSinceNs = nowNs;
        } else if (!calm && wasCalm) {
            begin(nowNs);
        }
        if (calm) {
            grow(nowNs);
        }
        looked = true;
        lookedNs = nowNs;
        nextLookNs = nowNs + (calm ? CALM_LOOK_NS : PRESSED_LOOK_NS);
    }

    /** Pressure, after there was none. */
    private void begin(final long nowNs) {
        restNs = MIN_REST_NS;
        if (grown && nowNs - grownNs < GROWTH_BLAME * calmNs) {
            calmNs = Math.min(2 * calmNs, MAX_CALM_NS);
        } else {
            calmNs = MIN_CALM_NS;
        }
        grown = false;
    }

    private void beginRound(final long nowNs) {
        final long bytes = switch (demand.level()) {
            case NONE, LOW -> demand.wantedBytes() / LOW_SHARE;
            case MEDIUM -> demand.wantedBytes() / MEDIUM_SHARE;
            case CRITICAL -> demand.wantedBytes();
        };
        final long wanted = Math.max(bytes, Math.min(demand.wantedBytes(), MIN_ROUND_BYTES));
        if (round.begin(wanted, nowNs)) {
            counters.add(PressureCounter.ROUNDS, 1);
            counters.add(PressureCounter.WANTED_BYTES, wanted);
        } else {
            rest(nowNs);
        }
    }

    private void endRound(final long nowNs) {
        if (round.givenBytes() >= round.wantedBytes() / 2) {
            restNs = MIN_REST_NS;
            nextRoundNs = nowNs + restNs;
        } else {
            rest(nowNs);
        }
        // What was read is no longer so.
        nextLookNs = nowNs;
    }

    private void rest(final long nowNs) {
        nextRoundNs = nowNs + restNs;
        restNs = Math.min(2 * restNs, MAX_REST_NS);
    }

    /** A part of what is spare goes to those who gave, so that it stays above the mark. */
    private void grow(final long nowNs) {
        if (nowNs - calmSinceNs < calmNs) {
            return;
        }
        long left = demand.spareBytes() / GROWTH_SHARE;
        for (int i = shrinkers.size() - 1; i >= 0 && left > 0; i--) {
            final RegisteredShrinker each = shrinkers.get(i);
            final long bytes = Math.min(left, each.owedBytes());
            if (bytes > 0) {
                left -= bytes;
                each.regrow(bytes);
                counters.add(PressureCounter.REGROWN_BYTES, bytes);
                round.tell(each, () -> each.shrinker().mayGrow(bytes));
                grown = true;
                grownNs = nowNs;
            }
        }
    }

    @Override
    public void disarm() {
        slept = true;
    }

    @Override
    public int wakeFd() {
        return closed ? -1 : events.fd();
    }

    @Override
    public long nextDeadlineNs() {
        if (closed) {
            return NO_DEADLINE;
        }
        if (round.isActive()) {
            return Math.min(nextLookNs, round.nextDeadlineNs());
        }
        return demand.wantedBytes() > 0 ? Math.min(nextLookNs, nextRoundNs) : nextLookNs;
    }

    /** On the loop, or when it runs no more. Descriptors are closed; nothing is asked any more. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            gauges.forEach(each -> each.gauge.close());
            events.close();
        }
    }

    @Override
    public String toString() {
        return "memory pressure";
    }
}
