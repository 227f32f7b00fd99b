package io.netchannel.samples.memcached.store;

/**
 * The store's seconds: whole ones since shortly before the server started, so that they fit an int and are never 0.
 *
 * <p>Threading: under the store's lock.
 */
public final class StoreClock {

    /** What a fresh item may be older than nothing by: the first second is this one, as in the original. */
    static final int FIRST_SECOND = 62;
    /** Longest expiry that counts from now; longer ones are dates. */
    public static final long MAX_RELATIVE_SECONDS = 60L * 60 * 24 * 30;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int UPTIME_OFFSET = 60;

    private final long startNs;
    private final long startedUnixSeconds;
    private long movedSeconds;
    private boolean paused;
    private int seconds = FIRST_SECOND;

    /** @param unixSeconds the date at {@code startNs} */
    public StoreClock(final long startNs, final long unixSeconds) {
        this.startNs = startNs;
        this.startedUnixSeconds = unixSeconds - FIRST_SECOND;
    }

    /** The time of what follows. */
    public void advance(final long nowNs) {
        if (!paused) {
            seconds = (int) (FIRST_SECOND + (nowNs - startNs) / SECOND_NS + movedSeconds);
        }
    }

    public int seconds() {
        return seconds;
    }

    public int uptimeSeconds() {
        return seconds - UPTIME_OFFSET;
    }

    /** The date of second 0. */
    public long startedUnixSeconds() {
        return startedUnixSeconds;
    }

    /** For tests of expiry: goes so far ahead, or back. */
    public void move(final long bySeconds) {
        movedSeconds += bySeconds;
        seconds += (int) bySeconds;
    }

    public void pause(final boolean stop) {
        paused = stop;
    }

    /** The second that a client means: 0 is never, up to 30 days from now, more is a date, and a past one is over. */
    public int expiry(final long requested) {
        if (requested == 0) {
            return 0;
        }
        if (requested < 0) {
            return 1;
        }
        if (requested > MAX_RELATIVE_SECONDS) {
            return requested <= startedUnixSeconds ? 1 : (int) (requested - startedUnixSeconds);
        }
        return (int) (requested + seconds);
    }
}
