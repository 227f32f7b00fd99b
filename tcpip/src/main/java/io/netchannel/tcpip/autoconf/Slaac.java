package io.netchannel.tcpip.autoconf;

import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.AutoconfConfig.InterfaceIds;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.link.StableSecret;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Addresses formed from the link-local prefix and from prefixes that routers advertise (RFC 4862, 5.3 and 5.5).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Slaac {

    /** Formed addresses that there may be, temporary ones included; Linux's max_addresses. */
    static final int MAX_FORMED = 16;

    private static final int INTERFACE_ID_BITS = 64;
    private static final int HOST_BITS = 128;
    /** RFC 7217, 7: IDGEN_RETRIES. */
    private static final int IDGEN_RETRIES = 3;
    private static final long TWO_HOURS_NS = 7_200_000_000_000L;

    private final AutoconfConfig config;
    private final StableSecret secret;
    private final long mac;
    private final int vlanId;
    private final AddressManager addresses;
    private final TemporaryAddresses temporary;
    /** DAD_Counter of prefixes whose first identifier was taken (RFC 7217, 5): kept, also when the prefix goes. */
    private final Map<Long, Integer> dadCounters = new HashMap<>();

    /** @param temporary null if there are to be none */
    Slaac(final AutoconfConfig config, final StableSecret secret, final long mac, final int vlanId,
            final AddressManager addresses, final TemporaryAddresses temporary) {
        this.config = config;
        this.secret = secret;
        this.mac = mac;
        this.vlanId = vlanId;
        this.addresses = addresses;
        this.temporary = temporary;
    }

    void formLinkLocal(final long nowNs) {
        form(IpAddress.LINK_LOCAL_HIGH, AddressOrigin.LINK_LOCAL, ManagedAddress.FOREVER, ManagedAddress.FOREVER,
                nowNs);
    }

    /**
     * An autonomous prefix was advertised.
     *
     * @param validNs from now on, {@link ManagedAddress#FOREVER} for ever
     */
    void onPrefix(final long prefixHigh, final int lengthBits, final long validNs, final long preferredNs,
            final long nowNs) {
        // RFC 4862, 5.5.3 (b), (c), (d).
        if (IpAddress.isIpv6LinkLocal(prefixHigh) || preferredNs > validNs || lengthBits != INTERFACE_ID_BITS) {
            return;
        }
        ManagedAddress address = find(prefixHigh);
        if (address == null) {
            if (validNs > 0) {
                address = form(prefixHigh, AddressOrigin.SLAAC, after(nowNs, preferredNs), after(nowNs, validNs),
                        nowNs);
                if (address != null && temporary != null) {
                    temporary.create(address, 0, nowNs);
                }
            }
            return;
        }
        address.preferredUntilNs = after(nowNs, preferredNs);
        // 5.5.3 (e): a forged lifetime must not end an address at once; it lasts two hours at least.
        final long remainingNs = address.validUntilNs == ManagedAddress.FOREVER
                ? ManagedAddress.FOREVER
                : address.validUntilNs - nowNs;
        if (validNs > TWO_HOURS_NS || validNs > remainingNs) {
            address.validUntilNs = after(nowNs, validNs);
        } else if (remainingNs > TWO_HOURS_NS) {
            address.validUntilNs = nowNs + TWO_HOURS_NS;
        }
        if (temporary != null) {
            temporary.onPrefixLifetimes(address, nowNs);
        }
        addresses.schedule(nowNs);
    }

    private ManagedAddress find(final long prefixHigh) {
        for (final ManagedAddress address : addresses.list()) {
            if (address.origin == AddressOrigin.SLAAC && address.high() == prefixHigh) {
                return address;
            }
        }
        return null;
    }

    private ManagedAddress form(final long prefixHigh, final AddressOrigin origin, final long preferredUntilNs,
            final long validUntilNs, final long nowNs) {
        final int counter = dadCounters.getOrDefault(prefixHigh, 0);
        if (counter >= attempts() || count(addresses.list()) >= MAX_FORMED) {
            return null;
        }
        final boolean linkLocal = origin == AddressOrigin.LINK_LOCAL;
        final IpPrefix prefix = new IpPrefix(new IpAddress(prefixHigh, interfaceId(prefixHigh, counter)),
                linkLocal ? INTERFACE_ID_BITS : HOST_BITS);
        final ManagedAddress address = new ManagedAddress(addresses, prefix, origin, ConflictDetection.FULL);
        address.attempt = counter;
        address.preferredUntilNs = preferredUntilNs;
        address.validUntilNs = validUntilNs;
        return addresses.add(address, nowNs) ? address : null;
    }

    private int attempts() {
        // RFC 4862, 5.4.5: another station with our MAC address; another identifier can't be made of it.
        return config.interfaceIds() == InterfaceIds.EUI64 ? 1 : IDGEN_RETRIES;
    }

    private long interfaceId(final long prefixHigh, final int dadCounter) {
        if (config.interfaceIds() == InterfaceIds.EUI64) {
            return OpaqueIds.eui64(mac);
        }
        long id = OpaqueIds.stable(secret, prefixHigh, mac, vlanId, dadCounter);
        // RFC 7217, 5, 2: the next, in numbers that no count of duplicates comes to.
        for (int i = IDGEN_RETRIES; OpaqueIds.isReserved(id); i++) {
            id = OpaqueIds.stable(secret, prefixHigh, mac, vlanId, i << 8 | dadCounter);
        }
        return id;
    }

    /** An address was found to be taken: the next identifier is tried, after the random delay of every probe. */
    void onDuplicate(final ManagedAddress address, final long nowNs) {
        switch (address.origin) {
            case LINK_LOCAL, SLAAC -> {
                if (dadCounters.size() < MAX_FORMED || dadCounters.containsKey(address.high())) {
                    dadCounters.put(address.high(), address.attempt + 1);
                }
                final ManagedAddress next = form(address.high(), address.origin, address.preferredUntilNs,
                        address.validUntilNs, nowNs);
                if (next != null && address.origin == AddressOrigin.SLAAC && temporary != null) {
                    temporary.onPrefixLifetimes(next, nowNs);
                }
            }
            case TEMPORARY -> {
                final ManagedAddress stable = find(address.high());
                if (stable != null) {
                    temporary.create(stable, address.attempt + 1, nowNs);
                }
            }
            case STATIC, OWNER -> {
                // Who gave it decides.
            }
        }
    }

    /** Addresses that were formed. */
    static int count(final List<ManagedAddress> all) {
        int count = 0;
        for (final ManagedAddress address : all) {
            count += address.origin == AddressOrigin.STATIC || address.origin == AddressOrigin.OWNER ? 0 : 1;
        }
        return count;
    }

    static long after(final long nowNs, final long lifetimeNs) {
        return lifetimeNs == ManagedAddress.FOREVER ? ManagedAddress.FOREVER : nowNs + lifetimeNs;
    }
}
