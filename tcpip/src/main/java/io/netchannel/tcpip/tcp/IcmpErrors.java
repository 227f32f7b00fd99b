package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.icmp.TransportError;

/**
 * What ICMP errors do to flows (RFC 5927): nothing unless they quote a segment in flight. One that is being opened ends,
 * whatever the error (as in Linux; RFC 5461, 4.1): the application may have another address to try. Of one that is open
 * they are only remembered, as the reason should the peer stay silent (RFC 1122, 4.2.3.9).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class IcmpErrors {

    private IcmpErrors() {
    }

    /**
     * About a handshake that a listener has under way: what says that the peer can't be reached ends it, for the
     * listener has nobody to tell (as in Linux).
     */
    static boolean on(final TransportError error, final Embryo embryo, final int sequence, final TcpCounters counters) {
        if (sequence != embryo.initialSequence()) {
            counters.increment(TcpCounter.ICMP_OUT_OF_WINDOW);
            return false;
        }
        final boolean ends = switch (error) {
            case NET_UNREACHABLE, HOST_UNREACHABLE, TIME_EXCEEDED, PARAMETER_PROBLEM -> true;
            default -> false;
        };
        if (ends) {
            counters.increment(TcpCounter.LISTEN_DROPS);
            embryo.leave();
        }
        return ends;
    }

    /** About a connection that has nothing in flight. */
    static boolean onResting(final TcpCounters counters) {
        counters.increment(TcpCounter.ICMP_OUT_OF_WINDOW);
        return false;
    }

    static boolean on(final TransportError error, final TcpConnection connection, final int sequence,
            final int mtuBytes,
            final long nowNs) {
        final TcpCounters counters = connection.counters();
        final TcpSender sender = connection.sender();
        if (!SeqNum.inWindow(sequence, sender.una(), SeqNum.distance(sender.una(), sender.nxt()))) {
            counters.increment(TcpCounter.ICMP_OUT_OF_WINDOW);
            return false;
        }
        if (error == TransportError.PACKET_TOO_BIG) {
            connection.onPacketTooBig(mtuBytes);
        } else if (!connection.state().isSynchronized()) {
            connection.onIcmpHardError(error, error == TransportError.PORT_UNREACHABLE
                    ? TcpCloseReason.REFUSED
                    : TcpCloseReason.UNREACHABLE);
        } else {
            connection.onIcmpSoftError(error);
        }
        return true;
    }
}
