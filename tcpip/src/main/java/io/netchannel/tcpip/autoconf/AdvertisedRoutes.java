package io.netchannel.tcpip.autoconf;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.autoconf.InterfaceEvent.PrefixAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.PrefixRemoved;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouteAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouteRemoved;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouterAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouterLost;
import io.netchannel.tcpip.ip.Route;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * What routers have advertised and for how long: default routers and more specific routes (RFC 4861, 6.3.4; RFC 4191),
 * and on-link prefixes. All are lists of one kind: a prefix, by a router or on the link.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class AdvertisedRoutes {

    /** Bounds on what the link can make us remember; RFC 4861, 6.3.4 asks for two default routers at least. */
    static final int MAX_ROUTERS = 8;
    static final int MAX_ROUTES = 32;
    static final int MAX_PREFIXES = 16;

    private final List<Entry> entries = new ArrayList<>();
    private final InterfaceChanges changes;
    private final TimerWheel timers;
    private final Counters counters;
    private final Timer expiry = new Expiry();

    private static final class Entry {

        private final IpPrefix prefix;
        /** Null for on-link. */
        private final IpAddress router;
        private RouterPreference preference;
        private long untilNs;

        Entry(final IpPrefix prefix, final IpAddress router) {
            this.prefix = prefix;
            this.router = router;
        }

        Route route() {
            return new Route(prefix, router, preference.metric(), 0);
        }

        boolean isDefault() {
            return router != null && prefix.lengthBits() == 0;
        }
    }

    AdvertisedRoutes(final InterfaceChanges changes, final TimerWheel timers, final Counters counters) {
        this.changes = changes;
        this.timers = timers;
        this.counters = counters;
    }

    void close() {
        timers.cancel(expiry);
    }

    int defaultRouters() {
        int count = 0;
        for (final Entry entry : entries) {
            count += entry.isDefault() ? 1 : 0;
        }
        return count;
    }

    boolean isDefaultRouter(final long high, final long low) {
        for (final Entry entry : entries) {
            if (entry.isDefault() && entry.router.low() == low && entry.router.high() == high) {
                return true;
            }
        }
        return false;
    }

    /**
     * A prefix was advertised, as on-link or with a router.
     *
     * @param router null for on-link
     * @param preference of a route
     * @param lifetimeNs 0 takes it back, {@link ManagedAddress#FOREVER} lasts
     */
    void advertise(final IpPrefix prefix, final IpAddress router, final RouterPreference preference,
            final long lifetimeNs, final long nowNs) {
        Entry entry = find(prefix, router);
        if (lifetimeNs == 0) {
            if (entry != null) {
                remove(entry);
            }
        } else if (entry == null) {
            entry = new Entry(prefix, router);
            entry.preference = preference;
            if (isFull(entry)) {
                counters.increment(Counter.NDP_ADVERTISED_TOO_MUCH);
                return;
            }
            entries.add(entry);
            added(entry);
        } else if (entry.preference != preference) {
            changes.publish(new RouteRemoved(entry.route()));
            entry.preference = preference;
            changes.publish(new RouteAdded(entry.route()));
        }
        if (entry != null) {
            entry.untilNs = Slaac.after(nowNs, lifetimeNs);
        }
        schedule();
    }

    private Entry find(final IpPrefix prefix, final IpAddress router) {
        for (final Entry entry : entries) {
            if (entry.prefix.lengthBits() == prefix.lengthBits()
                    && entry.prefix.contains(prefix.address().high(), prefix.address().low())
                    && (router == null ? entry.router == null : router.equals(entry.router))) {
                return entry;
            }
        }
        return null;
    }

    private boolean isFull(final Entry added) {
        int same = 0;
        for (final Entry entry : entries) {
            same += entry.isDefault() == added.isDefault() && entry.router == null == (added.router == null) ? 1 : 0;
        }
        return same >= (added.router == null ? MAX_PREFIXES : added.isDefault() ? MAX_ROUTERS : MAX_ROUTES);
    }

    private void added(final Entry entry) {
        if (entry.router == null) {
            changes.publish(new PrefixAdded(entry.prefix));
            return;
        }
        changes.publish(new RouteAdded(entry.route()));
        if (entry.isDefault()) {
            changes.publish(new RouterAdded(entry.router, entry.preference));
        }
    }

    private void remove(final Entry entry) {
        entries.remove(entry);
        if (entry.router == null) {
            changes.publish(new PrefixRemoved(entry.prefix));
            return;
        }
        changes.publish(new RouteRemoved(entry.route()));
        if (entry.isDefault()) {
            changes.publish(new RouterLost(entry.router));
        }
    }

    private void schedule() {
        long nextNs = ManagedAddress.FOREVER;
        for (final Entry entry : entries) {
            nextNs = Math.min(nextNs, entry.untilNs);
        }
        timers.schedule(expiry, nextNs);
    }

    private final class Expiry extends Timer {

        @Override
        protected void expire(final long nowNs) {
            for (int i = entries.size() - 1; i >= 0; i--) {
                if (entries.get(i).untilNs <= nowNs) {
                    remove(entries.get(i));
                }
            }
            schedule();
        }
    }
}
