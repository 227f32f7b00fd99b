package io.netchannel.tcpip.ip;

import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.Revision;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * Routes by longest prefix (RFC 1122, 3.3.1; RFC 4861, 5.2). The prefixes of {@link LocalAddresses} that are on-link count
 * as routes too. Routes may come and go while the stack runs; paths that exist follow.
 *
 * <p>Of routes of one length the lowest metric is taken, of those the first whose gateway has not failed to answer; when
 * all have failed, all are tried again, beginning behind the last (RFC 4861, 6.3.6).
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Routes {

    /** A bound on what configuration protocols may add. */
    public static final int MAX_ROUTES = 256;

    private final LocalAddresses addresses;
    private final Revision revision;
    private final List<Entry> entries = new ArrayList<>();

    private static final class Entry {

        private final Route route;
        private boolean failed;

        Entry(final Route route) {
            this.route = route;
        }
    }

    Routes(final LocalAddresses addresses) {
        this.addresses = addresses;
        this.revision = addresses.revision();
    }

    /** @return false if there is one with that prefix and gateway, or there are {@link #MAX_ROUTES} */
    public boolean add(final Route route) {
        if (entries.size() == MAX_ROUTES || indexOf(route.destination(), route.gateway()) >= 0) {
            return false;
        }
        entries.add(new Entry(route));
        revision.advance();
        return true;
    }

    /** @param gateway null for on-link. @return false if there is none */
    public boolean remove(final IpPrefix destination, final IpAddress gateway) {
        final int index = indexOf(destination, gateway);
        if (index < 0) {
            return false;
        }
        entries.remove(index);
        revision.advance();
        return true;
    }

    private int indexOf(final IpPrefix destination, final IpAddress gateway) {
        for (int i = 0; i < entries.size(); i++) {
            final Route route = entries.get(i).route;
            if (route.destination().lengthBits() == destination.lengthBits()
                    && route.destination().contains(destination.address().high(), destination.address().low())
                    && (gateway == null ? route.gateway() == null : gateway.equals(route.gateway()))) {
                return i;
            }
        }
        return -1;
    }

    public List<Route> all() {
        return entries.stream().map(entry -> entry.route).toList();
    }

    /**
     * The best route that is more specific than what is on-link by an address of ours.
     *
     * @return null if that is on-link, or there is no way at all: {@link LocalAddresses#isOnLink} tells
     */
    Route find(final long remoteHigh, final long remoteLow) {
        final int onLinkBits = addresses.onLinkBits(remoteHigh, remoteLow);
        Entry best = null;
        for (int i = 0; i < entries.size(); i++) {
            final Entry entry = entries.get(i);
            if (entry.route.destination().lengthBits() > onLinkBits
                    && entry.route.destination().contains(remoteHigh, remoteLow)
                    && (best == null || isBetter(entry, best))) {
                best = entry;
            }
        }
        return best == null ? null : best.route;
    }

    private static boolean isBetter(final Entry entry, final Entry best) {
        final int bits = entry.route.destination().lengthBits();
        final int bestBits = best.route.destination().lengthBits();
        if (bits != bestBits) {
            return bits > bestBits;
        }
        // A router that doesn't answer is the last choice, whatever its metric.
        return entry.failed != best.failed ? !entry.failed : entry.route.metric() < best.route.metric();
    }

    /** Whether an address is the gateway of some route. */
    public boolean isGateway(final long high, final long low) {
        for (int i = 0; i < entries.size(); i++) {
            final IpAddress gateway = entries.get(i).route.gateway();
            if (gateway != null && gateway.low() == low && gateway.high() == high) {
                return true;
            }
        }
        return false;
    }

    /** A neighbour did not answer. If it is a gateway, others are taken from here on. */
    public void onNeighborFailed(final long high, final long low) {
        boolean changed = false;
        boolean allFailed = true;
        Entry first = null;
        for (final Entry entry : entries) {
            final IpAddress gateway = entry.route.gateway();
            if (gateway == null) {
                continue;
            }
            if (gateway.low() == low && gateway.high() == high && !entry.failed) {
                entry.failed = true;
                changed = true;
                first = entry;
            }
            allFailed &= entry.failed || gateway.isIpv4() != IpAddress.isIpv4(high, low);
        }
        if (!changed) {
            return;
        }
        if (allFailed) {
            final boolean ipv4 = IpAddress.isIpv4(high, low);
            entries.forEach(entry -> entry.failed &= entry.route.destination().address().isIpv4() != ipv4);
            // The one that failed last is tried last.
            entries.remove(first);
            entries.add(first);
        }
        revision.advance();
    }

    /** A neighbour answers. If it is a gateway that had failed, it is taken again. */
    public void onNeighborReachable(final long high, final long low) {
        for (int i = 0; i < entries.size(); i++) {
            final Entry entry = entries.get(i);
            final IpAddress gateway = entry.route.gateway();
            if (entry.failed && gateway != null && gateway.low() == low && gateway.high() == high) {
                entry.failed = false;
                revision.advance();
            }
        }
    }
}
