package io.netchannel.samples.haproxy.expression.fetch;

import java.util.List;

/** What went wrong with a client's connection before its first request, by the numbers that haproxy has for it. */
final class ConnectionError {

    private static final List<String> TEXTS = List.of("Success", "Reached configured maxconn value",
            "Too many sockets on the process", "Too many sockets on the system", "Out of system buffers",
            "Protocol or address family not supported", "General socket error", "Source port range exhausted",
            "Can't bind to source address", "Out of local source ports on the system",
            "Local source address already in use", "Connection closed while waiting for PROXY protocol header",
            "Connection error while waiting for PROXY protocol header",
            "Timeout while waiting for PROXY protocol header", "Truncated PROXY protocol header received",
            "Received something which does not look like a PROXY protocol header",
            "Received an invalid PROXY protocol header", "Received an unhandled protocol in the PROXY protocol header",
            "Connection closed while waiting for NetScaler Client IP header",
            "Connection error while waiting for NetScaler Client IP header",
            "Timeout while waiting for a NetScaler Client IP header",
            "Truncated NetScaler Client IP header received",
            "Received an invalid NetScaler Client IP magic number",
            "Received an unhandled protocol in the NetScaler Client IP header",
            "Connection closed during SSL handshake", "Connection error during SSL handshake",
            "Timeout during SSL handshake", "Too many SSL connections",
            "Out of memory when initializing an SSL connection",
            "Rejected a client-initiated SSL renegotiation attempt",
            "SSL client CA chain cannot be verified", "SSL client certificate not trusted",
            "Server presented an SSL certificate different from the configured one",
            "Server presented an SSL certificate different from the expected one", "SSL handshake failure");

    private ConnectionError() {
    }

    static int code(final String text) {
        return Math.max(0, TEXTS.indexOf(text));
    }
}
