package io.netchannel.samples.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpServerUpgradeHandler;
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ServerUpgradeCodec;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.AsciiString;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Gives a connection its handlers, once it is known which HTTP it speaks. */
final class ConnectionInitializer extends ChannelInitializer<Channel> {

    /** RFC 9113, 6.5.2, recommends no fewer. */
    private static final int MAX_STREAMS = 100;

    private final Site site;
    private final Limits limits;
    private final SslContext tls;
    private final Executor handshakes;
    private final ServerDate date;
    private final ChannelGroup connections;
    private final long graceMs;

    /**
     * @param tls null: cleartext
     * @param handshakes runs what of a handshake takes long; null without TLS
     */
    ConnectionInitializer(final Site site, final Limits limits, final SslContext tls, final Executor handshakes,
            final ServerDate date,
            final ChannelGroup connections, final long graceMs) {
        this.site = site;
        this.limits = limits;
        this.tls = tls;
        this.handshakes = handshakes;
        this.date = date;
        this.connections = connections;
        this.graceMs = graceMs;
    }

    @Override
    protected void initChannel(final Channel channel) {
        connections.add(channel);
        final ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(new IdleStateHandler(true, 0, 0, limits.idleSeconds(), TimeUnit.SECONDS));
        if (tls == null) {
            addCleartext(pipeline);
        } else {
            pipeline.addLast(tls.newHandler(channel.alloc(), handshakes), new Negotiation(), new Undecided());
        }
    }

    private void addCleartext(final ChannelPipeline pipeline) {
        final HttpServerCodec codec = http1Codec();
        final HttpServerUpgradeHandler upgrade = new HttpServerUpgradeHandler(codec,
                protocol -> AsciiString.contentEquals(Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, protocol)
                        ? new Http2ServerUpgradeCodec(http2Codec(), streams(), new Http2Connection())
                        : null,
                limits.bodyBytes());
        pipeline.addLast(new CleartextHttp2ServerUpgradeHandler(codec, upgrade, new ChannelInitializer<>() {
            @Override
            protected void initChannel(final Channel channel) {
                final String own = channel.pipeline().context(this).name();
                channel.pipeline().addBefore(own, null, http2Codec()).addBefore(own, null, streams())
                        .addBefore(own, null, new Http2Connection());
            }
        }), new Undecided());
    }

    private HttpServerCodec http1Codec() {
        return new HttpServerCodec(new HttpDecoderConfig().setMaxInitialLineLength(limits.lineBytes())
                .setMaxHeaderSize(limits.headerBytes()));
    }

    private void addHttp1(final ChannelPipeline pipeline) {
        pipeline.addLast(new HttpServerKeepAliveHandler(), new HttpObjectAggregator(limits.bodyBytes()));
        if (tls != null) {
            pipeline.addLast(new ChunkedWriteHandler());
        }
        pipeline.addLast(new RequestHandler(site, date,
                tls == null ? RequestHandler.FileTransfer.REGION : RequestHandler.FileTransfer.CHUNKS, false));
    }

    private Http2FrameCodec http2Codec() {
        return Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(MAX_STREAMS)
                        .maxHeaderListSize(limits.headerBytes()))
                .gracefulShutdownTimeoutMillis(graceMs).build();
    }

    private Http2MultiplexHandler streams() {
        final ChannelInitializer<Channel> streams = new ChannelInitializer<>() {
            @Override
            protected void initChannel(final Channel stream) {
                stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true),
                        new HttpObjectAggregator(limits.bodyBytes()), new ChunkedWriteHandler(),
                        new RequestHandler(site, date, RequestHandler.FileTransfer.CHUNKS, true));
            }
        };
        // The second: for the request that came with the upgrade.
        return new Http2MultiplexHandler(streams, streams);
    }

    /** By ALPN (RFC 7301). */
    private final class Negotiation extends ApplicationProtocolNegotiationHandler {

        Negotiation() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void configurePipeline(final ChannelHandlerContext ctx, final String protocol) {
            ctx.pipeline().remove(Undecided.class);
            if (ApplicationProtocolNames.HTTP_2.equals(protocol)) {
                ctx.pipeline().addLast(http2Codec(), streams(), new Http2Connection());
            } else {
                ctx.pipeline().addLast(http1Codec());
                addHttp1(ctx.pipeline());
            }
        }
    }

    /** Until the first request of HTTP/1.1; a connection of HTTP/2 keeps it, and never comes here. */
    private final class Undecided extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(final ChannelHandlerContext ctx, final Object message) {
            if (message instanceof HttpMessage) {
                addHttp1(ctx.pipeline());
                ctx.fireChannelRead(message);
                ctx.pipeline().remove(this);
            } else {
                ctx.fireChannelRead(message);
            }
        }

        @Override
        public void userEventTriggered(final ChannelHandlerContext ctx, final Object event) {
            if (event instanceof IdleStateEvent || event == Closing.SERVER
                    || event == ChannelInputShutdownEvent.INSTANCE) {
                ctx.close();
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext ctx, final Throwable cause) {
            ctx.close();
        }
    }
}
