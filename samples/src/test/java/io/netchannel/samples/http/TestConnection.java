package io.netchannel.samples.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.FileRegion;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;

/** A cleartext connection of a server, without a transport; text is ISO 8859-1. */
final class TestConnection {

    static final String DATE = "date: Thu, 01 Jan 1970 00:00:00 GMT\r\n";
    private static final Limits LIMITS = new Limits(128, 512, 64, 10);

    final EmbeddedChannel channel;

    TestConnection(final Site site) {
        channel = new EmbeddedChannel(new ConnectionInitializer(site, LIMITS, null, null,
                new ServerDate(InstantSource.fixed(Instant.EPOCH)),
                new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE), 1000));
        channel.freezeTime();
    }

    /** Everything that the server has sent in answer. */
    String send(final String text) throws IOException {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
        return sent();
    }

    String get(final String target, final String... headers) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nhost: x\r\n"
                + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n");
    }

    String sent() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object message = channel.readOutbound(); message != null; message = channel.readOutbound()) {
            try {
                switch (message) {
                    case final ByteBuf buffer -> buffer.readBytes(bytes, buffer.readableBytes());
                    case final FileRegion region -> region.transferTo(Channels.newChannel(bytes), 0);
                    default -> throw new AssertionError("sent " + message);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
