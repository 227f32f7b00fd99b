package io.netchannel.samples.haproxy.stick;

import io.netchannel.samples.haproxy.expression.StickCounters;

/**
 * The entries that {@code track-sc0…2} of a session or of a stream follow. What a stream doesn't track itself, it sees of its
 * session.
 *
 * <p>Threading: the proxy's loop.
 */
public final class TrackedCounters {

    /** MAX_SESS_STKCTR. */
    public static final int SLOTS = 3;

    private final TrackedCounters session;
    private final StickEntry[] entries = new StickEntry[SLOTS];
    private final boolean[] ofBackend = new boolean[SLOTS];

    private TrackedCounters(final TrackedCounters session) {
        this.session = session;
    }

    /** Slots of a connection, which live as long as it does. */
    public static TrackedCounters ofSession() {
        return new TrackedCounters(null);
    }

    /** Slots of a stream, to be released at its end (or the end of each request). */
    public TrackedCounters forStream() {
        return new TrackedCounters(this);
    }

    /** @return null if nothing is tracked there */
    public StickCounters get(final int slot) {
        return entry(slot);
    }

    private StickEntry entry(final int slot) {
        if (slot < 0 || slot >= SLOTS) {
            return null;
        }
        return entries[slot] == null && session != null ? session.entries[slot] : entries[slot];
    }

    /** Whether these slots themselves, not those of the session, track something there. */
    public boolean isTracked(final int slot) {
        return entries[slot] != null;
    }

    /**
     * Begins to follow an entry, which counts one more connection; nothing if the slot is taken.
     *
     * @param backend by a rule of a backend that is not the frontend
     */
    public void track(final int slot, final StickEntry entry, final boolean backend, final long nowMs) {
        if (entries[slot] != null) {
            return;
        }
        entries[slot] = entry;
        ofBackend[slot] = backend;
        entry.table().track(entry);
        entry.count("conn_cur", 1, nowMs);
        entry.count("conn_cnt", "conn_rate", 1, nowMs);
        entry.table().touch(entry, nowMs);
    }

    /** A session was accepted, after tcp-request session; of the session's slots. */
    public void countSession(final long nowMs) {
        for (int i = 0; i < SLOTS; i++) {
            count(i, "sess_cnt", "sess_rate", 1, nowMs);
        }
    }

    /** A request was parsed, before http-request. */
    public void countRequest(final long nowMs) {
        for (int i = 0; i < SLOTS; i++) {
            count(i, "http_req_cnt", "http_req_rate", 1, nowMs);
        }
    }

    /** A request came to its backend: what a rule of the backend tracks counts it too. */
    public void countBackendRequest(final long nowMs) {
        for (int i = 0; i < SLOTS; i++) {
            if (ofBackend[i]) {
                count(i, "http_req_cnt", "http_req_rate", 1, nowMs);
            }
        }
    }

    /** A request that was invalid, denied, or answered by the proxy with 4xx. */
    public void countError(final long nowMs) {
        for (int i = 0; i < SLOTS; i++) {
            count(i, "http_err_cnt", "http_err_rate", 1, nowMs);
        }
    }

    /** A server answered 5xx other than 501 and 505, or not at all. */
    public void countFailure(final long nowMs) {
        for (int i = 0; i < SLOTS; i++) {
            count(i, "http_fail_cnt", "http_fail_rate", 1, nowMs);
        }
    }

    /** Bytes that came from the client, and that went to it, since the last call. */
    public void countBytes(final long in, final long out, final long nowMs) {
        for (int i = 0; i < SLOTS; i++) {
            if (in > 0) {
                count(i, "bytes_in_cnt", "bytes_in_rate", in, nowMs);
            }
            if (out > 0) {
                count(i, "bytes_out_cnt", "bytes_out_rate", out, nowMs);
            }
        }
    }

    private void count(final int slot, final String total, final String rate, final long events, final long nowMs) {
        final StickEntry entry = entry(slot);
        if (entry != null) {
            entry.count(total, rate, events, nowMs);
        }
    }

    /** At the end of what these slots belong to. */
    public void release(final long nowMs) {
        for (int i = 0; i < SLOTS; i++) {
            final StickEntry entry = entries[i];
            if (entry != null) {
                entries[i] = null;
                ofBackend[i] = false;
                final Long connections = entry.get("conn_cur", nowMs);
                if (connections != null && connections > 0) {
                    entry.count("conn_cur", -1, nowMs);
                }
                entry.table().release(entry, nowMs);
            }
        }
    }
}
