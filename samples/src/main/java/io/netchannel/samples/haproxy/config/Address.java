package io.netchannel.samples.haproxy.config;

import java.net.InetAddress;

/** Where a socket is, in any of the forms that a configuration has for it. */
public sealed interface Address {

    /**
     * An IP address and a port.
     *
     * @param host as it was written; "" or {@code *} for any
     * @param ip null if the host's name is not resolved (yet); for any of both families it is IPv4's
     * @param port the port, or what is added to (or, negative, taken from) the client's one if {@code relativePort}
     */
    record Ip(String host, InetAddress ip, int port, boolean relativePort) implements Address {
    }

    /** A UNIX socket's path. */
    record Unix(String path) implements Address {
    }

    /** A UNIX socket in Linux's abstract namespace. */
    record Abstract(String name) implements Address {
    }

    /** A socket that the process got, open, from who started it. */
    record Descriptor(int fd) implements Address {
    }
}
