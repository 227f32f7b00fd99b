package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams that are larger than the link, from Linux and back. */
@Timeout(60)
final class FragmentIT {

    private NetworkNamespace namespace;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        Requirements.programs("socat", "ping");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TapNode.NODE, TapNode.NODE6})
    void shouldAnswerEchoesInFragments(final String address) {
        try (TapNode node = TapNode.start(namespace, builder -> builder.loops(2))) {
            namespace.run("ping", "-c", "5", "-i", "0.1", "-W", "5", "-s", "8000", address).expectSuccess();
            final boolean ipv6 = address.contains(":");
            assertThat(node.node().counters().get(ipv6 ? "Ip6.ReasmOKs" : "Ip.ReasmOKs")).isGreaterThanOrEqualTo(5);
            assertThat(node.node().counters().get(ipv6 ? "Ip6.FragOKs" : "Ip.FragOKs")).isGreaterThanOrEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UDP4:" + TapNode.NODE, "UDP6:[" + TapNode.NODE6 + "]"})
    void shouldEchoLargeDatagrams(final String address) {
        final String datagram = "0123456789abcdef".repeat(1250);
        try (TapNode _ = TapNode.start(namespace, builder -> builder.loops(2))) {
            // Ports enough to come to both loops.
            for (int port = 40_000; port < 40_006; port++) {
                assertThat(namespace.start(datagram, "socat", "-b", "65000", "-t1", "-",
                        address + ":7,sourceport=" + port).await(20).expectSuccess().out()).isEqualTo(datagram);
            }
        }
    }
}
