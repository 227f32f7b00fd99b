package io.netchannel.tcpip.script.call;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.tcpip.icmp.TransportError;

/** The error numbers by which sockets tell of ICMP errors (Linux: icmp_err_convert; FreeBSD: inetctlerrmap). */
final class IcmpErrno {

    private IcmpErrno() {
    }

    /** @param error or null, if there was none: the neighbour didn't answer */
    static int of(final TransportError error, final Dialect dialect) {
        if (error == null) {
            return Errno.EHOSTUNREACH;
        }
        return switch (error) {
            case NET_UNREACHABLE -> Errno.ENETUNREACH;
            case HOST_UNREACHABLE, TIME_EXCEEDED -> Errno.EHOSTUNREACH;
            case PORT_UNREACHABLE -> Errno.ECONNREFUSED;
            case PROTOCOL_UNREACHABLE -> dialect == Dialect.LINUX ? Errno.ENOPROTOOPT : Errno.ECONNREFUSED;
            case PROHIBITED -> dialect == Dialect.LINUX ? Errno.EHOSTUNREACH : Errno.ECONNREFUSED;
            case PACKET_TOO_BIG -> Errno.EMSGSIZE;
            case PARAMETER_PROBLEM -> Errno.EPROTO;
        };
    }
}
