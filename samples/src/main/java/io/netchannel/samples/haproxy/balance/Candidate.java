package io.netchannel.samples.haproxy.balance;

/** A server as balancing sees it. */
public interface Candidate {

    /** {@code id} of the server line: a consistent hash places it by that. */
    int id();

    boolean isBackup();

    /** Up, with a weight: may be chosen for new requests. */
    boolean isUsable();

    /** As configured or set since, 0 to 256. */
    int weight();

    /** The part of its weight that counts now, in 1/100: slowstart lets it grow. */
    int rampPercent();

    /** Requests that it works at. */
    int served();

    /** Requests that wait for it. */
    int queued();

    /** Requests that it may work at now; 0: no limit. */
    int limit();

    /** Whether a request given to it now would have to wait. */
    default boolean isSaturated() {
        final int limit = limit();
        return limit > 0 && (queued() > 0 || served() >= limit);
    }
}
