package io.netchannel.samples.haproxy.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;

/** Gives a channel that came in to its listener when it is registered, before it reads. */
@ChannelHandler.Sharable
public final class Accepting extends ChannelInboundHandlerAdapter {

    private final Consumer<Channel> accepted;

    public Accepting(final Consumer<Channel> accepted) {
        this.accepted = accepted;
    }

    @Override
    public void channelRegistered(final ChannelHandlerContext context) {
        final Channel channel = context.channel();
        context.pipeline().remove(this);
        accepted.accept(channel);
    }
}
