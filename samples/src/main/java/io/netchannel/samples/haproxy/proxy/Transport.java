package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.BindSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Where connections come from and go to: the kernel's sockets, a node, or a test's own. */
public interface Transport {

    /** The one loop that everything runs in. */
    EventLoop loop();

    /** Connections, in and out, that it can have open at once. */
    int maxConnections();

    /**
     * Listens; a channel that comes in is registered with the loop and given to {@code accepted} before anything is read.
     *
     * @throws IOException with the reason as haproxy has it: {@code cannot bind socket (…)}
     */
    Channel listen(Address address, BindSettings bind, int backlog, Consumer<Channel> accepted) throws IOException;

    /**
     * Begins to connect.
     *
     * @param address with its IP address known
     * @param source null: any
     * @param handler the channel's only one
     */
    ChannelFuture connect(Address address, InetSocketAddress source, ChannelHandler handler);

    /** Netfilter's mark of a connection's packets; where sockets have none, nothing is marked. */
    default void mark(final Channel channel, final int value) {
        // Those of the process itself.
    }

    /**
     * Whether a channel that waits for its next request can't be used any more, told or not: what the transport knows already
     * and its event is still to come.
     */
    default boolean isEnded(final Channel channel) {
        return false;
    }

    /** For a connection, as soon as its channel is there. What isn't TCP has none of them. */
    default void apply(final SocketOptions options, final Channel channel) {
        // Those of the process itself.
    }
}
