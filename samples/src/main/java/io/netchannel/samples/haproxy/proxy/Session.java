package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.expression.Variables;
import io.netchannel.samples.haproxy.stick.TrackedCounters;
import java.net.InetSocketAddress;

/** A client's connection for as long as it lasts; streams come and go in it. */
final class Session {

    final Frontend frontend;
    final Listener listener;
    final ClientConnection client;
    final long acceptWallMs;
    final long acceptMs;
    final Variables variables = new Variables();
    final TrackedCounters tracking = TrackedCounters.ofSession();
    /** Of the stream that there is. */
    final Deadlines deadlines;
    /** In mode http, of the stream that there is: parsers and their room serve one message after the other. Null: there was none. */
    HttpBody requestBody;
    HttpBody responseBody;
    /** As the sockets have them, or tcp-request connection set them. */
    InetSocketAddress peer;
    InetSocketAddress local;
    boolean hadProxyHeader;
    String error = "Success";
    /** Of the PROXY header, or set by tcp-request session; null: the connection's. */
    InetSocketAddress source;
    InetSocketAddress destination;
    /** Milliseconds that the PROXY header and TLS took. */
    long handshakeMs;
    int requests;
    /** The server that the last request went to. */
    Server lastServer;
    /** Of the PROXY header; null: not given. */
    String proxyAuthority;
    String proxyUniqueId;
    /** Open, and for this session alone. */
    ServerConnection own;

    Session(final Frontend frontend, final Listener listener, final ClientConnection client) {
        this.frontend = frontend;
        this.listener = listener;
        this.client = client;
        this.acceptMs = frontend.loop().nowMs();
        this.acceptWallMs = frontend.loop().wallMs();
        this.deadlines = new Deadlines(frontend.loop());
    }

    void received(final ProxyHeader header) {
        hadProxyHeader = true;
        if (header.source() != null) {
            source = header.source();
            destination = header.destination();
        }
        proxyAuthority = header.authority();
        proxyUniqueId = header.uniqueId();
    }

    InetSocketAddress source() {
        return source == null ? peer : source;
    }

    InetSocketAddress destination() {
        return destination == null ? local : destination;
    }
}
