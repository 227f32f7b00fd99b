package io.netchannel.kernel.sched;

/**
 * Virtual time, which passes only when it is told to.
 *
 * <p>Threading: confined to the thread that runs the simulation.
 */
public final class ManualClock implements NanoClock {

    private long nowNs;

    public ManualClock(final long startNs) {
        this.nowNs = startNs;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    /** @param deltaNs not negative */
    public void advance(final long deltaNs) {
        if (deltaNs < 0) {
            throw new IllegalArgumentException("deltaNs=" + deltaNs + " < 0");
        }
        nowNs = Math.addExact(nowNs, deltaNs);
    }

    /** @param timeNs not before the present */
    public void advanceTo(final long timeNs) {
        if (timeNs < nowNs) {
            throw new IllegalArgumentException("timeNs=" + timeNs + " < nowNs=" + nowNs);
        }
        nowNs = timeNs;
    }
}
