package io.netchannel.tcpip.autoconf;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouterReachability;
import io.netchannel.tcpip.ip.InterfaceConfig;
import io.netchannel.tcpip.ip.NetInterface;
import io.netchannel.tcpip.link.Arp;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.EthernetPort;
import io.netchannel.tcpip.link.Ndp;
import io.netchannel.tcpip.link.Neighbor;
import io.netchannel.tcpip.link.NeighborCache;
import io.netchannel.tcpip.link.RouterListener;
import io.netchannel.tcpip.link.StableSecret;
import io.netchannel.tcpip.multicast.Memberships;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Configures an interface: static addresses, link-local ones, those that routers advertise prefixes for; and the routes.
 * Of a station's stacks only the one that answers requests has one; the others follow its events.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Autoconfiguration implements RouterListener, AddressListener {

    /** RFC 4191, 3.2: a router that is avoided is asked no more often. */
    private static final long ROUTER_PROBE_INTERVAL_NS = 60_000_000_000L;

    private final AutoconfConfig config;
    private final List<IpPrefix> configured;
    private final InterfaceChanges changes;
    private final NeighborCache neighbors;
    private final Memberships memberships;
    private final TimerWheel timers;
    private final AddressManager addresses;
    private final TemporaryAddresses temporary;
    private final Slaac slaac;
    private final RouterSolicitation solicitation;
    private final AdvertisedRoutes routes;
    private final DnsAdvertisements dns;
    private final RouterAdvertisements advertisements;
    private final List<IpAddress> failedRouters = new ArrayList<>();
    private final Timer routerProbe = new RouterProbe();
    private boolean linkLocal;

    public Autoconfiguration(final InterfaceConfig config, final NetInterface network, final InterfaceChanges changes,
            final EthernetPort port, final NeighborCache neighbors, final Arp arp, final Ndp ndp,
            final Memberships memberships, final TimerWheel timers, final Counters counters,
            final RandomGenerator random) {
        this.config = config.autoconf();
        this.configured = config.allAddresses();
        this.changes = changes;
        this.neighbors = neighbors;
        this.memberships = memberships;
        this.timers = timers;
        this.addresses = new AddressManager(changes, neighbors, arp, ndp, timers, counters, random);
        this.temporary = this.config.temporary()
                ? new TemporaryAddresses(this.config, addresses, neighbors, timers, random)
                : null;
        final StableSecret given = this.config.stableSecret();
        this.slaac = new Slaac(this.config,
                given == null ? new StableSecret(random.nextLong(), random.nextLong()) : given, config.mac().value(),
                config.vlanId(), addresses, temporary);
        this.solicitation = new RouterSolicitation(ndp, timers, random);
        this.routes = new AdvertisedRoutes(changes, timers, counters);
        this.dns = new DnsAdvertisements(changes, timers, counters);
        this.advertisements = new RouterAdvertisements(network, changes, neighbors, routes, slaac, dns,
                port.packets().memory(), counters);
        addresses.listener(this);
        arp.conflicts(addresses);
        ndp.listeners(addresses, this.config.slaac() ? this : RouterListener.NONE);
    }

    /** Addresses that come and go while the stack runs. */
    public AddressManager addresses() {
        return addresses;
    }

    public void start(final long nowNs) {
        boolean formed = config.slaac();
        for (final IpPrefix prefix : configured) {
            addresses.add(new ManagedAddress(addresses, prefix, AddressOrigin.STATIC, config.conflictDetection()),
                    nowNs);
            formed &= !IpAddress.isIpv6LinkLocal(prefix.address().high());
        }
        if (formed) {
            slaac.formLinkLocal(nowNs);
        }
    }

    public void close() {
        addresses.close();
        solicitation.stop();
        routes.close();
        dns.close();
        timers.cancel(routerProbe);
        if (temporary != null) {
            temporary.close();
        }
    }

    // -- addresses

    @Override
    public void onAssigned(final ManagedAddress address, final long nowNs) {
        final boolean isLinkLocal = IpAddress.isIpv6LinkLocal(address.high());
        if (address.isIpv4() || isLinkLocal) {
            memberships.onSourceAddress(address.isIpv4());
        }
        if (isLinkLocal && !linkLocal) {
            linkLocal = true;
            if (config.slaac() && routes.defaultRouters() == 0) {
                solicitation.start(nowNs);
            }
        }
    }

    @Override
    public void onDuplicate(final ManagedAddress address, final long nowNs) {
        slaac.onDuplicate(address, nowNs);
    }

    // -- routers

    @Override
    public void onRouterAdvertisement(final long icmp, final int lengthBytes, final long routerHigh,
            final long routerLow, final long nowNs) {
        final boolean had = routes.defaultRouters() > 0;
        advertisements.input(icmp, lengthBytes, routerHigh, routerLow, nowNs);
        // RFC 7559, 2.1: one that offers to route ends the search.
        if (routes.isDefaultRouter(routerHigh, routerLow)) {
            solicitation.stop();
        } else if (had && routes.defaultRouters() == 0) {
            solicitation.start(nowNs);
        }
    }

    /** A neighbour doesn't answer. If it is a default router, routes by others are taken; it is asked now and then. */
    public void onNeighborFailed(final Neighbor neighbor, final long nowNs) {
        if (!routes.isDefaultRouter(neighbor.high(), neighbor.low())) {
            return;
        }
        final IpAddress router = new IpAddress(neighbor.high(), neighbor.low());
        if (!failedRouters.contains(router)) {
            failedRouters.add(router);
            changes.publish(new RouterReachability(router, false));
        }
        if (!routerProbe.isArmed()) {
            timers.schedule(routerProbe, nowNs + ROUTER_PROBE_INTERVAL_NS);
        }
    }

    /** A neighbour answers, perhaps again. */
    public void onNeighborReachable(final Neighbor neighbor) {
        if (failedRouters.isEmpty()) {
            return;
        }
        final IpAddress router = new IpAddress(neighbor.high(), neighbor.low());
        if (failedRouters.remove(router)) {
            changes.publish(new RouterReachability(router, true));
        }
    }

    private final class RouterProbe extends Timer {

        @Override
        protected void expire(final long nowNs) {
            failedRouters.removeIf(router -> !routes.isDefaultRouter(router.high(), router.low()));
            for (final IpAddress router : failedRouters) {
                neighbors.probe(neighbors.findOrCreate(router.high(), router.low()), nowNs);
            }
            if (!failedRouters.isEmpty()) {
                timers.schedule(this, nowNs + ROUTER_PROBE_INTERVAL_NS);
            }
        }
    }
}
