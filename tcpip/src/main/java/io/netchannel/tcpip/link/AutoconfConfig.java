package io.netchannel.tcpip.link;

import java.util.Objects;

/**
 * What an interface configures by itself.
 *
 * @param conflictDetection of addresses that are configured by hand
 * @param slaac whether routers are asked, and addresses formed from what they advertise (RFC 4862)
 * @param dhcp whether an IPv4 address will come from a DHCP client, so that none need be configured
 * @param interfaceIds of addresses that are formed
 * @param stableSecret of {@link InterfaceIds#STABLE}; null for one that is drawn at the start, so that addresses change
 *            with every restart
 * @param temporary whether there are temporary addresses too (RFC 8981)
 * @param temporaryPreferredSeconds TEMP_PREFERRED_LIFETIME
 * @param temporaryValidSeconds TEMP_VALID_LIFETIME
 */
public record AutoconfConfig(ConflictDetection conflictDetection, boolean slaac, boolean dhcp,
        InterfaceIds interfaceIds, StableSecret stableSecret, boolean temporary, long temporaryPreferredSeconds,
        long temporaryValidSeconds) {

    /** How the lower half of an address is formed. */
    public enum InterfaceIds {
        /** Opaque, the same each time on the same network (RFC 7217). */
        STABLE,
        /** From the MAC address (RFC 4291, appendix A). */
        EUI64
    }

    private static final long DAY_SECONDS = 86_400;
    /** A temporary address must live longer than its successor takes to be made, several times. */
    private static final long MIN_TEMPORARY_SECONDS = 60;
    private static final long MAX_TEMPORARY_SECONDS = 365 * DAY_SECONDS;

    /** Nothing but static addresses, used at once. */
    public static final AutoconfConfig STATIC = new AutoconfConfig(ConflictDetection.OPTIMISTIC, false, false,
            InterfaceIds.STABLE, null, false, DAY_SECONDS, 2 * DAY_SECONDS);

    /** @throws IllegalArgumentException naming what contradicts each other */
    public AutoconfConfig {
        Objects.requireNonNull(conflictDetection, "conflictDetection");
        Objects.requireNonNull(interfaceIds, "interfaceIds");
        if (temporary && !slaac) {
            throw new IllegalArgumentException("temporary=true contradicts slaac=false: temporary addresses are formed"
                    + " from advertised prefixes; switch slaac on");
        }
        if (stableSecret != null && interfaceIds == InterfaceIds.EUI64) {
            throw new IllegalArgumentException("stableSecret contradicts interfaceIds=EUI64, which needs none; leave"
                    + " one of them out");
        }
        if (temporaryPreferredSeconds < MIN_TEMPORARY_SECONDS) {
            throw new IllegalArgumentException("temporaryPreferredSeconds=" + temporaryPreferredSeconds + " < MIN="
                    + MIN_TEMPORARY_SECONDS);
        }
        if (temporaryValidSeconds < temporaryPreferredSeconds) {
            throw new IllegalArgumentException("temporaryValidSeconds=" + temporaryValidSeconds
                    + " < temporaryPreferredSeconds=" + temporaryPreferredSeconds);
        }
        if (temporaryValidSeconds > MAX_TEMPORARY_SECONDS) {
            throw new IllegalArgumentException("temporaryValidSeconds=" + temporaryValidSeconds + " > MAX="
                    + MAX_TEMPORARY_SECONDS);
        }
    }

    public AutoconfConfig withConflictDetection(final ConflictDetection detection) {
        return new AutoconfConfig(detection, slaac, dhcp, interfaceIds, stableSecret, temporary,
                temporaryPreferredSeconds, temporaryValidSeconds);
    }

    /** Asks routers, with stable interface identifiers from this secret; null draws one. */
    public AutoconfConfig withSlaac(final StableSecret secret) {
        return new AutoconfConfig(conflictDetection, true, dhcp, InterfaceIds.STABLE, secret, temporary,
                temporaryPreferredSeconds, temporaryValidSeconds);
    }

    /** Asks routers, with interface identifiers from the MAC address. */
    public AutoconfConfig withEui64Slaac() {
        return new AutoconfConfig(conflictDetection, true, dhcp, InterfaceIds.EUI64, null, temporary,
                temporaryPreferredSeconds, temporaryValidSeconds);
    }

    public AutoconfConfig withDhcp() {
        return new AutoconfConfig(conflictDetection, slaac, true, interfaceIds, stableSecret, temporary,
                temporaryPreferredSeconds, temporaryValidSeconds);
    }

    public AutoconfConfig withTemporaryAddresses(final long preferredSeconds, final long validSeconds) {
        return new AutoconfConfig(conflictDetection, slaac, dhcp, interfaceIds, stableSecret, true, preferredSeconds,
                validSeconds);
    }
}
