package io.netchannel.node.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.AbstractSocketShutdownOutputByPeerTest;
import io.netty.testsuite.transport.socket.CompositeBufferGatheringWriteTest;
import io.netty.testsuite.transport.socket.SocketAddressesTest;
import io.netty.testsuite.transport.socket.SocketAutoReadTest;
import io.netty.testsuite.transport.socket.SocketBufReleaseTest;
import io.netty.testsuite.transport.socket.SocketCancelWriteTest;
import io.netty.testsuite.transport.socket.SocketChannelNotYetConnectedTest;
import io.netty.testsuite.transport.socket.SocketCloseForciblyTest;
import io.netty.testsuite.transport.socket.SocketConditionalWritabilityTest;
import io.netty.testsuite.transport.socket.SocketConnectTest;
import io.netty.testsuite.transport.socket.SocketConnectionAttemptTest;
import io.netty.testsuite.transport.socket.SocketDataReadInitialStateTest;
import io.netty.testsuite.transport.socket.SocketEchoTest;
import io.netty.testsuite.transport.socket.SocketExceptionHandlingTest;
import io.netty.testsuite.transport.socket.SocketFileRegionTest;
import io.netty.testsuite.transport.socket.SocketFixedLengthEchoTest;
import io.netty.testsuite.transport.socket.SocketGatheringWriteTest;
import io.netty.testsuite.transport.socket.SocketHalfClosedTest;
import io.netty.testsuite.transport.socket.SocketMultipleConnectTest;
import io.netty.testsuite.transport.socket.SocketObjectEchoTest;
import io.netty.testsuite.transport.socket.SocketReadPendingTest;
import io.netty.testsuite.transport.socket.SocketRstTest;
import io.netty.testsuite.transport.socket.SocketStringEchoTest;
import io.netty.testsuite.transport.socket.WriteBeforeRegisteredTest;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Netty's own tests of stream transports. */
@ExtendWith(SuiteNodes.class)
final class StreamSuiteTest {

    @Nested
    class SocketEcho extends SocketEchoTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketFixedLengthEcho extends SocketFixedLengthEchoTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketStringEcho extends SocketStringEchoTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketObjectEcho extends SocketObjectEchoTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketGatheringWrite extends SocketGatheringWriteTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class CompositeBufferGatheringWrite extends CompositeBufferGatheringWriteTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketFileRegion extends SocketFileRegionTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketHalfClosed extends SocketHalfClosedTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }

        /** Not applicable: a handler blocks its event loop until the peer has answered, and TCP runs on that thread. */
        @Override
        public void testAutoCloseFalseDoesShutdownOutput(final TestInfo testInfo) {
            // No test.
        }
    }

    @Nested
    class SocketAutoRead extends SocketAutoReadTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketReadPending extends SocketReadPendingTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketDataReadInitialState extends SocketDataReadInitialStateTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketConnect extends SocketConnectTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketMultipleConnect extends SocketMultipleConnectTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.loopback();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketCloseForcibly extends SocketCloseForciblyTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketRst extends SocketRstTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketExceptionHandling extends SocketExceptionHandlingTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketConditionalWritability extends SocketConditionalWritabilityTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketCancelWrite extends SocketCancelWriteTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketBufRelease extends SocketBufReleaseTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class Addresses extends SocketAddressesTest {

        @Override
        protected void assertAddress(final SocketAddress address) {
            assertThat(((InetSocketAddress) address).getPort()).isPositive();
            assertThat(((InetSocketAddress) address).getAddress().isAnyLocalAddress()).isFalse();
        }

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.loopback();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketConnectionAttempt extends SocketConnectionAttemptTest {

        @Override
        protected List<BootstrapFactory<Bootstrap>> newFactories() {
            return SuiteNodes.clients();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    @Nested
    class SocketChannelNotYetConnected extends SocketChannelNotYetConnectedTest {

        @Override
        protected List<BootstrapFactory<Bootstrap>> newFactories() {
            return SuiteNodes.clients();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }

        /** Not applicable: its server is the kernel's. */
        @Override
        public void readMustBePendingUntilChannelIsActive(final TestInfo testInfo) {
            // No test.
        }
    }

    @Nested
    class WriteBeforeRegistered extends WriteBeforeRegisteredTest {

        @Override
        protected List<BootstrapFactory<Bootstrap>> newFactories() {
            return SuiteNodes.clients();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }

    /** The peer's blocking socket is a channel here. */
    @Nested
    class SocketShutdownOutputByPeer extends AbstractSocketShutdownOutputByPeerTest<AtomicReference<SocketChannel>> {

        @Override
        protected List<BootstrapFactory<ServerBootstrap>> newFactories() {
            return SuiteNodes.servers();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }

        @Override
        protected AtomicReference<SocketChannel> newSocket() {
            return new AtomicReference<>();
        }

        @Override
        protected void connect(final AtomicReference<SocketChannel> socket, final SocketAddress to) {
            socket.set((SocketChannel) SuiteNodes.clientOfLast().handler(new ChannelInboundHandlerAdapter()).connect(to)
                    .syncUninterruptibly().channel());
        }

        @Override
        protected void write(final AtomicReference<SocketChannel> socket, final int data) {
            socket.get().writeAndFlush(Unpooled.buffer(1).writeByte(data)).syncUninterruptibly();
        }

        @Override
        protected void shutdownOutput(final AtomicReference<SocketChannel> socket) {
            socket.get().shutdownOutput().syncUninterruptibly();
        }

        @Override
        protected void close(final AtomicReference<SocketChannel> socket) {
            socket.get().close().syncUninterruptibly();
        }
    }
}
