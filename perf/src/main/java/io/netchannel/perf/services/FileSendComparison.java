package io.netchannel.perf.services;

import io.netchannel.kernel.storage.ramfs.RamFs;
import io.netchannel.kernel.storage.ramfs.RamFsConfig;
import io.netchannel.kernel.storage.ramfs.nio.RamFileSystemProvider;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeWire;
import io.netchannel.node.netty.DataplaneEventLoopGroup;
import io.netchannel.node.netty.DataplaneServerSocketChannel;
import io.netchannel.node.netty.DataplaneSocketChannel;
import io.netchannel.perf.services.ComparisonResult.Figure;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A file of 1 MiB that a Netty server sends as a {@link DefaultFileRegion}, over a wire: from a ramfs in the node's pages, which the flow
 * shows to the device; from a ramfs elsewhere and from the host's page cache, which it copies. What differs is the path of the file.
 */
final class FileSendComparison implements ServiceComparison {

    private static final int FILE_BYTES = 1 << 20;
    private static final int FILES_A_ROUND = 1_500;
    private static final int PORT = 7_000;
    private static final String SERVER = "10.92.0.1";

    @Override
    public String name() {
        return "file-send";
    }

    @Override
    public String description() {
        return "1 MiB files over a wire: from ramfs in the node's pages, against the host's page cache";
    }

    @Override
    public String target() {
        return "the CPU for a host's file at least 1x that for one that is shown";
    }

    @Override
    public String unavailability() {
        return null;
    }

    /** Where the same bytes lie, and what came out. */
    private record Source(String what, Path file, List<Double> filesPerSecond, List<Double> cpuMicros) {
        Source(final String what, final Path file) {
            this(what, file, new ArrayList<>(), new ArrayList<>());
        }
    }

    @Override
    public ComparisonResult run(final int rounds, final PrintWriter progress) throws IOException,
            InterruptedException {
        final NodeWire wire = NodeWire.lossless();
        final NodeConfig config = NodeConfig.builder("server").address(SERVER + "/24").build();
        final Path onHost = Files.createTempFile("file-send", null);
        try (DataplaneNode server = DataplaneNode
                .open(config.withSharedPages(FILE_BYTES / config.sharedPageBytes() + 1), wire.a());
                DataplaneNode client = DataplaneNode.open(NodeConfig.builder("client").address("10.92.0.2/24").build(),
                        wire.b());
                FileSystem inNode = RamFileSystemProvider.instance().register("file-send-node",
                        RamFs.over(server.sharedPages(), RamFsConfig.ofBytes(FILE_BYTES)));
                FileSystem elsewhere = RamFileSystemProvider.instance().register("file-send-own",
                        RamFs.create("file-send", RamFsConfig.ofBytes(FILE_BYTES), RamFs.DEFAULT_PAGE_BYTES))) {
            final List<Source> sources = List.of(new Source("ramfs in the node's pages, shown", inNode.getPath("/f")),
                    new Source("ramfs of its own, copied", elsewhere.getPath("/f")),
                    new Source("host's file, copied", onHost));
            for (final Source source : sources) {
                Files.write(source.file(), new byte[FILE_BYTES]);
            }
            measure(server, client, sources, rounds, progress);
            return result(sources);
        } finally {
            Files.delete(onHost);
        }
    }

    private static void measure(final DataplaneNode server, final DataplaneNode client, final List<Source> sources,
            final int rounds, final PrintWriter progress) throws IOException, InterruptedException {
        final AtomicReference<Source> chosen = new AtomicReference<>();
        final AtomicReference<Thread> serverThread = new AtomicReference<>();
        final DataplaneEventLoopGroup group = new DataplaneEventLoopGroup(server);
        new ServerBootstrap().group(group).channel(DataplaneServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        serverThread.set(Thread.currentThread());
                        channel.pipeline().addLast(new Sender(chosen));
                    }
                }).bind(new InetSocketAddress(SERVER, PORT)).syncUninterruptibly();
        final Receiver receiver = new Receiver();
        final Channel connection = new Bootstrap().group(new DataplaneEventLoopGroup(client))
                .channel(DataplaneSocketChannel.class).handler(receiver)
                .connect(new InetSocketAddress(SERVER, PORT)).syncUninterruptibly().channel();
        for (int round = -1; round < rounds; round++) {
            for (final Source source : sources) {
                chosen.set(source);
                final CompletableFuture<Void> done = new CompletableFuture<>();
                final long cpuNs = serverThread.get() == null ? 0 : cpuNs(serverThread.get());
                final long startNs = System.nanoTime();
                connection.eventLoop().execute(() -> receiver.start(FILES_A_ROUND, done));
                await(done);
                final double seconds = (System.nanoTime() - startNs) / 1e9;
                final double cpuMicros = (cpuNs(serverThread.get()) - cpuNs) / 1e3 / FILES_A_ROUND;
                if (round >= 0) {
                    source.filesPerSecond().add(FILES_A_ROUND / seconds);
                    source.cpuMicros().add(cpuMicros);
                    progress.printf(Locale.ROOT, "  round %d: %s: %.0f files/s, %.1f us of the server's CPU each%n",
                            round + 1,
                            source.what(), FILES_A_ROUND / seconds, cpuMicros);
                    progress.flush();
                }
            }
        }
        connection.close().syncUninterruptibly();
    }

    private static void await(final CompletableFuture<Void> done) throws IOException, InterruptedException {
        try {
            done.get();
        } catch (final ExecutionException failed) {
            throw new IOException(failed.getCause().getMessage(), failed);
        }
    }

    private static long cpuNs(final Thread thread) {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId());
    }

    private static ComparisonResult result(final List<Source> sources) {
        final List<Figure> figures = new ArrayList<>();
        for (final Source source : sources) {
            figures.add(new Figure(source.what(), "files/s", array(source.filesPerSecond())));
        }
        for (final Source source : sources) {
            figures.add(new Figure(source.what() + ", CPU", "us/file", array(source.cpuMicros())));
        }
        final double ratio = figures.getLast().median() / figures.get(sources.size()).median();
        return new ComparisonResult(figures, ratio, ratio >= 1);
    }

    private static double[] array(final List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Answers each byte by the file. */
    private static final class Sender extends ChannelInboundHandlerAdapter {

        private final AtomicReference<Source> chosen;

        Sender(final AtomicReference<Source> chosen) {
            this.chosen = chosen;
        }

        @Override
        public void channelRead(final ChannelHandlerContext context, final Object message) throws IOException {
            ReferenceCountUtil.release(message);
            context.writeAndFlush(new DefaultFileRegion(FileChannel.open(chosen.get().file()), 0, FILE_BYTES));
        }
    }

    /** Asks for one file after the other. */
    private static final class Receiver extends ChannelInboundHandlerAdapter {

        private ChannelHandlerContext context;
        private CompletableFuture<Void> done;
        private int files;
        private int bytes;

        @Override
        public void handlerAdded(final ChannelHandlerContext added) {
            context = added;
        }

        void start(final int count, final CompletableFuture<Void> whenDone) {
            files = count;
            done = whenDone;
            ask();
        }

        private void ask() {
            bytes = 0;
            context.writeAndFlush(Unpooled.buffer(1).writeByte(1));
        }

        @Override
        public void channelRead(final ChannelHandlerContext from, final Object message) {
            bytes += ((ByteBuf) message).readableBytes();
            ReferenceCountUtil.release(message);
            if (bytes == FILE_BYTES) {
                if (--files > 0) {
                    ask();
                } else {
                    done.complete(null);
                }
            }
        }

        @Override
        public void channelInactive(final ChannelHandlerContext closed) {
            if (done != null) {
                done.completeExceptionally(new IOException("the server closed the connection after " + bytes
                        + " bytes of a file, " + files + " files before the end"));
            }
        }
    }
}
