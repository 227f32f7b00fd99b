package io.netchannel.tcpip.ip;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.link.Revision;
import java.util.Arrays;

/**
 * What was learnt about single destinations: the path MTU (RFC 1191, 6.3; RFC 8201, 5.2) and another first hop (RFC 4861,
 * 5.1; RFC 1122, 3.3.1.2). Bounded; the entry that was made first goes first.
 *
 * <p>A path MTU is forgotten after ten minutes, as Linux's mtu_expires, and the path is then tried with larger packets
 * again.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class DestinationCache {

    static final int CAPACITY = 1024;
    /** As Linux's mtu_expires; RFC 8201, 4 asks for five minutes at least. */
    static final long PATH_MTU_LIFETIME_NS = 600_000_000_000L;

    static final int NONE = -1;

    private static final int BUCKETS = 2048;
    private static final long HASH_MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final TimerWheel timers;
    private final Revision revision;
    private final long hashSecret;
    private final int[] buckets = new int[BUCKETS];
    private final int[] nextInBucket = new int[CAPACITY];
    private final long[] high = new long[CAPACITY];
    private final long[] low = new long[CAPACITY];
    private final int[] mtuBytes = new int[CAPACITY];
    private final boolean[] locked = new boolean[CAPACITY];
    private final long[] mtuExpiryNs = new long[CAPACITY];
    private final boolean[] redirected = new boolean[CAPACITY];
    private final long[] firstHopHigh = new long[CAPACITY];
    private final long[] firstHopLow = new long[CAPACITY];
    private final Timer expiry = new Expiry();
    private int size;
    private int oldest;

    DestinationCache(final TimerWheel timers, final Revision revision, final long hashSecret) {
        this.timers = timers;
        this.revision = revision;
        this.hashSecret = hashSecret;
        Arrays.fill(buckets, NONE);
    }

    /** @return an index, or {@link #NONE} */
    int find(final long remoteHigh, final long remoteLow) {
        if (size == 0) {
            return NONE;
        }
        int i = buckets[bucket(remoteHigh, remoteLow)];
        while (i != NONE && (low[i] != remoteLow || high[i] != remoteHigh)) {
            i = nextInBucket[i];
        }
        return i;
    }

    private int bucket(final long remoteHigh, final long remoteLow) {
        final long mixed = ((remoteHigh ^ hashSecret) * HASH_MULTIPLIER ^ remoteLow) * HASH_MULTIPLIER;
        return (int) (mixed >>> 40) & BUCKETS - 1;
    }

    private int findOrCreate(final long remoteHigh, final long remoteLow) {
        final int found = find(remoteHigh, remoteLow);
        if (found != NONE) {
            return found;
        }
        int index = size;
        if (size < CAPACITY) {
            size++;
        } else {
            index = oldest;
            oldest = oldest + 1 == CAPACITY ? 0 : oldest + 1;
            unlink(index);
        }
        high[index] = remoteHigh;
        low[index] = remoteLow;
        mtuBytes[index] = 0;
        locked[index] = false;
        redirected[index] = false;
        final int bucket = bucket(remoteHigh, remoteLow);
        nextInBucket[index] = buckets[bucket];
        buckets[bucket] = index;
        return index;
    }

    private void unlink(final int index) {
        final int bucket = bucket(high[index], low[index]);
        if (buckets[bucket] == index) {
            buckets[bucket] = nextInBucket[index];
            return;
        }
        int i = buckets[bucket];
        while (nextInBucket[i] != index) {
            i = nextInBucket[i];
        }
        nextInBucket[i] = nextInBucket[index];
    }

    // -- path MTU

    /**
     * Remembers a path MTU; whether it is to be believed, and that it is lower, the caller has found out.
     *
     * @param isLocked some router takes less than we care to believe: packets may be cut on the way
     */
    void learnMtu(final long remoteHigh, final long remoteLow, final int bytes, final boolean isLocked,
            final long nowNs) {
        final int index = findOrCreate(remoteHigh, remoteLow);
        mtuExpiryNs[index] = nowNs + PATH_MTU_LIFETIME_NS;
        if (!expiry.isArmed()) {
            timers.schedule(expiry, mtuExpiryNs[index]);
        }
        if (mtuBytes[index] != bytes || locked[index] != isLocked) {
            mtuBytes[index] = bytes;
            locked[index] = isLocked;
            revision.advance();
        }
    }

    /** 0 if none is known. */
    int mtuBytes(final int index) {
        return mtuBytes[index];
    }

    boolean isLocked(final int index) {
        return locked[index];
    }

    // -- redirects

    void redirect(final long remoteHigh, final long remoteLow, final long hopHigh, final long hopLow) {
        final int index = findOrCreate(remoteHigh, remoteLow);
        redirected[index] = true;
        firstHopHigh[index] = hopHigh;
        firstHopLow[index] = hopLow;
        revision.advance();
    }

    boolean isRedirected(final int index) {
        return redirected[index];
    }

    long firstHopHigh(final int index) {
        return firstHopHigh[index];
    }

    long firstHopLow(final int index) {
        return firstHopLow[index];
    }

    /** A neighbour did not answer: what was redirected to it goes the usual way again (RFC 4861, 7.3.3). */
    void onNeighborFailed(final long hopHigh, final long hopLow) {
        boolean changed = false;
        for (int i = 0; i < size; i++) {
            if (redirected[i] && firstHopLow[i] == hopLow && firstHopHigh[i] == hopHigh) {
                redirected[i] = false;
                changed = true;
            }
        }
        if (changed) {
            revision.advance();
        }
    }

    void close() {
        timers.cancel(expiry);
    }

    /** Forgets what has expired, and waits for what expires next. */
    private final class Expiry extends Timer {

        @Override
        protected void expire(final long nowNs) {
            long nextNs = Long.MAX_VALUE;
            boolean changed = false;
            for (int i = 0; i < size; i++) {
                if (mtuBytes[i] == 0) {
                    continue;
                }
                if (mtuExpiryNs[i] - nowNs <= 0) {
                    mtuBytes[i] = 0;
                    locked[i] = false;
                    changed = true;
                } else {
                    nextNs = Math.min(nextNs, mtuExpiryNs[i]);
                }
            }
            if (nextNs != Long.MAX_VALUE) {
                timers.schedule(this, nextNs);
            }
            if (changed) {
                revision.advance();
            }
        }
    }
}
