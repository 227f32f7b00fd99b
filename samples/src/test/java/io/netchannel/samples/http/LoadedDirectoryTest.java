package io.netchannel.samples.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeWire;
import io.netchannel.node.netty.DataplaneEventLoopGroup;
import io.netchannel.node.netty.DataplaneServerSocketChannel;
import io.netchannel.node.netty.DataplaneSocketChannel;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A site in a node's own memory, from its command to the peer. */
@Timeout(60)
final class LoadedDirectoryTest {

    private static final String SERVER = "10.91.0.1";
    private static final int PORT = 80;
    private static final int FILES = 3;
    private static final int FILE_BYTES = 700_001;
    private static final long QUOTA_BYTES = 4 << 20;

    @TempDir
    private Path directory;

    @Test
    void shouldServeItsFilesFromTheNodesMemory() throws IOException {
        final byte[] content = new byte[FILE_BYTES];
        new Random(3).nextBytes(content);
        for (int i = 0; i < FILES; i++) {
            Files.write(directory.resolve("f" + i), content);
        }
        final NodeWire wire = NodeWire.lossless();
        final NodeConfig config = NodeConfig.builder("server").address(SERVER + "/24").build();
        try (DataplaneNode node = DataplaneNode
                .open(config.withSharedPages((int) (QUOTA_BYTES / config.sharedPageBytes()) + 1), wire.a());
                DataplaneNode peer = DataplaneNode.open(NodeConfig.builder("peer").address("10.91.0.2/24").build(),
                        wire.b());
                LoadedDirectory loaded = LoadedDirectory.load(directory, node.sharedPages(), QUOTA_BYTES);
                HttpServer server = new HttpServer(new DataplaneEventLoopGroup(node),
                        DataplaneServerSocketChannel.class, new InetSocketAddress(SERVER, PORT),
                        new DirectorySite(loaded.root(), false), new Limits(512, 4096, 64, 60), null,
                        node.sharedTasks())) {
            assertThat(server.port()).isEqualTo(PORT);
            assertThat(loaded.freeBytes()).isLessThan(QUOTA_BYTES - FILES * FILE_BYTES);
            final DataplaneEventLoopGroup clients = new DataplaneEventLoopGroup(peer);
            for (int i = 0; i < FILES; i++) {
                assertThat(get(clients, "/f" + i)).isEqualTo(content);
            }
        }
    }

    private static byte[] get(final DataplaneEventLoopGroup clients, final String target) {
        final CompletableFuture<byte[]> body = new CompletableFuture<>();
        final Channel client = new Bootstrap().group(clients).channel(DataplaneSocketChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        channel.pipeline().addLast(new HttpClientCodec(), new HttpObjectAggregator(1 << 20),
                                new SimpleChannelInboundHandler<FullHttpResponse>() {
                                    @Override
                                    protected void channelRead0(final ChannelHandlerContext context,
                                            final FullHttpResponse response) {
                                        body.complete(ByteBufUtil.getBytes(response.content()));
                                    }
                                });
                    }
                }).connect(new InetSocketAddress(SERVER, PORT)).syncUninterruptibly().channel();
        final DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET,
                target);
        request.headers().set(HttpHeaderNames.HOST, SERVER);
        client.writeAndFlush(request);
        final byte[] got = body.join();
        client.close().syncUninterruptibly();
        return got;
    }
}
