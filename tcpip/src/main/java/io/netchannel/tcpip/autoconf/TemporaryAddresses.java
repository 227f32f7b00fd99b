package io.netchannel.tcpip.autoconf;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.kernel.sched.TimerWheel;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.link.NeighborCache;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Temporary addresses (RFC 8981): beside each stable address of a prefix one with a random identifier, which gets a
 * successor before it is deprecated.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TemporaryAddresses {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final int HOST_BITS = 128;
    /** RFC 8981, 3.8. */
    private static final int TEMP_IDGEN_RETRIES = 3;

    private final AddressManager addresses;
    private final NeighborCache neighbors;
    private final TimerWheel timers;
    private final RandomGenerator random;
    private final long preferredNs;
    private final long validNs;
    private final Timer regeneration = new Regeneration();

    TemporaryAddresses(final AutoconfConfig config, final AddressManager addresses, final NeighborCache neighbors,
            final TimerWheel timers, final RandomGenerator random) {
        this.addresses = addresses;
        this.neighbors = neighbors;
        this.timers = timers;
        this.random = random;
        this.preferredNs = config.temporaryPreferredSeconds() * SECOND_NS;
        this.validNs = config.temporaryValidSeconds() * SECOND_NS;
    }

    void close() {
        timers.cancel(regeneration);
    }

    /** REGEN_ADVANCE (RFC 8981, 3.8): time enough to try all identifiers. */
    private long advanceNs() {
        return 2 * SECOND_NS + TEMP_IDGEN_RETRIES * neighbors.ipv6RetransmitNs();
    }

    /**
     * Makes a temporary address of the prefix of a stable one, which has the prefix's lifetimes.
     *
     * @param attempt how many were found to be taken
     */
    void create(final ManagedAddress stable, final int attempt, final long nowNs) {
        // RFC 8981, 3.4 (4): MAX_DESYNC_FACTOR is 0.4 of the preferred lifetime.
        final long desyncNs = random.nextLong(preferredNs * 2 / 5);
        final long preferredUntilNs = Math.min(stable.preferredUntilNs, nowNs + preferredNs - desyncNs);
        // 3.4 (5): not if it would be deprecated before its successor could be made.
        if (preferredUntilNs - nowNs <= advanceNs() || attempt > TEMP_IDGEN_RETRIES
                || Slaac.count(addresses.list()) >= Slaac.MAX_FORMED) {
            return;
        }
        long id = random.nextLong();
        while (OpaqueIds.isReserved(id) || addresses.find(stable.high(), id) != null) {
            id = random.nextLong();
        }
        final ManagedAddress address = new ManagedAddress(addresses,
                new IpPrefix(new IpAddress(stable.high(), id), HOST_BITS), AddressOrigin.TEMPORARY,
                ConflictDetection.FULL);
        address.attempt = attempt;
        address.createdNs = nowNs;
        address.desyncNs = desyncNs;
        address.preferredUntilNs = preferredUntilNs;
        address.validUntilNs = Math.min(stable.validUntilNs, nowNs + validNs);
        addresses.add(address, nowNs);
        schedule(nowNs);
    }

    /** RFC 8981, 3.4 (2): the prefix's lifetimes, as far as the address's own go. */
    void onPrefixLifetimes(final ManagedAddress stable, final long nowNs) {
        boolean current = false;
        for (final ManagedAddress address : addresses.list()) {
            if (address.origin == AddressOrigin.TEMPORARY && address.high() == stable.high()) {
                address.preferredUntilNs = Math.min(stable.preferredUntilNs,
                        address.createdNs + preferredNs - address.desyncNs);
                address.validUntilNs = Math.min(stable.validUntilNs, address.createdNs + validNs);
                current |= !address.succeeded && address.preferredUntilNs > nowNs;
            }
        }
        if (!current) {
            // The prefix was deprecated and is preferred again.
            create(stable, 0, nowNs);
        }
        schedule(nowNs);
    }

    private void regenerate(final long nowNs) {
        for (final ManagedAddress address : List.copyOf(addresses.list())) {
            if (isCurrent(address) && address.preferredUntilNs - advanceNs() <= nowNs) {
                final ManagedAddress stable = stableOf(address);
                address.succeeded = true;
                if (stable != null) {
                    create(stable, 0, nowNs);
                }
            }
        }
        schedule(nowNs);
    }

    private static boolean isCurrent(final ManagedAddress address) {
        return address.origin == AddressOrigin.TEMPORARY && !address.succeeded
                && address.state != AddressState.DEPRECATED;
    }

    private ManagedAddress stableOf(final ManagedAddress temporary) {
        for (final ManagedAddress address : addresses.list()) {
            if (address.origin == AddressOrigin.SLAAC && address.high() == temporary.high()) {
                return address;
            }
        }
        return null;
    }

    private void schedule(final long nowNs) {
        long nextNs = ManagedAddress.FOREVER;
        for (final ManagedAddress address : addresses.list()) {
            if (isCurrent(address)) {
                nextNs = Math.min(nextNs, Math.max(nowNs, address.preferredUntilNs - advanceNs()));
            }
        }
        timers.schedule(regeneration, nextNs);
    }

    private final class Regeneration extends Timer {

        @Override
        protected void expire(final long nowNs) {
            regenerate(nowNs);
        }
    }
}
