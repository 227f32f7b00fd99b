package io.netchannel.node.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketSpdyEchoTest;
import io.netty.testsuite.transport.socket.SocketSslClientRenegotiateTest;
import io.netty.testsuite.transport.socket.SocketSslEchoTest;
import io.netty.testsuite.transport.socket.SocketSslGreetingTest;
import io.netty.testsuite.transport.socket.SocketSslSessionReuseTest;
import io.netty.testsuite.transport.socket.SocketStartTlsTest;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Netty's own tests of TLS, and of a codec, over stream transports. */
@ExtendWith(SuiteNodes.class)
final class TlsSuiteTest {

    @Nested
    class SocketSslEcho extends SocketSslEchoTest {

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
    class SocketSslGreeting extends SocketSslGreetingTest {

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
    class SocketSslClientRenegotiate extends SocketSslClientRenegotiateTest {

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
    class SocketSslSessionReuse extends SocketSslSessionReuseTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }

        /** Not applicable: needs OpenSSL's classes. */
        @Override
        public void testSslSessionTrustManagerResumption(final SslContextBuilder server, final SslContextBuilder client,
                final TestInfo testInfo) {
            // No test.
        }
    }

    @Nested
    class SocketStartTls extends SocketStartTlsTest {

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
    class SocketSpdyEcho extends SocketSpdyEchoTest {

        @Override
        protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.both();
        }

        @Override
        protected SocketAddress newSocketAddress() {
            return SuiteNodes.address();
        }
    }
}
