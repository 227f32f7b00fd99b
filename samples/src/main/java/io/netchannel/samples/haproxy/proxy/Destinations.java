package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import java.net.InetAddress;

/** Addresses of servers as a stream has them: some depend on where its client wanted to go. */
final class Destinations {

    private Destinations() {
    }

    /** Where the connection goes without a server: {@code dispatch}, {@code option transparent}; else null. */
    static Address withoutServer(final Stream stream) {
        if (stream.server() != null || !stream.backend().servers().isEmpty()) {
            return null;
        }
        final Address to = stream.backend().section().get(TrafficSettings.DISPATCH);
        if (to != null) {
            return to;
        }
        if (stream.backend().section().get(TrafficSettings.TRANSPARENT) && stream.destination() != null) {
            return new Address.Ip(stream.destination().getHostString(), stream.destination().getAddress(),
                    stream.destination().getPort(), false);
        }
        return null;
    }

    /** With the client's port where the configuration says so; null if its name is not resolved. */
    static Address resolved(final Address address, final Stream stream) {
        if (!(address instanceof final Address.Ip ip)) {
            return address;
        }
        InetAddress host = ip.ip();
        if (host == null) {
            return null;
        }
        if (host.isAnyLocalAddress() && stream.destination() != null) {
            host = stream.destination().getAddress();
        }
        // An offset beyond the last port goes on with the first, as in haproxy's 16 bits.
        final int port = ip.relativePort() && stream.destination() != null
                ? stream.destination().getPort() + ip.port() & 0xffff
                : ip.port();
        return new Address.Ip(ip.host(), host, port, false);
    }
}
