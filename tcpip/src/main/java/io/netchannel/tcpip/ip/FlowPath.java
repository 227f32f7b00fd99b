package io.netchannel.tcpip.ip;

import io.netchannel.tcpip.link.Neighbor;
import io.netchannel.tcpip.link.NeighborCache;
import io.netchannel.tcpip.link.Revision;

/**
 * A {@link Path} of an {@link IpLayer}: route and neighbour are remembered, and looked up again when the {@link
 * io.netchannel.tcpip.link.Revision} says that something has changed.
 */
final class FlowPath extends Path {

    /** How a path leaves the stack. */
    enum Way {
        /** By a neighbour: the destination itself or a gateway. */
        NEIGHBOR,
        /** To a multicast or broadcast link address. */
        GROUP,
        /** Not at all: to ourselves. */
        LOCAL,
        /** There was a way, but the address or the route has gone. */
        NONE
    }

    private final NeighborCache cache;
    private final Router router;
    private final Revision current;
    boolean ipv6;
    long localHigh;
    long localLow;
    long remoteHigh;
    long remoteLow;
    Way way = Way.NONE;
    /** Link address of a group. */
    long groupMac;
    int mtuBytes;
    /** Without regard to what routers have said of the path. */
    int linkMtuBytes;
    private int localMtuBytes;
    /** Some link takes less than the least path MTU that we believe: DF would make a black hole. */
    boolean mtuLocked;
    int revision;
    private long nextHopHigh;
    private long nextHopLow;
    private boolean gateway;
    private Neighbor neighbor;
    private int generation;

    FlowPath(final NeighborCache cache, final Router router) {
        this.cache = cache;
        this.router = router;
        this.current = router.changes();
    }

    void ends(final boolean isIpv6, final long ourHigh, final long ourLow, final long theirHigh, final long theirLow) {
        ipv6 = isIpv6;
        localHigh = ourHigh;
        localLow = ourLow;
        remoteHigh = theirHigh;
        remoteLow = theirLow;
    }

    void mtu(final int pathBytes, final int linkBytes, final boolean locked) {
        mtuBytes = pathBytes;
        linkMtuBytes = linkBytes;
        localMtuBytes = linkBytes;
        mtuLocked = locked;
    }

    /** As the route is set; what was learned may be less. */
    void routeMtu(final int bytes) {
        mtuBytes = Math.min(mtuBytes, bytes);
        localMtuBytes = Math.min(localMtuBytes, bytes);
    }

    void local() {
        way = Way.LOCAL;
        neighbor = null;
    }

    void group(final long mac) {
        way = Way.GROUP;
        groupMac = mac;
        neighbor = null;
    }

    void nextHop(final long high, final long low, final boolean isGateway) {
        way = Way.NEIGHBOR;
        nextHopHigh = high;
        nextHopLow = low;
        gateway = isGateway;
        neighbor = null;
    }

    /** Looks the way up again if anything has changed since. */
    void refresh() {
        if (revision != current.value()) {
            router.route(this, localHigh, localLow, remoteHigh, remoteLow);
        }
    }

    boolean isNextHop(final long high, final long low) {
        return way == Way.NEIGHBOR && nextHopLow == low && nextHopHigh == high;
    }

    boolean isByGateway() {
        return way == Way.NEIGHBOR && gateway;
    }

    /** The entry of the next hop, looked up once and again after it was evicted. */
    Neighbor neighbor() {
        final Neighbor known = neighbor;
        if (known != null && known.generation() == generation) {
            return known;
        }
        final Neighbor entry = cache.findOrCreate(nextHopHigh, nextHopLow);
        if (gateway) {
            cache.pin(entry);
        }
        neighbor = entry;
        generation = entry.generation();
        return entry;
    }

    @Override
    public boolean isIpv6() {
        return ipv6;
    }

    @Override
    public boolean isGroup() {
        return way == Way.GROUP;
    }

    @Override
    public long localHigh() {
        return localHigh;
    }

    @Override
    public long localLow() {
        return localLow;
    }

    @Override
    public long remoteHigh() {
        return remoteHigh;
    }

    @Override
    public long remoteLow() {
        return remoteLow;
    }

    @Override
    public int localMtuBytes() {
        refresh();
        return localMtuBytes;
    }

    @Override
    public int mtuBytes() {
        refresh();
        return mtuBytes;
    }

    @Override
    public void confirmReachable(final long nowNs) {
        final Neighbor known = neighbor;
        if (known != null && known.generation() == generation) {
            cache.confirm(known, nowNs);
        }
    }
}
