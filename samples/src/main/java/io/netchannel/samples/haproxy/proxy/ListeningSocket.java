package io.netchannel.samples.haproxy.proxy;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;

/**
 * A socket that listens, as one configuration has it. After a reload the same socket is the next configuration's: the kernel
 * doesn't notice, and who connects meanwhile is taken by either of them. Threading: opened anywhere, then the loop of who
 * accepts by it, but for {@link #takeOver} and {@link #close}, which are of the proxies' loop.
 */
public final class ListeningSocket {

    /** What outlives a configuration. */
    private static final class Shared {

        private Channel channel;
        /** Read by the loop that accepts, which is not always the proxies' own. */
        private volatile ListeningSocket owner;

        void accepted(final Channel client) {
            final ListeningSocket current = owner;
            if (current == null) {
                client.close();
            } else {
                current.accepted.accept(client);
            }
        }
    }

    /** Opens a channel that gives what comes in to its argument. */
    @FunctionalInterface
    interface Opening {

        Channel open(Consumer<Channel> accepted) throws IOException;
    }

    private final Shared shared;
    private final Consumer<Channel> accepted;
    private final boolean inherited;
    /** Written by the loop that accepts, read by the one that takes over. */
    private volatile boolean accepting;

    private ListeningSocket(final Shared shared, final Consumer<Channel> accepted, final boolean inherited) {
        this.shared = shared;
        this.accepted = accepted;
        this.inherited = inherited;
    }

    /** A new one; nothing is accepted before {@link #takeOver}. */
    static ListeningSocket open(final Opening opening, final Consumer<Channel> accepted) throws IOException {
        final Shared shared = new Shared();
        shared.channel = opening.open(shared::accepted);
        return new ListeningSocket(shared, accepted, false);
    }

    /** The same socket for a configuration that takes the place of this one's, from {@link #takeOver} on. */
    ListeningSocket successor(final Consumer<Channel> newAccepted) {
        return new ListeningSocket(shared, newAccepted, true);
    }

    void takeOver() {
        shared.owner = this;
        shared.channel.config().setAutoRead(accepting);
    }

    public boolean isOpen() {
        return shared.channel.isOpen() && (shared.owner == this || shared.owner == null);
    }

    public SocketAddress localAddress() {
        return shared.channel.localAddress();
    }

    /** What comes while it doesn't accept waits in the kernel's backlog. */
    public void accepting(final boolean yes) {
        accepting = yes;
        if (shared.owner == this && shared.channel.config().isAutoRead() != yes) {
            shared.channel.config().setAutoRead(yes);
        }
    }

    /** Of a socket that isn't, or is no more, this configuration's, nothing is closed. */
    public void close() {
        final ListeningSocket owner = shared.owner;
        if (owner == this || owner == null && !inherited) {
            shared.channel.close();
        }
    }
}
