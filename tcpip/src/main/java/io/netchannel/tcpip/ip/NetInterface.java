package io.netchannel.tcpip.ip;

import io.netchannel.tcpip.link.GroupListener;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.MulticastGroups;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.MacAddress;

/**
 * The interface of a running stack, for configuration protocols and for who configures by hand. Everything takes effect
 * with the next packet, for paths that exist too.
 *
 * <pre>
 *   addresses().add(prefix, TENTATIVE)          an address; then state(…, PREFERRED), state(…, DEPRECATED), remove(…)
 *   addresses().addOnLink(prefix)               a prefix whose addresses are neighbours
 *   routes().add(Route.byDefault(gateway))      a router; several of equal length are told apart by metric
 *   groups(), joinGroup, leaveGroup             multicast; groupListener(igmpOrMld) is told of first joins, last leaves
 *   mtuBytes(n), ipv6MtuBytes(n), ipv6HopLimit(n)   as a router advertises them
 * </pre>
 *
 * A station has a stack on each of its loops: what is configured must be on each.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class NetInterface {

    public static final int DEFAULT_HOP_LIMIT = 64;

    private final MacAddress mac;
    private final int vlanId;
    private final int linkMtuBytes;
    private final LocalAddresses addresses;
    private final Routes routes;
    private int mtuBytes;
    private int ipv6MtuBytes;
    private int ipv6HopLimit = DEFAULT_HOP_LIMIT;

    /** @param linkMtuBytes the most that the device takes */
    NetInterface(final InterfaceConfig config, final LocalAddresses addresses, final int linkMtuBytes) {
        this.mac = config.mac();
        this.vlanId = config.vlanId();
        this.linkMtuBytes = linkMtuBytes;
        this.addresses = addresses;
        this.routes = new Routes(addresses);
        this.mtuBytes = Math.min(config.mtuBytes(), linkMtuBytes);
        this.ipv6MtuBytes = mtuBytes;
        if (config.ipv4Gateway() != null) {
            routes.add(Route.byDefault(config.ipv4Gateway()));
        }
        if (config.ipv6Gateway() != null) {
            routes.add(Route.byDefault(config.ipv6Gateway()));
        }
    }

    public MacAddress mac() {
        return mac;
    }

    /** Or {@link InterfaceConfig#UNTAGGED}. */
    public int vlanId() {
        return vlanId;
    }

    public LocalAddresses addresses() {
        return addresses;
    }

    public Routes routes() {
        return routes;
    }

    // -- groups

    public MulticastGroups groups() {
        return addresses.groups();
    }

    /** Takes packets to a group from here on; counted. @return false if it is no group, or there are too many */
    public boolean joinGroup(final IpAddress group) {
        return groups().join(group.high(), group.low());
    }

    /** Undoes one {@link #joinGroup}. */
    public void leaveGroup(final IpAddress group) {
        groups().leave(group.high(), group.low());
    }

    /** Who reports memberships to routers; is told of the groups that there are at once. */
    public void groupListener(final GroupListener listener) {
        groups().listener(listener);
    }

    // -- what routers advertise

    /** Largest network packet of IPv4. */
    public int mtuBytes() {
        return mtuBytes;
    }

    /** @throws IllegalArgumentException if it is not within what IPv4 needs and the link takes */
    public void mtuBytes(final int bytes) {
        checkMtu("mtuBytes", bytes, Ipv4Layout.MIN_MTU_BYTES);
        mtuBytes = bytes;
        ipv6MtuBytes = Math.max(Math.min(ipv6MtuBytes, bytes), Ipv6Layout.MIN_MTU_BYTES);
        addresses.revision().advance();
    }

    /** Largest network packet of IPv6: of the MTU option (RFC 4861, 4.6.4), not above the interface's. */
    public int ipv6MtuBytes() {
        return ipv6MtuBytes;
    }

    /** @throws IllegalArgumentException if it is not within 1280 and the interface's MTU */
    public void ipv6MtuBytes(final int bytes) {
        checkMtu("ipv6MtuBytes", bytes, Ipv6Layout.MIN_MTU_BYTES);
        ipv6MtuBytes = Math.min(bytes, mtuBytes);
        addresses.revision().advance();
    }

    private void checkMtu(final String name, final int bytes, final int min) {
        if (bytes < min || bytes > linkMtuBytes) {
            throw new IllegalArgumentException(name + "=" + bytes + " is not within " + min + ".." + linkMtuBytes);
        }
    }

    /** Of IPv6 packets to single hosts whose sender doesn't say another; IPv4's stays {@link #DEFAULT_HOP_LIMIT}. */
    public int ipv6HopLimit() {
        return ipv6HopLimit;
    }

    /** @throws IllegalArgumentException if it is not within 1 and 255 */
    public void ipv6HopLimit(final int hops) {
        if (hops < 1 || hops > 255) {
            throw new IllegalArgumentException("ipv6HopLimit=" + hops + " is not within 1..255");
        }
        ipv6HopLimit = hops;
    }
}
