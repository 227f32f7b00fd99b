package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.balance.RequestKey;
import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netty.buffer.ByteBuf;
import java.net.Inet4Address;

/**
 * {@code persist rdp-cookie}: the routing token of a remote desktop's client leads back to its server (MS-RDPBCGR 3.2.5.3.1:
 * {@code ADDRESS.PORT.0000}, both in decimal, their bytes in the order of the network read as by a little-endian machine).
 */
final class RdpPersistence {

    private RdpPersistence() {
    }

    /** @return null: nothing is configured, the token isn't there, or its server is unknown or down */
    static Server server(final Backend backend, final ByteBuf payload) {
        final String name = backend.section().get(ProxySettings.RDP_COOKIE);
        final String token = name == null ? null : RequestKey.rdpCookieText(name, payload);
        if (token == null || !token.matches("[0-9]{1,10}\\.[0-9]{1,5}\\..*")) {
            return null;
        }
        final String[] parts = token.split("\\.", 3);
        final int address = Integer.reverseBytes((int) Long.parseLong(parts[0]));
        final int port = Short.toUnsignedInt(Short.reverseBytes((short) Integer.parseInt(parts[1])));
        for (final Server server : backend.servers()) {
            if (server.address() instanceof final Address.Ip ip && ip.ip() instanceof Inet4Address && ip.port() == port
                    && ip.ip().hashCode() == address) {
                return server.isUp() || backend.options().persist ? server : null;
            }
        }
        return null;
    }
}
