package io.netchannel.kernel.pressure;

import java.util.ArrayList;
import java.util.List;

/**
 * Readings to a demand. A gauge becomes short at one mark and stops being so at another, so that memory that hovers about
 * a mark isn't given back and taken again.
 *
 * <p>Threading: one thread; time is passed in.
 */
final class PressurePolicy {

    /** Tasks that wait four times as long as makes pressure: it is critical. */
    private static final int CRITICAL_STALLS = 4;
    /** Stalls don't say how much is missing: a step of the tightest limit, larger each time that they go on. */
    private static final int FIRST_STEP_SHARE = 64;
    private static final int LARGEST_STEP_SHARE = 8;
    private static final int ALL_PERMILLE = 1000;

    private final PressureThresholds thresholds;
    private final List<Watched> all = new ArrayList<>();

    /** A gauge, and what it showed before. */
    private static final class Watched {
        private final String name;
        private MemoryReading reading = new MemoryReading.Unlimited();
        private boolean isShort;
        // Of stalls.
        private long beforeNs;
        private long stalledBeforeNs = -1;
        private long sharePermille;
        private int steps;

        private Watched(final String name) {
            this.name = name;
        }
    }

    PressurePolicy(final PressureThresholds thresholds) {
        this.thresholds = thresholds;
    }

    /** @return what to {@link #observe} it as */
    int add(final String gauge) {
        all.add(new Watched(gauge));
        return all.size() - 1;
    }

    void observe(final int gauge, final MemoryReading reading, final long nowNs) {
        final Watched watched = all.get(gauge);
        watched.reading = reading;
        switch (reading) {
            case final MemoryReading.Room room -> {
                final long mark = watched.isShort
                        ? thresholds.highBytes(room.limitBytes())
                        : thresholds.lowBytes(room.limitBytes());
                watched.isShort = leftBytes(room) < mark;
            }
            case final MemoryReading.Stall stall -> observeStall(watched, stall.totalNs(), nowNs);
            case final MemoryReading.Growth _ -> watched.isShort = false;
            case final MemoryReading.Unlimited _ -> watched.isShort = false;
        }
    }

    /** What is available when those have grown that are about to. */
    private long leftBytes(final MemoryReading.Room room) {
        long left = room.availableBytes();
        for (final Watched each : all) {
            if (each.reading instanceof final MemoryReading.Growth growth) {
                left -= growth.bytes();
            }
        }
        return left;
    }

    private void observeStall(final Watched watched, final long totalNs, final long nowNs) {
        final long elapsedNs = nowNs - watched.beforeNs;
        if (watched.stalledBeforeNs >= 0 && elapsedNs > 0) {
            final double share = (double) (totalNs - watched.stalledBeforeNs) / elapsedNs;
            watched.sharePermille = Math.clamp((long) (share * ALL_PERMILLE), 0, ALL_PERMILLE);
            final int mark = watched.isShort ? thresholds.stallPermille() / 2 : thresholds.stallPermille();
            watched.isShort = watched.sharePermille >= Math.max(1, mark);
            watched.steps = watched.isShort ? watched.steps + 1 : 0;
        }
        watched.stalledBeforeNs = totalNs;
        watched.beforeNs = nowNs;
    }

    /** By what was observed last. */
    PressureDemand demand() {
        long spareBytes = Long.MAX_VALUE;
        long tightestBytes = Long.MAX_VALUE;
        for (final Watched each : all) {
            if (each.reading instanceof final MemoryReading.Room room) {
                tightestBytes = Math.min(tightestBytes, room.limitBytes());
                spareBytes = Math.min(spareBytes,
                        Math.max(0, leftBytes(room) - thresholds.highBytes(room.limitBytes())));
            }
        }
        PressureLevel level = PressureLevel.NONE;
        long wantedBytes = 0;
        String cause = null;
        for (final Watched each : all) {
            if (each.isShort) {
                final PressureLevel own = level(each);
                final long ownBytes = wantedBytes(each, tightestBytes);
                level = own.compareTo(level) > 0 ? own : level;
                if (ownBytes > wantedBytes) {
                    wantedBytes = ownBytes;
                    cause = each.name;
                }
            }
        }
        return new PressureDemand(level, wantedBytes, spareBytes == Long.MAX_VALUE ? 0 : spareBytes, cause);
    }

    private PressureLevel level(final Watched watched) {
        if (watched.reading instanceof final MemoryReading.Room room) {
            if (leftBytes(room) < thresholds.criticalBytes(room.limitBytes())) {
                return PressureLevel.CRITICAL;
            }
            return leftBytes(room) < thresholds.lowBytes(room.limitBytes())
                    ? PressureLevel.MEDIUM
                    : PressureLevel.LOW;
        }
        return watched.sharePermille >= (long) CRITICAL_STALLS * thresholds.stallPermille()
                ? PressureLevel.CRITICAL
                : PressureLevel.MEDIUM;
    }

    private long wantedBytes(final Watched watched, final long tightestBytes) {
        if (watched.reading instanceof final MemoryReading.Room room) {
            return thresholds.highBytes(room.limitBytes()) - leftBytes(room);
        }
        if (tightestBytes == Long.MAX_VALUE) {
            return 0;
        }
        final long stepBytes = tightestBytes / FIRST_STEP_SHARE;
        return Math.min(stepBytes * watched.steps, tightestBytes / LARGEST_STEP_SHARE);
    }
}
