package io.netchannel.samples.memcached.options;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where to listen on the kernel's sockets.
 *
 * @param tcpPort 0 for none, {@link Settings#ANY_PORT} for any
 */
public record Endpoint(InetAddress address, int tcpPort, int udpPort) {

    /**
     * What {@code -l}, {@code -p} and {@code -U} ask for: addresses or names, separated by commas, each with a port if
     * need be.
     *
     * @throws UnknownHostException for what is neither
     */
    public static List<Endpoint> all(final Settings settings) throws UnknownHostException {
        if (settings.listenAddresses == null) {
            return List.of(new Endpoint(InetAddress.getByAddress(new byte[4]), settings.tcpPort, settings.udpPort));
        }
        final List<Endpoint> all = new ArrayList<>();
        for (final String text : settings.listenAddresses.split("[,;]")) {
            all.add(one(text.strip(), settings));
        }
        return all;
    }

    private static Endpoint one(final String text, final Settings settings) throws UnknownHostException {
        String host = text;
        int port = settings.tcpPort;
        final int colon = text.lastIndexOf(':');
        final boolean bracketed = text.startsWith("[");
        if (colon > text.lastIndexOf(']') && (bracketed || text.indexOf(':') == colon)) {
            host = text.substring(0, colon);
            try {
                port = Integer.parseInt(text.substring(colon + 1));
            } catch (final NumberFormatException e) {
                throw new UnknownHostException("Invalid port number: \"" + text.substring(colon + 1) + "\"");
            }
        }
        if (bracketed) {
            host = host.substring(1, host.indexOf(']'));
        }
        final InetAddress address = "*".equals(host)
                ? InetAddress.getByAddress(new byte[4])
                : InetAddress.getByName(host);
        return new Endpoint(address, port, settings.udpPort);
    }
}
