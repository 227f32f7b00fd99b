package io.netchannel.node.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.DatagramConnectNotExistsTest;
import io.netty.testsuite.transport.socket.DatagramConnectedWriteExceptionTest;
import io.netty.testsuite.transport.socket.DatagramUnicastIPv6Test;
import io.netty.testsuite.transport.socket.DatagramUnicastInetTest;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Netty's own tests of datagram transports. */
@ExtendWith(SuiteNodes.class)
final class DatagramSuiteTest {

    @Nested
    class DatagramUnicastInet extends DatagramUnicastInetTest {

        @Override
        protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.datagramPairs();
        }

        /** Not applicable: its client is the kernel's socket. */
        @Override
        public void testReceiveEmptyDatagrams(final TestInfo testInfo) {
            // No test.
        }
    }

    @Nested
    class DatagramUnicastIPv6 extends DatagramUnicastIPv6Test {

        @Override
        protected List<BootstrapComboFactory<Bootstrap, Bootstrap>> newFactories() {
            return SuiteNodes.datagramPairs();
        }

        /** Not applicable: its client is the kernel's socket. */
        @Override
        public void testReceiveEmptyDatagrams(final TestInfo testInfo) {
            // No test.
        }
    }

    @Nested
    class DatagramConnectNotExists extends DatagramConnectNotExistsTest {

        @Override
        protected List<BootstrapFactory<Bootstrap>> newFactories() {
            return SuiteNodes.datagrams();
        }
    }

    @Nested
    class DatagramConnectedWriteException extends DatagramConnectedWriteExceptionTest {

        @Override
        protected List<BootstrapFactory<Bootstrap>> newFactories() {
            return SuiteNodes.datagrams();
        }
    }
}
