package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLSession;

/**
 * What an expression sees while it is evaluated: a session, and within it perhaps a stream with its messages.
 *
 * <p>What is not there is null: a response before it came, a request in mode tcp. A context
 * that can't tell of something leaves that as it is here. Threading: the proxy's loop.
 */
public interface SampleContext {

    /** Where the rule that asks stands; decides which buffer {@code payload} and its kind mean. */
    enum Direction {
        REQUEST, RESPONSE
    }

    default Direction direction() {
        return Direction.REQUEST;
    }

    /** After set-src and the PROXY protocol. */
    default InetSocketAddress source() {
        return null;
    }

    default InetSocketAddress destination() {
        return null;
    }

    default HttpMessage request() {
        return null;
    }

    default HttpMessage response() {
        return null;
    }

    /** Bytes of the message's body, or in mode tcp of the connection, that are buffered and not yet forwarded; not to be released. */
    default ByteBuf payload() {
        return null;
    }

    /** Whether no byte can follow those of {@link #payload()}. */
    default boolean payloadComplete() {
        return true;
    }

    /** Of a client's connection by TLS; else null. */
    default SSLSession frontTls() {
        return null;
    }

    /** Of a server's connection by TLS; else null. */
    default SSLSession backTls() {
        return null;
    }

    /** @param scope {@code proc}, {@code sess}, {@code txn}, {@code req}, {@code res}, {@code check}; null if it doesn't exist here */
    Variables variables(String scope);

    /** The value that {@code capture} number {@code index} of a message took; null if none. */
    default String captured(final Direction direction, final int index) {
        return null;
    }

    /** Named facts of proxies and servers; see {@link ProxyFacts}. Never null. */
    ProxyFacts facts();

    /** Timers, flags and names of the stream, as logs show them; null before there is a stream. */
    default LogFacts log() {
        return null;
    }

    /** The counters that {@code track-scN} follows, N = {@code index}; null if none. */
    default StickCounters tracked(final int index) {
        return null;
    }

    /** Wall clock, milliseconds since 1970. */
    long nowMs();

    /** Why the client's connection came to nothing, in haproxy's words. */
    default String connectionError() {
        return "Success";
    }

    /** Whether credentials are asked for and given as to a proxy: {@code option http-use-proxy-header}. */
    default boolean usesProxyFields() {
        return false;
    }

    /** Where the client's connection comes from, whatever the PROXY protocol or set-src said. */
    default InetSocketAddress connectionSource() {
        return source();
    }

    default InetSocketAddress connectionDestination() {
        return destination();
    }

    /** {@code fc_rcvd_proxy} */
    default boolean receivedProxyHeader() {
        return false;
    }

    /** PP2_TYPE_AUTHORITY of the PROXY protocol; null if there was none. */
    default String proxyAuthority() {
        return null;
    }

    /** PP2_TYPE_UNIQUE_ID of the PROXY protocol; null if there was none. */
    default String proxyUniqueId() {
        return null;
    }

    /** An integer of TCP_INFO of the client's connection ({@code rtt} and {@code rttvar} in microseconds), or null. */
    default Long tcpInfo(final String field) {
        return null;
    }

    /** Sessions of the listener that accepted the client ({@code dst_conn}). */
    default long listenerConnections() {
        return 0;
    }

    /** The name that the client asked for (RFC 6066), or null. */
    default String tlsServerName() {
        return null;
    }

    /** The protocol that ALPN chose, or null. */
    default String tlsAlpn(final boolean front) {
        return null;
    }

    /** The algorithm that the response is compressed by, or null. */
    default String compression() {
        return null;
    }

    /** {@code http-request set-priority-class} */
    default long priorityClass() {
        return 0;
    }

    default long priorityOffset() {
        return 0;
    }

    /** {@code server}, {@code tunnel}: the stream's timeouts as they are now, milliseconds. */
    default long timeoutMs(final String name) {
        return 0;
    }

    /** File of the last rule that ended a ruleset; null if there was none. */
    default String lastRuleFile() {
        return null;
    }

    default int lastRuleLine() {
        return 0;
    }

    /** Keeps {@code value} as the capture of that number, cut to its length. @return whether there is such a capture */
    default boolean capture(final Direction direction, final int index, final String value) {
        return false;
    }
}
