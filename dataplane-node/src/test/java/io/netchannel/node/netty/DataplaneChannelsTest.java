package io.netchannel.node.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeWire;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What Netty's suite doesn't ask: several loops, lent buffers, options of the node. */
final class DataplaneChannelsTest {

    private static final String SERVER = "10.89.0.1";
    private static final String CLIENT = "10.89.0.2";

    private DataplaneNode serverNode;
    private DataplaneNode clientNode;
    private DataplaneEventLoopGroup serverGroup;
    private DataplaneEventLoopGroup clientGroup;

    private void open(final int loops) {
        final NodeWire wire = NodeWire.lossless();
        serverNode = DataplaneNode.open(NodeConfig.builder("server").address(SERVER + "/24").loops(loops).build(),
                wire.a());
        clientNode = DataplaneNode.open(NodeConfig.builder("client").address(CLIENT + "/24").loops(loops).build(),
                wire.b());
        serverGroup = new DataplaneEventLoopGroup(serverNode);
        clientGroup = new DataplaneEventLoopGroup(clientNode);
    }

    @AfterEach
    void close() {
        if (clientNode != null) {
            clientNode.close();
            serverNode.close();
        }
    }

    private Channel listen(final Supplier<ChannelInboundHandlerAdapter> handlers) {
        return new ServerBootstrap().group(serverGroup).channel(DataplaneServerSocketChannel.class)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(final Channel channel) {
                        channel.pipeline().addLast(handlers.get());
                    }
                }).bind(new InetSocketAddress(SERVER, 0)).syncUninterruptibly().channel();
    }

    private Channel connect(final Channel server, final ChannelInboundHandlerAdapter handler) {
        return new Bootstrap().group(clientGroup).channel(DataplaneSocketChannel.class).handler(handler)
                .connect(server.localAddress()).syncUninterruptibly().channel();
    }

    @Test
    void shouldServeConnectionsOnTheLoopsOfTheirPackets() {
        open(2);
        final Set<EventLoop> used = ConcurrentHashMap.newKeySet();
        final Channel server = listen(() -> new ChannelInboundHandlerAdapter() {

            @Override
            public void channelRead(final ChannelHandlerContext context, final Object message) {
                used.add(context.channel().eventLoop());
                context.writeAndFlush(message);
            }
        });
        for (int i = 0; i < 32; i++) {
            final CompletableFuture<Byte> answer = new CompletableFuture<>();
            final Channel client = connect(server, new SimpleChannelInboundHandler<ByteBuf>() {

                @Override
                protected void channelRead0(final ChannelHandlerContext context, final ByteBuf message) {
                    answer.complete(message.readByte());
                }
            });
            client.writeAndFlush(Unpooled.buffer(1).writeByte(i));
            assertThat(answer.join()).isEqualTo((byte) i);
            client.close().syncUninterruptibly();
        }
        assertThat(used).hasSize(2);
    }

    /** One behind the other, each from a loop that sleeps until then; twenty times, as a wake-up by chance may come in time once. */
    @Test
    @Timeout(30)
    void shouldWakeForTasksThatAreDue() throws Exception {
        open(1);
        final EventLoop loop = clientGroup.next();
        for (int i = 0; i < 20; i++) {
            assertThat(loop.schedule(() -> true, 3, TimeUnit.MILLISECONDS).get()).isTrue();
        }
    }

    @Test
    void shouldLendReceivedBytesUntilTheyAreReleasedOnAnyThread() throws InterruptedException {
        open(1);
        final byte[] sent = new byte[256 * 1024];
        new Random(7).nextBytes(sent);
        final BlockingQueue<ByteBuf> received = receive(sent);
        final ByteBuf all = Unpooled.buffer(sent.length);
        boolean lent = false;
        while (all.readableBytes() < sent.length) {
            final ByteBuf part = received.take();
            lent |= part instanceof PacketByteBuf;
            all.writeBytes(part);
            part.release();
        }
        assertThat(lent).isTrue();
        assertThat(ByteBufUtil.getBytes(all)).isEqualTo(sent);
    }

    private BlockingQueue<ByteBuf> receive(final byte[] sent) {
        final BlockingQueue<ByteBuf> received = new LinkedBlockingQueue<>();
        final Channel server = listen(() -> new ChannelInboundHandlerAdapter() {

            @Override
            public void channelRead(final ChannelHandlerContext context, final Object message) {
                received.add((ByteBuf) message);
            }
        });
        connect(server, new ChannelInboundHandlerAdapter()).writeAndFlush(Unpooled.wrappedBuffer(sent));
        return received;
    }

    @Test
    void shouldCopyWhenTooMuchIsKeptAndSayAtTheEndWhatWasNotReleased() throws InterruptedException {
        open(1);
        final byte[] sent = new byte[16 << 20];
        final BlockingQueue<ByteBuf> received = receive(sent);
        final List<ByteBuf> kept = new ArrayList<>();
        int bytes = 0;
        while (bytes < sent.length) {
            kept.add(received.take());
            bytes += kept.getLast().readableBytes();
        }
        assertThat(kept).anyMatch(PacketByteBuf.class::isInstance).anyMatch(part -> !(part instanceof PacketByteBuf));
        assertThatThrownBy(serverNode::close).isInstanceOf(IllegalStateException.class)
                .hasStackTraceContaining("release() each ByteBuf");
        // Its memory is still there.
        kept.forEach(part -> assertThat(part.getByte(part.readableBytes() - 1)).isZero());
        kept.forEach(ByteBuf::release);
    }

    /** The steps of Netty's DatagramMulticastTest, which asks the kernel for an interface. */
    @Test
    @Timeout(30)
    void shouldReceiveDatagramsOfAGroupFromJoiningToLeaving() throws InterruptedException {
        open(1);
        final InetSocketAddress group = new InetSocketAddress("239.1.2.3", 4000);
        final BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
        final DatagramChannel member = datagrams(serverGroup, 4000, received);
        final DatagramChannel sender = datagrams(clientGroup, 0, new LinkedBlockingQueue<>());
        member.joinGroup(group, null).syncUninterruptibly();
        send(sender, group, 1);
        assertThat(received.take()).isEqualTo(1);
        member.leaveGroup(group, null).syncUninterruptibly();
        send(sender, group, 2);
        // Behind the other on the same path.
        send(sender, new InetSocketAddress(SERVER, 4000), 3);
        assertThat(received.take()).isEqualTo(3);
    }

    private static DatagramChannel datagrams(final DataplaneEventLoopGroup group, final int port,
            final BlockingQueue<Integer> received) {
        return (DatagramChannel) new Bootstrap().group(group).channel(DataplaneDatagramChannel.class)
                .handler(new SimpleChannelInboundHandler<DatagramPacket>() {

                    @Override
                    protected void channelRead0(final ChannelHandlerContext context, final DatagramPacket message) {
                        received.add(message.content().readInt());
                    }
                }).bind(new InetSocketAddress(port)).syncUninterruptibly().channel();
    }

    private static void send(final DatagramChannel from, final InetSocketAddress to, final int number) {
        from.writeAndFlush(new DatagramPacket(Unpooled.copyInt(number), to)).syncUninterruptibly();
    }

    @Test
    void shouldTellConnectedDatagramChannelThatNobodyListens() {
        open(1);
        for (int round = 0; round < 3; round++) {
            final CompletableFuture<Throwable> caught = new CompletableFuture<>();
            final Channel channel = new Bootstrap().group(serverGroup).channel(DataplaneDatagramChannel.class)
                    .handler(new ChannelInboundHandlerAdapter() {

                        @Override
                        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
                            caught.complete(cause);
                        }
                    }).connect("127.0.0.1", 9).syncUninterruptibly().channel();
            channel.writeAndFlush(Unpooled.buffer(1).writeByte(1)).syncUninterruptibly();
            assertThat(caught.orTimeout(5, java.util.concurrent.TimeUnit.SECONDS)
                    .exceptionally(late -> new IllegalStateException(
                            serverNode.counters().entrySet().stream().filter(c -> c.getValue() != 0).toList()
                                    .toString()))
                    .join())
                    .isInstanceOf(PortUnreachableException.class);
            channel.close().syncUninterruptibly();
        }
    }

    @Test
    @Timeout(30)
    void shouldKnowOfAnEndThatIsNotToldYet() throws Exception {
        open(1);
        final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        final List<DataplaneSocketChannel> accepted = new ArrayList<>();
        final Channel server = listen(() -> new ChannelInboundHandlerAdapter() {

            @Override
            public void channelActive(final ChannelHandlerContext context) {
                accepted.add((DataplaneSocketChannel) context.channel());
            }

            @Override
            public void channelRead(final ChannelHandlerContext context, final Object message) {
                ReferenceCountUtil.release(message);
                told.add(String.valueOf(accepted.getFirst().state()));
            }
        });
        final DuplexChannel idle = (DuplexChannel) connect(server, new ChannelInboundHandlerAdapter());
        final Channel asking = connect(server, new ChannelInboundHandlerAdapter());
        // Both have been accepted.
        asking.writeAndFlush(Unpooled.buffer(1).writeByte(1));
        idle.writeAndFlush(Unpooled.buffer(1).writeByte(1));
        assertThat(List.of(told.take(), told.take())).containsOnly("ESTABLISHED");
        final CountDownLatch sent = new CountDownLatch(1);
        final CountDownLatch busy = new CountDownLatch(1);
        serverGroup.next().execute(() -> {
            busy.countDown();
            awaitUninterruptibly(sent);
        });
        busy.await();
        // Each in a turn of the loop of its own: on the wire in this order, when the next one has begun.
        idle.shutdownOutput().syncUninterruptibly();
        clientGroup.next().submit(() -> {
        }).syncUninterruptibly();
        asking.writeAndFlush(Unpooled.buffer(1).writeByte(1)).syncUninterruptibly();
        clientGroup.next().schedule(sent::countDown, 1, TimeUnit.MILLISECONDS);
        assertThat(told.take()).isEqualTo("CLOSE_WAIT");
    }

    private static void awaitUninterruptibly(final CountDownLatch latch) {
        try {
            latch.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldRefuseWhatItCannotDoByNameValueAndWhatToDo() {
        open(1);
        final Channel server = listen(ChannelInboundHandlerAdapter::new);
        assertThatThrownBy(() -> server.config().setOption(ChannelOption.SO_TIMEOUT, 5))
                .hasMessage("SO_TIMEOUT=5 is not supported: reads don't block; use ReadTimeoutHandler");
        assertThatThrownBy(() -> new ServerBootstrap().group(serverGroup).channel(DataplaneServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter()).bind(server.localAddress()).syncUninterruptibly())
                .isInstanceOf(BindException.class).hasMessageContaining("Address already in use");
        assertThatThrownBy(() -> new MultiThreadIoEventLoopGroup(1, DataplaneIoHandler.newFactory(serverNode)))
                .hasMessageContaining("start needs it OPEN");
    }
}
