package io.netchannel.samples.haproxy.proxy;

import java.net.InetSocketAddress;

/**
 * What a header of the PROXY protocol says of a connection.
 *
 * @param source the client that the sender speaks for; null: nobody, the connection's own addresses count
 * @param destination null where {@code source} is
 * @param authority the name that the client asked for; null: not said
 * @param uniqueId null: not said
 */
record ProxyHeader(InetSocketAddress source, InetSocketAddress destination, String authority, String uniqueId) {
}
