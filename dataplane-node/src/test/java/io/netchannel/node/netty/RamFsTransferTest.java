package io.netchannel.node.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.memory.SharedPages;
import io.netchannel.kernel.storage.ramfs.RamFs;
import io.netchannel.kernel.storage.ramfs.RamFsConfig;
import io.netchannel.kernel.storage.ramfs.nio.RamFileSystemProvider;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeMode;
import io.netchannel.node.NodeWire;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file of ramfs in the node's pages goes out as a {@link DefaultFileRegion}, from where it lies. */
@Timeout(30)
final class RamFsTransferTest {

    private static final String SERVER = "10.90.0.1";
    private static final String CLIENT = "10.90.0.2";
    private static final int FILE_BYTES = 1_000_003;
    private static final byte[] HEAD = {1, 2, 3};

    private final byte[] content = new byte[FILE_BYTES];
    private DataplaneNode serverNode;
    private DataplaneNode clientNode;
    private FileSystem files;
    private Path file;
    // Without the file.
    private int freePages;

    private void open(final NodeMode mode, final int loops, final int pages) throws IOException {
        final NodeWire wire = NodeWire.lossless();
        serverNode = DataplaneNode.open(NodeConfig.builder("server").address(SERVER + "/24").loops(loops).mode(mode)
                .build().withSharedPages(pages), wire.a());
        clientNode = DataplaneNode.open(NodeConfig.builder("client").address(CLIENT + "/24").build(), wire.b());
        if (pages > 0) {
            files = RamFileSystemProvider.instance().register("transfer",
                    RamFs.over(serverNode.sharedPages(), RamFsConfig.ofBytes(1 << 30)));
            freePages = serverNode.sharedPages().available();
            new Random(5).nextBytes(content);
            file = Files.write(files.getPath("/file"), content);
        }
    }

    @AfterEach
    void close() throws IOException {
        if (files != null) {
            files.close();
        }
        clientNode.close();
        serverNode.close();
    }

    /** Sends some bytes of its own, then the file, then some more, to who connects; and ends. */
    @ChannelHandler.Sharable
    private final class Sender extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(final ChannelHandlerContext context) throws IOException {
            context.write(Unpooled.wrappedBuffer(HEAD));
            context.write(new DefaultFileRegion(FileChannel.open(file), 5, FILE_BYTES - 5));
            context.writeAndFlush(Unpooled.wrappedBuffer(HEAD)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private byte[] receive(final Channel server, final DataplaneEventLoopGroup group) {
        final CompletableFuture<byte[]> all = new CompletableFuture<>();
        new Bootstrap().group(group).channel(DataplaneSocketChannel.class)
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    private final ByteArrayOutputStream got = new ByteArrayOutputStream();

                    @Override
                    protected void channelRead0(final ChannelHandlerContext context, final ByteBuf bytes)
                            throws IOException {
                        bytes.readBytes(got, bytes.readableBytes());
                    }

                    @Override
                    public void channelInactive(final ChannelHandlerContext context) {
                        all.complete(got.toByteArray());
                    }
                }).connect(server.localAddress()).syncUninterruptibly();
        return all.join();
    }

    private byte[] wanted() {
        final byte[] wanted = Arrays.copyOf(HEAD, FILE_BYTES - 5 + 2 * HEAD.length);
        System.arraycopy(content, 5, wanted, HEAD.length, FILE_BYTES - 5);
        System.arraycopy(HEAD, 0, wanted, HEAD.length + FILE_BYTES - 5, HEAD.length);
        return wanted;
    }

    @ParameterizedTest
    @CsvSource({"INLINE, 1", "INLINE, 2", "CHANNEL, 2"})
    void shouldSendAFileAndKeepNoneOfItsPages(final NodeMode mode, final int loops) throws IOException {
        open(mode, loops, 300);
        final DataplaneEventLoopGroup clients = new DataplaneEventLoopGroup(clientNode);
        final Channel server = new ServerBootstrap().group(new DataplaneEventLoopGroup(serverNode))
                .channel(DataplaneServerSocketChannel.class).childHandler(new Sender())
                .bind(new InetSocketAddress(SERVER, 0)).syncUninterruptibly().channel();
        for (int i = 0; i < 4; i++) {
            assertThat(receive(server, clients)).isEqualTo(wanted());
        }
        Files.delete(file);
        // When the last frame has left.
        while (serverNode.sharedPages().available() < freePages) {
            Thread.yield();
        }
    }

    @Test
    void shouldSendWhatTheFileWasAlthoughItIsWrittenOver() throws IOException {
        open(NodeMode.INLINE, 1, 600);
        final CompletableFuture<Void> handedOver = new CompletableFuture<>();
        final Channel server = new ServerBootstrap().group(new DataplaneEventLoopGroup(serverNode))
                .channel(DataplaneServerSocketChannel.class).childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(final ChannelHandlerContext context) throws IOException {
                        context.writeAndFlush(new DefaultFileRegion(FileChannel.open(file), 0, 4000));
                        try (FileChannel over = FileChannel.open(file, StandardOpenOption.WRITE)) {
                            over.write(ByteBuffer.allocate(4000));
                        }
                        handedOver.complete(null);
                        context.close();
                    }
                }).bind(new InetSocketAddress(SERVER, 0)).syncUninterruptibly().channel();
        assertThat(receive(server, new DataplaneEventLoopGroup(clientNode))).isEqualTo(Arrays.copyOf(content, 4000));
        handedOver.join();
        // The flow held it: it had not been copied to be sent.
        assertThat(Files.getFileStore(file).getAttribute("copiedPages")).isEqualTo(1L);
        assertThat(Arrays.copyOf(Files.readAllBytes(file), 4000)).containsOnly(0);
    }

    @Test
    void shouldNotCloseUnderAFileSystem() throws IOException {
        open(NodeMode.INLINE, 1, 300);
        final SharedPages pages = serverNode.sharedPages();
        assertThatThrownBy(serverNode::close).hasMessageContaining("shared pages are held");
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
        files.close();
        pages.checkNoLeaks();
    }

    @Test
    void shouldHaveNoSharedPagesUnlessAsked() throws IOException {
        open(NodeMode.INLINE, 1, 0);
        assertThat(serverNode.sharedPages()).isNull();
        assertThatThrownBy(() -> serverNode.config().withSharedPages(-1)).hasMessageContaining("sharedPages=-1");
    }
}
