package io.netchannel.samples.memcached.server;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;

/** Addresses in the original's words. */
final class Names {

    private Names() {
    }

    /** Like {@code tcp:10.7.0.1:11211} or {@code tcp6:[::1]:11211}. */
    static String of(final String protocol, final SocketAddress address) {
        if (address instanceof final UnixDomainSocketAddress unix) {
            return "unix:" + unix.getPath();
        }
        if (!(address instanceof final InetSocketAddress inet)) {
            return "<null>";
        }
        final String host = inet.getAddress().getHostAddress();
        return inet.getAddress() instanceof Inet6Address
                ? protocol + "6:[" + host + "]:" + inet.getPort()
                : protocol + ":" + host + ":" + inet.getPort();
    }

    static ProtocolFamily family(final InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET;
    }

    static String familyName(final InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address ? "INET6" : "INET";
    }
}
