package io.netchannel.tcpip.ip;

import io.netchannel.tcpip.link.Neighbor;
import io.netchannel.tcpip.link.NeighborCache;

/** A {@link Path} of an {@link IpLayer}: the route is chosen once, the neighbour's entry is kept. */
final class FlowPath extends Path {

    /** How a path leaves the stack. */
    enum Way {
        /** By a neighbour: the destination itself or a gateway. */
        NEIGHBOR,
        /** To a multicast or broadcast link address. */
        GROUP,
        /** Not at all: to ourselves. */
        LOCAL
    }

    private final NeighborCache cache;
    private final int mtuBytes;
    boolean ipv6;
    long localHigh;
    long localLow;
    long remoteHigh;
    long remoteLow;
    Way way;
    /** Link address of a group. */
    long groupMac;
    private long nextHopHigh;
    private long nextHopLow;
    private boolean gateway;
    private Neighbor neighbor;
    private int generation;

    FlowPath(final NeighborCache cache, final int mtuBytes) {
        this.cache = cache;
        this.mtuBytes = mtuBytes;
    }

    void ends(final boolean isIpv6, final long ourHigh, final long ourLow, final long theirHigh, final long theirLow) {
        ipv6 = isIpv6;
        localHigh = ourHigh;
        localLow = ourLow;
        remoteHigh = theirHigh;
        remoteLow = theirLow;
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
    public int mtuBytes() {
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
