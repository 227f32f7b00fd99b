package io.netchannel.samples.haproxy.load;

import java.nio.file.Path;

/** The files that proxies and backends are started with. */
final class Configurations {

    private static final int SPARE_CONNECTIONS = 512;
    /**
     * Room for so many times the connections that there are: haproxy keeps idle connections to servers only while less than a fifth
     * of the descriptors for {@code maxconn} are in use (tune.pool-low-fd-ratio), and would connect for each request.
     */
    private static final int ROOM = 8;
    /** Of the head, beside a body: haproxy gives its own responses in one buffer. */
    private static final int SPARE_BUFFER_BYTES = 32 << 10;

    private Configurations() {
    }

    private static int maxConnections(final LoadProfile profile) {
        return ROOM * profile.connections() + SPARE_CONNECTIONS;
    }

    /** Of the proxy that is measured, whoever's it is. */
    static String proxy(final LoadProfile profile, final String bind, final String server) {
        return """
                global
                    nbthread 1
                    maxconn %d
                defaults
                    mode http
                    timeout connect 5s
                    timeout client 1m
                    timeout server 1m
                frontend in
                    bind %s
                    default_backend out
                backend out
                    server s %s
                """.formatted(maxConnections(profile), bind, server);
    }

    /** Of haproxy as a backend. */
    static String backend(final LoadProfile profile, final String bind, final Path body) {
        return """
                global
                    nbthread 1
                    maxconn %d
                    tune.bufsize %d
                defaults
                    mode http
                    timeout client 1h
                frontend backend
                    bind %s
                    http-request return status 200 content-type text/plain file '%s'
                """.formatted(maxConnections(profile), profile.bodyBytes() + SPARE_BUFFER_BYTES,
                bind, body);
    }
}
