package io.netchannel.samples.memcached.store;

import io.netchannel.samples.memcached.options.Settings;

/**
 * How many items there are of each size, in steps of 32 bytes; only of those stored since it was switched on, which
 * their CAS ids
 * tell.
 *
 * <p>Threading: under the store's lock.
 */
public final class SizeHistogram {

    public static final int STEP_BYTES = 32;

    private final Settings settings;
    private int[] counts;
    private long firstCas;

    SizeHistogram(final Settings settings) {
        this.settings = settings;
        if (settings.trackSizes) {
            enable(0);
        }
    }

    public boolean isEnabled() {
        return counts != null;
    }

    public void enable(final long sinceCas) {
        if (counts == null) {
            counts = new int[settings.itemMaxBytes / STEP_BYTES + 1];
            firstCas = sinceCas;
        }
    }

    public void disable() {
        counts = null;
    }

    void add(final long item) {
        count(item, 1);
    }

    void remove(final long item) {
        count(item, -1);
    }

    private void count(final long item, final int change) {
        if (counts == null || firstCas > Item.cas(item)) {
            return;
        }
        final int step = (Item.totalBytes(item) + STEP_BYTES - 1) / STEP_BYTES;
        if (step < counts.length) {
            counts[step] += change;
        }
    }

    public int steps() {
        return counts.length;
    }

    public int count(final int step) {
        return counts[step];
    }
}
