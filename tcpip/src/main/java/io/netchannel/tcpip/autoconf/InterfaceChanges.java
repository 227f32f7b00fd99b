package io.netchannel.tcpip.autoconf;

import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressConflict;
import io.netchannel.tcpip.autoconf.InterfaceEvent.AddressRemoved;
import io.netchannel.tcpip.autoconf.InterfaceEvent.DnsChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.GroupJoined;
import io.netchannel.tcpip.autoconf.InterfaceEvent.GroupLeft;
import io.netchannel.tcpip.autoconf.InterfaceEvent.HopLimitChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.MtuChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.NeighborTimesChanged;
import io.netchannel.tcpip.autoconf.InterfaceEvent.PrefixAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.PrefixRemoved;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouteAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouteRemoved;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouterAdded;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouterLost;
import io.netchannel.tcpip.autoconf.InterfaceEvent.RouterReachability;
import io.netchannel.tcpip.ip.NetInterface;
import io.netchannel.tcpip.link.GroupListener;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.NeighborCache;
import io.netchannel.tcpip.wire.IpAddress;

/**
 * Carries events into a stack's tables: the same way for the stack that runs the protocols and for those that follow it.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class InterfaceChanges implements GroupListener {

    private final NetInterface network;
    private final NeighborCache neighbors;
    private InterfaceEvents owner = InterfaceEvents.IGNORE;

    public InterfaceChanges(final NetInterface network, final NeighborCache neighbors) {
        this.network = network;
        this.neighbors = neighbors;
    }

    public void owner(final InterfaceEvents events) {
        owner = events;
    }

    // -- groups, of a stack that leaves it to another to report them

    @Override
    public void onJoined(final long groupHigh, final long groupLow) {
        if (!isSolicitedNode(groupHigh, groupLow)) {
            owner.onEvent(new GroupJoined(new IpAddress(groupHigh, groupLow)));
        }
    }

    @Override
    public void onLeft(final long groupHigh, final long groupLow) {
        if (!isSolicitedNode(groupHigh, groupLow)) {
            owner.onEvent(new GroupLeft(new IpAddress(groupHigh, groupLow)));
        }
    }

    /** Those follow from the addresses, which the other stack has too. */
    private static boolean isSolicitedNode(final long groupHigh, final long groupLow) {
        return groupHigh == IpAddress.LINK_MULTICAST_HIGH && groupLow == IpAddress.solicitedNodeLow(groupLow);
    }

    /** Applies an event and tells the owner. */
    public void publish(final InterfaceEvent event) {
        apply(event);
        owner.onEvent(event);
    }

    /** Applies an event of another stack of the station. */
    public void apply(final InterfaceEvent event) {
        final LocalAddresses addresses = network.addresses();
        switch (event) {
            case AddressAdded added -> {
                // One that is configured is there already, in a state of its own.
                final IpAddress address = added.address().address();
                if (!addresses.add(added.address(), added.state(), added.origin() == AddressOrigin.TEMPORARY)) {
                    addresses.state(address.high(), address.low(), added.state());
                }
            }
            case AddressChanged changed -> {
                final IpAddress address = changed.address().address();
                addresses.state(address.high(), address.low(), changed.state());
            }
            case AddressRemoved removed -> {
                final IpAddress address = removed.address().address();
                addresses.remove(address.high(), address.low());
            }
            case PrefixAdded added -> addresses.addOnLink(added.prefix());
            case PrefixRemoved removed -> addresses.removeOnLink(removed.prefix());
            case RouteAdded added -> network.routes().add(added.route());
            case RouteRemoved removed -> network.routes().remove(removed.route().destination(),
                    removed.route().gateway());
            case MtuChanged changed -> network.ipv6MtuBytes(changed.ipv6MtuBytes());
            case HopLimitChanged changed -> network.ipv6HopLimit(changed.hopLimit());
            case NeighborTimesChanged changed -> neighbors.ipv6Times(changed.reachableNs(), changed.retransmitNs());
            case GroupJoined joined -> network.joinGroup(joined.group());
            case GroupLeft left -> network.leaveGroup(left.group());
            case AddressConflict _,RouterAdded _,RouterLost _,RouterReachability _,DnsChanged _ -> {
                // For the owner only.
            }
        }
    }
}
