package io.netchannel.tcpip.autoconf;

import io.netchannel.tcpip.ip.Route;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.MacAddress;
import java.util.List;

/**
 * Something has changed about an interface. Immutable: events are handed to the other stacks of a station, which have no
 * other way to know.
 */
public sealed interface InterfaceEvent {

    /** An address is ours; while it is tentative it is not used yet. */
    record AddressAdded(IpPrefix address, AddressState state, AddressOrigin origin) implements InterfaceEvent {
    }

    /** An address has become preferred, or deprecated. */
    record AddressChanged(IpPrefix address, AddressState state) implements InterfaceEvent {
    }

    /** An address is no longer ours. */
    record AddressRemoved(IpPrefix address, Reason reason) implements InterfaceEvent {

        /** Why. */
        public enum Reason {
            /** Its valid lifetime is over. */
            EXPIRED,
            /** Somebody else has it. */
            CONFLICT,
            /** Its owner has taken it back. */
            WITHDRAWN
        }
    }

    /** Another station claims an address of ours. */
    record AddressConflict(IpAddress address, MacAddress other, boolean givenUp) implements InterfaceEvent {
    }

    /** The addresses of a prefix are neighbours from now on. */
    record PrefixAdded(IpPrefix prefix) implements InterfaceEvent {
    }

    /** The addresses of a prefix are no longer known to be neighbours. */
    record PrefixRemoved(IpPrefix prefix) implements InterfaceEvent {
    }

    /** A router has advertised a way: the default one, or a more specific one (RFC 4191). */
    record RouteAdded(Route route) implements InterfaceEvent {
    }

    /** A way has expired or was withdrawn. */
    record RouteRemoved(Route route) implements InterfaceEvent {
    }

    /** There is a default router. */
    record RouterAdded(IpAddress router, RouterPreference preference) implements InterfaceEvent {
    }

    /** A default router has gone, or its lifetime is over. */
    record RouterLost(IpAddress router) implements InterfaceEvent {
    }

    /** A default router doesn't answer, and others are tried; or answers again. */
    record RouterReachability(IpAddress router, boolean reachable) implements InterfaceEvent {
    }

    /** A router has advertised the largest packet of IPv6. */
    record MtuChanged(int ipv6MtuBytes) implements InterfaceEvent {
    }

    /** A router has advertised how many hops packets may take. */
    record HopLimitChanged(int hopLimit) implements InterfaceEvent {
    }

    /** A router has advertised the times of neighbour discovery; 0 leaves one as it is. */
    record NeighborTimesChanged(long reachableNs, long retransmitNs) implements InterfaceEvent {
    }

    /** Name servers and search list as routers advertise them now (RFC 8106): for a DNS client. */
    record DnsChanged(List<IpAddress> servers, List<String> searchDomains) implements InterfaceEvent {

        public DnsChanged {
            servers = List.copyOf(servers);
            searchDomains = List.copyOf(searchDomains);
        }
    }

    /** A stack that doesn't report itself listens to a group: to be told to the one that does. */
    record GroupJoined(IpAddress group) implements InterfaceEvent {
    }

    /** A stack that doesn't report itself has left a group: to be told to the one that does. */
    record GroupLeft(IpAddress group) implements InterfaceEvent {
    }
}
