package io.netchannel.node.netty;

import io.netchannel.node.DataplaneNode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;

/**
 * An event loop for each loop of a node, all running from the start.
 *
 * <p>An accepted channel goes to the event loop whose loop its packets come to; so a server gives this group for the channels
 * that it accepts too: {@code new ServerBootstrap().group(group)}.
 */
public final class DataplaneEventLoopGroup extends MultiThreadIoEventLoopGroup {

    /** @param node not started; closed by its owner after this group, or instead of it */
    public DataplaneEventLoopGroup(final DataplaneNode node) {
        super(node.config().loops(), new DefaultThreadFactory(node.config().name()),
                DataplaneIoHandler.newFactory(node));
        // A loop that does not run leaves its packets where they are.
        for (final EventExecutor loop : this) {
            loop.execute(() -> {
            });
        }
    }

    private EventLoop loopFor(final Channel channel) {
        return channel instanceof final DataplaneSocketChannel socket && socket.home() != null
                ? (EventLoop) socket.home().executor()
                : next();
    }

    @Override
    public ChannelFuture register(final Channel channel) {
        return loopFor(channel).register(channel);
    }

    @Override
    public ChannelFuture register(final ChannelPromise promise) {
        return loopFor(promise.channel()).register(promise);
    }
}
