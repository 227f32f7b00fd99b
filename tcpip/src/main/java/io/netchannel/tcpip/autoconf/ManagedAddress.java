package io.netchannel.tcpip.autoconf;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.tcpip.link.AddressState;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.tcpip.wire.IpPrefix;

/**
 * An address of ours and how far it has come. The timer is that of its probes.
 *
 * <pre>
 *              probe, wait         no answer            preferred lifetime     valid lifetime
 *  TENTATIVE ──────────────▶ … ──────────────▶ PREFERRED ──────────▶ DEPRECATED ──────────▶ removed
 *      │ somebody has it                           │ somebody has it, again
 *      └──────────▶ removed ◀──────────────────────┘
 * </pre>
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class ManagedAddress extends Timer {

    /** A lifetime without end. */
    static final long FOREVER = Long.MAX_VALUE;

    private final AddressManager manager;
    final IpPrefix prefix;
    final AddressOrigin origin;
    final ConflictDetection detection;
    final Timer announcement = new Announcement();
    AddressState state;
    long preferredUntilNs = FOREVER;
    long validUntilNs = FOREVER;
    /** When it was made; meaningful for temporary addresses. */
    long createdNs;
    /** Taken off the preferred lifetime of a temporary address (RFC 8981, 3.8). */
    long desyncNs;
    /** A temporary address that has a successor. */
    boolean succeeded;
    /** DAD_Counter of RFC 7217; for a temporary address how often one was made in vain. */
    int attempt;
    boolean probing;
    int probesLeft;
    int announcementsLeft;
    long nonce;
    boolean defended;
    long defendedNs;

    ManagedAddress(final AddressManager manager, final IpPrefix prefix, final AddressOrigin origin,
            final ConflictDetection detection) {
        this.manager = manager;
        this.prefix = prefix;
        this.origin = origin;
        this.detection = detection;
    }

    long high() {
        return prefix.address().high();
    }

    long low() {
        return prefix.address().low();
    }

    boolean isIpv4() {
        return prefix.address().isIpv4();
    }

    @Override
    protected void expire(final long nowNs) {
        manager.onProbeTimer(this, nowNs);
    }

    private final class Announcement extends Timer {

        @Override
        protected void expire(final long nowNs) {
            manager.announce(ManagedAddress.this, nowNs);
        }
    }
}
