package io.netchannel.samples.haproxy.proxy;

import java.net.InetSocketAddress;

/** A client's connection as operators see it. Threading: the proxy's loop. */
public final class SessionView {

    private final ClientConnection client;

    SessionView(final ClientConnection client) {
        this.client = client;
    }

    /** Names it for as long as it lasts. */
    public long number() {
        return client.number();
    }

    public String source() {
        return text(client.session().source());
    }

    public String destination() {
        return text(client.session().destination());
    }

    private static String text(final InetSocketAddress address) {
        return address == null ? "unix" : address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    public String frontend() {
        return client.session().frontend.name();
    }

    public String listener() {
        final String name = client.session().listener.name();
        return name == null ? "?" : name;
    }

    public String backend() {
        final Stream stream = client.stream();
        return stream == null || stream.backend() == null ? "<NONE>" : stream.backend().name();
    }

    public String server() {
        final Server server = current();
        return server == null ? "<none>" : server.name();
    }

    private Server current() {
        final Stream stream = client.stream();
        return stream == null || stream.isEnded() ? null : stream.server();
    }

    public boolean isAt(final Server server) {
        return current() == server;
    }

    public int requests() {
        return client.session().requests;
    }

    public long ageMs(final long nowMs) {
        return nowMs - client.session().acceptMs;
    }

    public long bytesIn() {
        return client.bytesIn();
    }

    public long bytesOut() {
        return client.bytesOut();
    }

    /** Bytes that came and were not used yet. */
    public int pendingIn() {
        return client.available();
    }

    /** Bytes that could not be sent yet. */
    public long pendingOut() {
        return client.unsentBytes();
    }

    /** Ends it now, as an operator or a server's end wants it (termination state K). */
    public void shutdown() {
        client.kill();
    }
}
