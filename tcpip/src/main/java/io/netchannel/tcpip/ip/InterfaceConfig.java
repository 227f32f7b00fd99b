package io.netchannel.tcpip.ip;

import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.link.StableSecret;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.MacAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * An interface: who we are on one LAN, and the way out of it.
 *
 * @param mac our station address
 * @param addresses none if they are configured later, by DHCP perhaps
 * @param ipv4Gateway within one of the prefixes, or null
 * @param ipv6Gateway link-local or within one of the prefixes, or null
 * @param mtuBytes largest network packet
 * @param vlanId 1 to 4094, or {@link #UNTAGGED}
 * @param autoconf what is configured by itself
 */
public record InterfaceConfig(MacAddress mac, List<IpPrefix> addresses, IpAddress ipv4Gateway, IpAddress ipv6Gateway,
        int mtuBytes, int vlanId, AutoconfConfig autoconf) {

    public static final int UNTAGGED = -1;
    public static final int DEFAULT_MTU_BYTES = 1500;
    public static final int MAX_MTU_BYTES = 65535;

    private static final int LINK_LOCAL_PREFIX_BITS = 64;

    /** @throws IllegalArgumentException naming the value that is wrong and what would be right */
    public InterfaceConfig {
        addresses = List.copyOf(addresses);
        if (!MacAddress.isStation(mac.value())) {
            throw new IllegalArgumentException("mac=" + mac
                    + " is not a station's address; write one like 02:00:00:00:00:01");
        }
        boolean ipv6 = autoconf.slaac();
        for (final IpPrefix prefix : addresses) {
            checkAddress(prefix);
            ipv6 |= !prefix.address().isIpv4();
        }
        if (addresses.stream().map(IpPrefix::address).distinct().count() < addresses.size()) {
            throw new IllegalArgumentException("addresses=" + addresses + " holds an address twice");
        }
        checkGateway("ipv4Gateway", ipv4Gateway, true, addresses);
        checkGateway("ipv6Gateway", ipv6Gateway, false, addresses);
        final int minMtuBytes = ipv6 ? Ipv6Layout.MIN_MTU_BYTES : Ipv4Layout.MIN_MTU_BYTES;
        if (mtuBytes < minMtuBytes || mtuBytes > MAX_MTU_BYTES) {
            throw new IllegalArgumentException("mtuBytes=" + mtuBytes + " is not within " + minMtuBytes + ".."
                    + MAX_MTU_BYTES + (ipv6 ? " (IPv6 needs 1280)" : ""));
        }
        if (vlanId != UNTAGGED && (vlanId < 1 || vlanId > EthernetLayout.MAX_VLAN_ID)) {
            throw new IllegalArgumentException(
                    "vlanId=" + vlanId + " is not within 1.." + EthernetLayout.MAX_VLAN_ID + ", nor " + UNTAGGED
                            + " for none");
        }
    }

    /** An interface that configures nothing by itself. */
    public InterfaceConfig(final MacAddress mac, final List<IpPrefix> addresses, final IpAddress ipv4Gateway,
            final IpAddress ipv6Gateway, final int mtuBytes, final int vlanId) {
        this(mac, addresses, ipv4Gateway, ipv6Gateway, mtuBytes, vlanId, AutoconfConfig.STATIC);
    }

    /** An interface without addresses of its own: those that it configures by itself. */
    public static InterfaceConfig automatic(final String mac, final AutoconfConfig autoconf) {
        if (!autoconf.slaac() && !autoconf.dhcp()) {
            throw new IllegalArgumentException("slaac=false with dhcp=false: nothing would give the interface an"
                    + " address; switch one of them on");
        }
        return new InterfaceConfig(MacAddress.parse(mac), List.of(), null, null, DEFAULT_MTU_BYTES, UNTAGGED,
                autoconf);
    }

    /** An interface without gateways, untagged, with an MTU of 1500. */
    public static InterfaceConfig of(final String mac, final String... addresses) {
        final List<IpPrefix> prefixes = new ArrayList<>();
        for (final String address : addresses) {
            prefixes.add(IpPrefix.parse(address));
        }
        return new InterfaceConfig(MacAddress.parse(mac), prefixes, null, null, DEFAULT_MTU_BYTES, UNTAGGED);
    }

    /** With a default gateway for its family. */
    public InterfaceConfig withGateway(final String gateway) {
        final IpAddress address = IpAddress.parse(gateway);
        return address.isIpv4()
                ? new InterfaceConfig(mac, addresses, address, ipv6Gateway, mtuBytes, vlanId, autoconf)
                : new InterfaceConfig(mac, addresses, ipv4Gateway, address, mtuBytes, vlanId, autoconf);
    }

    public InterfaceConfig withMtuBytes(final int bytes) {
        return new InterfaceConfig(mac, addresses, ipv4Gateway, ipv6Gateway, bytes, vlanId, autoconf);
    }

    public InterfaceConfig withVlanId(final int id) {
        return new InterfaceConfig(mac, addresses, ipv4Gateway, ipv6Gateway, mtuBytes, id, autoconf);
    }

    public InterfaceConfig withAutoconf(final AutoconfConfig settings) {
        return new InterfaceConfig(mac, addresses, ipv4Gateway, ipv6Gateway, mtuBytes, vlanId, settings);
    }

    public InterfaceConfig withConflictDetection(final ConflictDetection detection) {
        return withAutoconf(autoconf.withConflictDetection(detection));
    }

    public InterfaceConfig withoutConflictDetection() {
        return withConflictDetection(ConflictDetection.OFF);
    }

    /** With addresses formed from what routers advertise; {@code secret} may be null. */
    public InterfaceConfig withSlaac(final StableSecret secret) {
        return withAutoconf(autoconf.withSlaac(secret));
    }

    /** With temporary addresses too (RFC 8981); after {@link #withSlaac}. */
    public InterfaceConfig withTemporaryAddresses(final long preferredSeconds, final long validSeconds) {
        return withAutoconf(autoconf.withTemporaryAddresses(preferredSeconds, validSeconds));
    }

    /**
     * The addresses, and behind them the link-local one that every IPv6 interface has (RFC 4291, 2.1), formed from the
     * MAC address (appendix A), unless one is configured, or will be formed while the stack runs.
     */
    public List<IpPrefix> allAddresses() {
        boolean ipv6 = false;
        boolean linkLocal = false;
        for (final IpPrefix prefix : addresses) {
            ipv6 |= !prefix.address().isIpv4();
            linkLocal |= IpAddress.isIpv6LinkLocal(prefix.address().high());
        }
        if (!ipv6 || linkLocal || autoconf.slaac()) {
            return addresses;
        }
        final List<IpPrefix> all = new ArrayList<>(addresses);
        final long value = mac.value();
        final long interfaceId = (value >>> 24 ^ 1L << 17) << 40 | 0xFFFEL << 24 | value & 0xFF_FFFF;
        all.add(new IpPrefix(new IpAddress(IpAddress.LINK_LOCAL_HIGH, interfaceId), LINK_LOCAL_PREFIX_BITS));
        return List.copyOf(all);
    }

    private static void checkAddress(final IpPrefix prefix) {
        final IpAddress address = prefix.address();
        final long high = address.high();
        final long low = address.low();
        final String what = IpAddress.isUnspecified(high, low)
                ? "the unspecified address"
                : IpAddress.isMulticast(high, low)
                        ? "a multicast address"
                        : IpAddress.isLoopback(high, low)
                                ? "a loopback address"
                                : IpAddress.isIpv4Reserved(high, low) || IpAddress.isIpv4Broadcast(high, low)
                                        ? "a reserved address"
                                        : prefix.isIpv4DirectedBroadcast(high, low)
                                                ? "its prefix's broadcast address"
                                                : isNetworkAddress(prefix) ? "its prefix's network address" : null;
        if (what != null) {
            throw new IllegalArgumentException("address " + prefix + " is " + what
                    + "; give a host's, like 10.7.0.2/24");
        }
    }

    private static boolean isNetworkAddress(final IpPrefix prefix) {
        final int hostBits = 32 - prefix.lengthBits();
        return prefix.address().isIpv4() && hostBits >= 2
                && (prefix.address().low() & 0xFFFF_FFFFL & (1L << hostBits) - 1) == 0;
    }

    private static void checkGateway(final String name, final IpAddress gateway, final boolean ipv4,
            final List<IpPrefix> addresses) {
        if (gateway == null) {
            return;
        }
        if (gateway.isIpv4() != ipv4) {
            throw new IllegalArgumentException(name + "=" + gateway + " is of the other family");
        }
        boolean reachable = !ipv4 && IpAddress.isIpv6LinkLocal(gateway.high());
        for (final IpPrefix prefix : addresses) {
            if (prefix.address().equals(gateway)) {
                throw new IllegalArgumentException(name + "=" + gateway + " is an address of this interface");
            }
            reachable |= prefix.contains(gateway.high(), gateway.low());
        }
        if (!reachable) {
            throw new IllegalArgumentException(name + "=" + gateway + " is within none of " + addresses);
        }
    }
}
