package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.node.Application;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.udp.UdpHandler;
import io.netchannel.tcpip.udp.UdpSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many datagrams at once, from Linux to a node and back, uncut on the TAP (Linux 6.2 or later). */
@Timeout(60)
final class UdpOffloadIT {

    private static final int PORT = 5_009;
    private static final int DATAGRAM_BYTES = 1_000;
    private static final String TEXT = "0123456789abcde".repeat(700);

    private NetworkNamespace namespace;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        Requirements.programs("socat");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    /** Sends back as one what came as one. */
    private static final class Mirror implements Application, UdpHandler {

        private final List<String> arrivals = new CopyOnWriteArrayList<>();

        @Override
        public String name() {
            return "mirror";
        }

        @Override
        public void start(final LoopContext loop) {
            loop.stack().udp().bind(0, 0, PORT, this).coalescing(true);
        }

        @Override
        public void onDatagram(final UdpSocket socket, final long remoteHigh, final long remoteLow,
                final int remotePort, final long address, final int lengthBytes) {
            arrivals.add("one of " + lengthBytes);
        }

        @Override
        public void onCoalesced(final UdpSocket socket, final long remoteHigh, final long remoteLow,
                final int remotePort, final long address, final int lengthBytes, final int segmentBytes) {
            arrivals.add(lengthBytes + " in datagrams of " + segmentBytes);
            socket.sendSegmented(remoteHigh, remoteLow, remotePort, address, lengthBytes, segmentBytes);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP4:" + TapNode.NODE, "UDP6:[" + TapNode.NODE6 + "]"})
    void shouldExchangeSuperFramesWithLinux(final String address) {
        final Mirror mirror = new Mirror();
        try (TapNode node = TapNode.start(namespace, builder -> builder, mirror)) {
            // SOL_UDP, UDP_SEGMENT: what is written at once becomes datagrams of so many bytes.
            final Command.Result client = namespace.start(TEXT, "socat", "-v", "-b", "65000", "-t", "1", "-",
                    address + ":" + PORT + ",setsockopt-int=17:103:" + DATAGRAM_BYTES).await(30).expectSuccess();
            assertThat(mirror.arrivals).containsExactly(TEXT.length() + " in datagrams of " + DATAGRAM_BYTES);
            assertThat(client.out()).isEqualTo(TEXT);
            assertThat(client.err().split("length=1000 ", -1)).as("datagrams of 1000 bytes, and one").hasSize(11);
            assertThat(client.err()).contains("length=500 ");
            assertThat(node.node().isLinkUp()).isTrue();
        }
    }
}
