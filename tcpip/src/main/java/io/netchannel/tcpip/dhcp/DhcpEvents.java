package io.netchannel.tcpip.dhcp;

import io.netchannel.tcpip.wire.IpPrefix;

/** What becomes of an address. On the client's thread. */
public interface DhcpEvents {

    /** Why an address must not be used any more. */
    enum LossReason {
        /** The time of the lease is over. */
        EXPIRED,
        /** A server has refused it. */
        REFUSED,
        /** Another station has it. */
        CONFLICT,
        /** The client was closed. */
        RELEASED
    }

    /** An address to use from now on, in place of that of an earlier lease; also after each renewal. */
    void onLease(DhcpLease lease);

    /** The lease that was given last is over; after {@code CONFLICT}, {@code REFUSED} and {@code EXPIRED} the client goes on. */
    void onLost(DhcpLease lease, LossReason reason);

    /**
     * Asks whether somebody on the link has an address that a server has given (RFC 2131, 2.2; RFC 5227, 2.1).
     *
     * @return true if {@link DhcpClient#checked} will be called with the answer; false to do without a check
     */
    default boolean check(final IpPrefix address) {
        return false;
    }
}
