package io.netchannel.samples.haproxy.load;

import io.netchannel.samples.load.Bounds;

/**
 * What is asked for: each connection has one request under way.
 *
 * @param bodyBytes of each response
 */
record LoadProfile(int connections, int bodyBytes) {

    static final int MAX_CONNECTIONS = 4000;
    static final int MAX_BODY_BYTES = 1_000_000;

    /** Where backends have the body. */
    static final String RESOURCE = "/body";

    LoadProfile {
        Bounds.require("connections", connections, 1, MAX_CONNECTIONS);
        Bounds.require("bodyBytes", bodyBytes, 1, MAX_BODY_BYTES);
    }

    /** For a title. */
    String describe() {
        return connections + (connections == 1 ? " connection" : " connections")
                + ", kept alive, one request under way on each, bodies of " + bodyBytes + " bytes";
    }
}
