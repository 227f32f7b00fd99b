package io.netchannel.tcpip.multicast;

import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.link.EthernetPort;
import io.netchannel.tcpip.link.GroupListener;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.MulticastGroups;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What this host listens to, told to the routers of both families.
 *
 * <p>Any-source joins come from {@link MulticastGroups}, whose listener this is; joins of certain sources, which {@link
 * #join} makes, take packets of the group through it too.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Memberships implements GroupListener {

    private final MulticastGroups groups;
    private final GroupReporter ipv4;
    private final GroupReporter ipv6;
    private final IgmpInput igmp;
    private final MldInput mld;

    public Memberships(final EthernetPort port, final LocalAddresses addresses, final TimerWheel timers,
            final Counters counters, final RandomGenerator random) {
        this.groups = addresses.groups();
        this.ipv4 = new GroupReporter(new IgmpMessages(port, addresses, counters), timers, random);
        this.ipv6 = new GroupReporter(new MldMessages(port, addresses, counters), timers, random);
        this.igmp = new IgmpInput(port.packets().memory(), ipv4, counters);
        this.mld = new MldInput(port.packets().memory(), ipv6, counters);
    }

    /** From now on routers are told. */
    public void start(final long nowNs) {
        ipv4.start(nowNs);
        ipv6.start(nowNs);
    }

    /** An address has become valid that reports of its family can come from: all is told again. */
    public void onSourceAddress(final boolean isIpv4) {
        (isIpv4 ? ipv4 : ipv6).repeat();
    }

    public void close() {
        ipv4.stop();
        ipv6.stop();
    }

    /** Handles an IGMP message, and leaves the packet to the caller. */
    public void inputIgmp(final IpDatagram datagram, final long nowNs) {
        igmp.input(datagram, nowNs);
    }

    /** Handles an MLD message whose checksum is right, and leaves the packet to the caller. */
    public void inputMld(final IpDatagram datagram, final long nowNs) {
        mld.input(datagram, nowNs);
    }

    /** Groups of which there is state: listened to, or left and not told often enough yet. */
    public int groupCount() {
        return ipv4.groupCount() + ipv6.groupCount();
    }

    // -- any source

    @Override
    public void onJoined(final long groupHigh, final long groupLow) {
        final GroupReporter reporter = reporterOf(groupHigh, groupLow);
        final Group group = reporter.findOrCreate(groupHigh, groupLow);
        if (group != null && group.anySource == null) {
            group.anySource = new Membership(group);
            group.anySource.mode = FilterMode.EXCLUDE;
            group.memberships.add(group.anySource);
            reporter.onChange(group);
        }
    }

    @Override
    public void onLeft(final long groupHigh, final long groupLow) {
        final GroupReporter reporter = reporterOf(groupHigh, groupLow);
        final Group group = reporter.find(groupHigh, groupLow);
        if (group != null && group.anySource != null) {
            group.memberships.remove(group.anySource);
            group.anySource = null;
            reporter.onChange(group);
        }
    }

    // -- certain sources

    /**
     * Joins a group for one user, who wants to hear certain sources only, or all but certain ones.
     *
     * @return the membership; null if it is no group, or there are too many groups or sources
     */
    public Membership join(final IpAddress group, final FilterMode mode, final List<IpAddress> sources) {
        final GroupReporter reporter = reporterOf(group.high(), group.low());
        if (!groups.hold(group.high(), group.low())) {
            return null;
        }
        final Group state = reporter.findOrCreate(group.high(), group.low());
        if (state == null) {
            groups.release(group.high(), group.low());
            return null;
        }
        final Membership membership = new Membership(state);
        state.memberships.add(membership);
        if (!change(membership, mode, sources)) {
            leave(membership);
            return null;
        }
        return membership;
    }

    /** @return false, and nothing is changed, if that makes too many sources, or they are of the other family */
    public boolean change(final Membership membership, final FilterMode mode, final List<IpAddress> sources) {
        if (membership.ended || sources.size() > GroupReporter.MAX_SOURCES) {
            return false;
        }
        final FilterMode modeBefore = membership.mode;
        final AddressSet before = new AddressSet();
        before.set(membership.sources);
        membership.mode = mode;
        membership.sources.clear();
        boolean good = true;
        for (final IpAddress source : sources) {
            good &= source.isIpv4() == IpAddress.isIpv4(membership.groupHigh(), membership.groupLow());
            membership.sources.add(source.high(), source.low());
        }
        if (!good || !membership.group.fits()) {
            membership.mode = modeBefore;
            membership.sources.set(before);
            return false;
        }
        membership.group.reporter.onChange(membership.group);
        return true;
    }

    /** Ends a membership; does nothing if it has ended. */
    public void leave(final Membership membership) {
        if (membership.ended) {
            return;
        }
        membership.ended = true;
        final Group group = membership.group;
        group.memberships.remove(membership);
        group.reporter.onChange(group);
        groups.release(group.high, group.low);
    }

    private GroupReporter reporterOf(final long groupHigh, final long groupLow) {
        return IpAddress.isIpv4(groupHigh, groupLow) ? ipv4 : ipv6;
    }
}
