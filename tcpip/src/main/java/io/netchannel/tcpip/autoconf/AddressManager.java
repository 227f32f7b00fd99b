package io.netchannel.tcpip.autoconf;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressConflict;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressRemoved;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressRemoved.Reason;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.link.Arp;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.link.ConflictListener;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.Ndp;
import io.netchannel.tcpip.link.NeighborCache;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Our addresses from the first probe to the end of their lifetimes: address conflict detection for IPv4 (RFC 5227) and
 * duplicate address detection for IPv6 (RFC 4862, 5.4), which differ in times only.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class AddressManager implements ConflictListener {

    private static final long SECOND_NS = 1_000_000_000L;

    // RFC 5227, 1.1
    private static final long PROBE_WAIT_NS = SECOND_NS;
    private static final int PROBE_NUM = 3;
    private static final long PROBE_MIN_NS = SECOND_NS;
    private static final long PROBE_MAX_NS = 2 * SECOND_NS;
    private static final long ANNOUNCE_WAIT_NS = 2 * SECOND_NS;
    private static final int ANNOUNCE_NUM = 2;
    private static final long ANNOUNCE_INTERVAL_NS = 2 * SECOND_NS;
    private static final int MAX_CONFLICTS = 10;
    private static final long RATE_LIMIT_INTERVAL_NS = 60 * SECOND_NS;
    private static final long DEFEND_INTERVAL_NS = 10 * SECOND_NS;

    // RFC 4862, 5.1 and RFC 4861, 10
    private static final int DUP_ADDR_DETECT_TRANSMITS = 1;
    private static final long MAX_RTR_SOLICITATION_DELAY_NS = SECOND_NS;

    private final List<ManagedAddress> list = new ArrayList<>();
    private final InterfaceChanges changes;
    private final NeighborCache neighbors;
    private final Arp arp;
    private final Ndp ndp;
    private final TimerWheel timers;
    private final Counters counters;
    private final RandomGenerator random;
    private final Timer lifetimes = new Lifetimes();
    private AddressListener listener;
    private int ipv4Conflicts;

    AddressManager(final InterfaceChanges changes, final NeighborCache neighbors, final Arp arp, final Ndp ndp,
            final TimerWheel timers, final Counters counters, final RandomGenerator random) {
        this.changes = changes;
        this.neighbors = neighbors;
        this.arp = arp;
        this.ndp = ndp;
        this.timers = timers;
        this.counters = counters;
        this.random = random;
    }

    void listener(final AddressListener hears) {
        listener = hears;
    }

    List<ManagedAddress> list() {
        return list;
    }

    void close() {
        timers.cancel(lifetimes);
        for (final ManagedAddress address : list) {
            stop(address);
        }
    }

    /**
     * Adds an address while the stack runs: a DHCP client's, say. Its fate comes as events.
     *
     * @return false if it is there, or there are too many
     */
    public boolean add(final IpPrefix prefix, final ConflictDetection detection, final long nowNs) {
        return add(new ManagedAddress(this, prefix, AddressOrigin.OWNER, detection), nowNs);
    }

    /** @return false if it isn't there */
    public boolean remove(final IpAddress address, final long nowNs) {
        final ManagedAddress known = find(address.high(), address.low());
        if (known != null) {
            remove(known, Reason.WITHDRAWN);
            schedule(nowNs);
        }
        return known != null;
    }

    ManagedAddress find(final long high, final long low) {
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i).low() == low && list.get(i).high() == high) {
                return list.get(i);
            }
        }
        return null;
    }

    boolean add(final ManagedAddress address, final long nowNs) {
        if (list.size() >= LocalAddresses.MAX_ADDRESSES || find(address.high(), address.low()) != null) {
            return false;
        }
        list.add(address);
        final boolean tentative = address.detection == ConflictDetection.FULL;
        address.state = tentative ? AddressState.TENTATIVE : stateAt(address, nowNs);
        changes.publish(new AddressAdded(address.prefix, address.state, address.origin));
        address.probing = tentative || address.detection == ConflictDetection.OPTIMISTIC && !address.isIpv4();
        if (address.probing) {
            beginProbing(address, nowNs);
        }
        if (!tentative) {
            beginAnnouncing(address, nowNs);
            listener.onAssigned(address, nowNs);
        }
        schedule(nowNs);
        return true;
    }

    private static AddressState stateAt(final ManagedAddress address, final long nowNs) {
        return address.preferredUntilNs > nowNs ? AddressState.PREFERRED : AddressState.DEPRECATED;
    }

    // -- probes

    private void beginProbing(final ManagedAddress address, final long nowNs) {
        address.probesLeft = address.isIpv4() ? PROBE_NUM : DUP_ADDR_DETECT_TRANSMITS;
        address.nonce = random.nextLong() >>> 16;
        // RFC 5227, 2.1.1: after many conflicts slower. RFC 4862, 5.4.2: hosts that start together must not all speak.
        final long penaltyNs = address.isIpv4() && ipv4Conflicts >= MAX_CONFLICTS ? RATE_LIMIT_INTERVAL_NS : 0;
        final long delayNs = address.isIpv4() ? PROBE_WAIT_NS : MAX_RTR_SOLICITATION_DELAY_NS;
        timers.schedule(address, nowNs + penaltyNs + random.nextLong(delayNs + 1));
    }

    void onProbeTimer(final ManagedAddress address, final long nowNs) {
        if (address.probesLeft == 0) {
            address.probing = false;
            onUnique(address, nowNs);
            return;
        }
        address.probesLeft--;
        if (address.isIpv4()) {
            arp.probe(address.low());
            timers.schedule(address, nowNs + (address.probesLeft == 0
                    ? ANNOUNCE_WAIT_NS
                    : PROBE_MIN_NS + random.nextLong(PROBE_MAX_NS - PROBE_MIN_NS + 1)));
        } else {
            ndp.probe(address.high(), address.low(), address.nonce);
            timers.schedule(address, nowNs + neighbors.ipv6RetransmitNs());
        }
    }

    private void onUnique(final ManagedAddress address, final long nowNs) {
        if (address.state != AddressState.TENTATIVE) {
            return;
        }
        address.state = stateAt(address, nowNs);
        changes.publish(new AddressChanged(address.prefix, address.state));
        beginAnnouncing(address, nowNs);
        listener.onAssigned(address, nowNs);
    }

    private void beginAnnouncing(final ManagedAddress address, final long nowNs) {
        address.announcementsLeft = ANNOUNCE_NUM;
        announce(address, nowNs);
    }

    void announce(final ManagedAddress address, final long nowNs) {
        address.announcementsLeft--;
        sendAnnouncement(address);
        if (address.announcementsLeft > 0) {
            timers.schedule(address.announcement, nowNs + ANNOUNCE_INTERVAL_NS);
        }
    }

    /** RFC 5227, 2.3; RFC 4861, 7.2.6. */
    private void sendAnnouncement(final ManagedAddress address) {
        if (address.isIpv4()) {
            arp.announce(address.low());
        } else {
            ndp.announce(address.high(), address.low());
        }
    }

    // -- conflicts

    @Override
    public boolean isBeingProbed(final long high, final long low) {
        final ManagedAddress address = find(high, low);
        return address != null && address.probing;
    }

    @Override
    public void onProbed(final long high, final long low, final long mac, final long nonce, final long nowNs) {
        final ManagedAddress address = find(high, low);
        if (address == null || !address.probing) {
            return;
        }
        if (!address.isIpv4() && nonce == address.nonce) {
            // RFC 7527, 4.2: our own question has come back.
            counters.increment(Counter.NDP_LOOPED_BACK_PROBES);
            return;
        }
        // RFC 5227, 2.1.1; RFC 4862, 5.4.3: whoever wants it at the same time.
        onDuplicate(address, mac, nowNs);
    }

    @Override
    public void onClaimed(final long high, final long low, final long mac, final long nowNs) {
        final ManagedAddress address = find(high, low);
        if (address == null) {
            return;
        }
        if (address.probing) {
            onDuplicate(address, mac, nowNs);
        } else if (address.isIpv4()) {
            defend(address, mac, nowNs);
        } else {
            // RFC 4862, 5.4.4: what to do when detection has missed it is not said.
            changes.publish(new AddressConflict(address.prefix.address(), new MacAddress(mac), false));
        }
    }

    private void onDuplicate(final ManagedAddress address, final long mac, final long nowNs) {
        counters.increment(address.isIpv4() ? Counter.ARP_DUPLICATES : Counter.NDP_DUPLICATES);
        ipv4Conflicts += address.isIpv4() ? 1 : 0;
        changes.publish(new AddressConflict(address.prefix.address(), new MacAddress(mac), true));
        remove(address, Reason.CONFLICT);
        listener.onDuplicate(address, nowNs);
        schedule(nowNs);
    }

    /** RFC 5227, 2.4: one defence in ten seconds; whether the next conflict within them costs the address. */
    private void defend(final ManagedAddress address, final long mac, final long nowNs) {
        final boolean recently = address.defended && nowNs - address.defendedNs < DEFEND_INTERVAL_NS;
        final boolean givenUp = recently && address.detection == ConflictDetection.FULL;
        changes.publish(new AddressConflict(address.prefix.address(), new MacAddress(mac), givenUp));
        if (givenUp) {
            ipv4Conflicts++;
            remove(address, Reason.CONFLICT);
            schedule(nowNs);
        } else if (!recently) {
            address.defended = true;
            address.defendedNs = nowNs;
            arp.announce(address.low());
        }
    }

    // -- lifetimes

    void remove(final ManagedAddress address, final Reason reason) {
        if (list.remove(address)) {
            stop(address);
            changes.publish(new AddressRemoved(address.prefix, reason));
        }
    }

    private void stop(final ManagedAddress address) {
        timers.cancel(address);
        timers.cancel(address.announcement);
        address.probing = false;
    }

    /** Applies lifetimes that have changed or are over, and waits for the next. */
    void schedule(final long nowNs) {
        long nextNs = ManagedAddress.FOREVER;
        for (int i = list.size() - 1; i >= 0 && i < list.size(); i--) {
            final ManagedAddress address = list.get(i);
            if (address.validUntilNs <= nowNs) {
                remove(address, Reason.EXPIRED);
                continue;
            }
            final AddressState state = stateAt(address, nowNs);
            if (address.state != AddressState.TENTATIVE && address.state != state) {
                address.state = state;
                changes.publish(new AddressChanged(address.prefix, state));
            }
            nextNs = Math.min(nextNs, address.validUntilNs);
            nextNs = address.preferredUntilNs > nowNs ? Math.min(nextNs, address.preferredUntilNs) : nextNs;
        }
        // FOREVER is the wheel's word for never.
        timers.schedule(lifetimes, nextNs);
    }

    private final class Lifetimes extends Timer {

        @Override
        protected void expire(final long nowNs) {
            schedule(nowNs);
        }
    }
}
