package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeMode;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A Linux kernel and a node, over a TAP. */
@Timeout(300)
final class TapInteropIT {

    private static final long GIB = 1L << 30;

    private NetworkNamespace namespace;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private static UnaryOperator<NodeConfig.Builder> mode(final NodeMode mode) {
        return builder -> builder.mode(mode);
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldAnswerPing(final NodeMode mode) {
        Requirements.programs("ping");
        try (TapNode node = TapNode.start(namespace, mode(mode))) {
            for (final String address : new String[]{TapNode.NODE, TapNode.NODE6}) {
                for (final String size : new String[]{"0", "56", "1400"}) {
                    final Command.Result ping = namespace.run("ping", "-n", "-c", "20", "-i", "0.02", "-s", size, "-W",
                            "5", address).expectSuccess();
                    assertThat(ping.out()).contains("20 received");
                }
            }
            node.awaitNoOpenFlows();
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldMoveOneGibibyteEachWayUnharmed(final NodeMode mode) {
        try (TapNode node = TapNode.start(namespace, mode(mode))) {
            assertThat(client("echo", TapNode.NODE, "7", Long.toString(GIB), "1")).startsWith("sha256 " + GIB);
            node.awaitNoOpenFlows();
        }
    }

    @Test
    void shouldMoveDataOverIpv6() {
        try (TapNode node = TapNode.start(namespace, mode(NodeMode.INLINE))) {
            assertThat(client("echo", TapNode.NODE6, "7", "100000000", "2")).startsWith("sha256 100000000");
            node.awaitNoOpenFlows();
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldServeTwoHundredConnectionsAtOnce(final NodeMode mode) {
        try (TapNode node = TapNode.start(namespace, b -> b.mode(mode).loops(2))) {
            assertThat(client("parallel", TapNode.NODE, "7", "200", "200000")).startsWith("parallel 200");
            node.awaitNoOpenFlows();
        }
    }

    @Test
    void shouldLeaveNothingBehindAfterTenThousandShortConnections() {
        try (TapNode node = TapNode.start(namespace, mode(NodeMode.INLINE))) {
            assertThat(client("short", TapNode.NODE, "7", "10000")).startsWith("short 10000");
            node.awaitNoOpenFlows();
        }
    }

    @Test
    void shouldDeliverEverythingWhenTheClientClosesItsSideFirst() {
        try (TapNode node = TapNode.start(namespace, mode(NodeMode.INLINE))) {
            assertThat(client("half-close", TapNode.NODE, "7")).startsWith("half-close true");
            node.awaitNoOpenFlows();
        }
    }

    @Test
    void shouldReceiveEverythingAfterItHasClosedItsOwnSide() throws Exception {
        final HalfCloseApplication application = new HalfCloseApplication();
        try (TapNode node = TapNode.start(namespace, mode(NodeMode.INLINE), application)) {
            assertThat(client("send-after-end", TapNode.NODE, Integer.toString(HalfCloseApplication.PORT), "5000000"))
                    .contains(HalfCloseApplication.GREETING.strip());
            assertThat(application.received().get()).isEqualTo(5_000_000);
            node.awaitNoOpenFlows();
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldSurviveAPeerThatIsKilledMidTransfer(final NodeMode mode) throws Exception {
        try (TapNode node = TapNode.start(namespace, mode(mode))) {
            final Command flood = namespace.start("", KernelClient.commandLine("flood", TapNode.NODE, "7"));
            flood.awaitOutput("flooding");
            flood.process().destroyForcibly().waitFor();
            assertThat(client("echo", TapNode.NODE, "7", "1000000", "3")).startsWith("sha256 1000000");
            // A dead peer's kernel resets what is left of its connection.
            node.awaitNoOpenFlows();
        }
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldSurviveATapThatIsTakenAwayUnderLoad(final NodeMode mode) throws Exception {
        try (TapNode node = TapNode.start(namespace, mode(mode))) {
            final Command flood = namespace.start("", KernelClient.commandLine("flood", TapNode.NODE, "9"));
            flood.awaitOutput("flooding");
            namespace.run("ip", "link", "del", node.tap()).expectSuccess();
            flood.process().destroyForcibly().waitFor();
            node.awaitLinkDown();
        }
    }

    private String client(final String... args) {
        return namespace.start("", KernelClient.commandLine(args)).await(240).expectSuccess().out();
    }
}
