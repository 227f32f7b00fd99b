package io.netchannel.tcpip.link;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;

/**
 * One entry of a {@link NeighborCache}.
 *
 * <p>An entry object is used again for another address after eviction; a holder compares {@link #generation()} with
 * what it was when it looked the entry up.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Neighbor extends Timer {

    static final int NO_PENDING = -1;

    private final NeighborCache cache;
    final int slot;

    long high;
    long low;
    long mac;
    NeighborState state = NeighborState.NONE;
    int generation;
    /** Solicitations sent since resolution or probing began. */
    int solicits;
    /** The probe asks everybody, because somebody new claims the address. */
    boolean verifying;
    boolean router;
    /** Sent to since the eviction hand passed. */
    boolean used;
    /** Gateway: not evicted. */
    boolean pinned;
    long confirmedNs;
    long reachableNs;
    int nextInBucket = -1;
    int pendingHead = NO_PENDING;
    int pendingTail = NO_PENDING;
    int pendingCount;

    Neighbor(final NeighborCache cache, final int slot) {
        this.cache = cache;
        this.slot = slot;
    }

    @Override
    protected void expire(final long nowNs) {
        cache.onTimer(this, nowNs);
    }

    public long high() {
        return high;
    }

    public long low() {
        return low;
    }

    /** Link address; meaningful while the state is usable. */
    public long mac() {
        return mac;
    }

    public NeighborState state() {
        return state;
    }

    public boolean isUsable() {
        return state.isUsable();
    }

    /** Changes when the entry object is given to another address. */
    public int generation() {
        return generation;
    }

    /** Packets that wait for the link address. */
    public int pendingCount() {
        return pendingCount;
    }

    public boolean isIpv6() {
        return !IpAddress.isIpv4(high, low);
    }

    @Override
    public String toString() {
        return IpAddress.format(high, low) + " " + state + (isUsable() ? " " + MacAddress.format(mac) : "");
    }
}
