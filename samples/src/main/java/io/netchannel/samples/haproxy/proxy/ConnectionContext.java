package io.netchannel.samples.haproxy.proxy;

import java.net.InetSocketAddress;

/** What rules see of a connection that has no session yet: addresses that they set are the connection's own. */
final class ConnectionContext extends SessionContext {

    ConnectionContext(final Session session) {
        super(session);
    }

    @Override
    public void source(final InetSocketAddress address) {
        session.peer = address;
    }

    @Override
    public void destination(final InetSocketAddress address) {
        session.local = address;
    }
}
