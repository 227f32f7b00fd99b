package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.node.NodeMode;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import io.netchannel.virtio.device.ImpairmentConfig;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** TCP with each feature on and off, at either end, against Linux over a path that loses, reorders and duplicates. */
@Timeout(300)
final class TcpFeatureIT {

    private static final String BYTES = "4000000";

    private NetworkNamespace namespace;

    /** What is set at our end and at Linux's, and a counter of ours that shows that it made a difference. */
    private record Feature(String name, TcpConfig ours, List<String> linux) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final TcpConfig DEFAULTS = TcpConfig.defaults();

    static final List<Feature> FEATURES = List.of(
            new Feature("defaults", DEFAULTS, List.of()),
            new Feature("SACK off here", DEFAULTS.with(TcpSetting.SACK, false), List.of()),
            new Feature("SACK off there", DEFAULTS, List.of("net.ipv4.tcp_sack=0")),
            new Feature("DSACK off", DEFAULTS.with(TcpSetting.DSACK, false), List.of("net.ipv4.tcp_dsack=0")),
            new Feature("RACK off", DEFAULTS.with(TcpSetting.RACK, false), List.of("net.ipv4.tcp_recovery=0")),
            new Feature("F-RTO and TLP off", DEFAULTS.with(TcpSetting.FRTO, false)
                    .with(TcpSetting.TAIL_LOSS_PROBE, false), List.of("net.ipv4.tcp_frto=0")),
            new Feature("timestamps off here", DEFAULTS.with(TcpSetting.TIMESTAMPS, false), List.of()),
            new Feature("timestamps off there", DEFAULTS, List.of("net.ipv4.tcp_timestamps=0")),
            new Feature("window scaling off here", DEFAULTS.with(TcpSetting.WINDOW_SCALING, false), List.of()),
            new Feature("window scaling off there", DEFAULTS, List.of("net.ipv4.tcp_window_scaling=0")),
            new Feature("nothing but the core", DEFAULTS.with(TcpSetting.SACK, false)
                    .with(TcpSetting.TIMESTAMPS, false).with(TcpSetting.WINDOW_SCALING, false), List.of()),
            new Feature("ECN", DEFAULTS.with(TcpSetting.ECN, 1), List.of("net.ipv4.tcp_ecn=1")),
            new Feature("ECN off there", DEFAULTS.with(TcpSetting.ECN, 1), List.of("net.ipv4.tcp_ecn=0")),
            new Feature("pacing", DEFAULTS.with(TcpSetting.PACING, true), List.of()),
            new Feature("reno", DEFAULTS.withCongestionControl(CongestionAlgorithm.NEW_RENO),
                    List.of("net.ipv4.tcp_congestion_control=reno")),
            new Feature("path MTU probing", DEFAULTS.with(TcpSetting.MTU_PROBING, 2),
                    List.of("net.ipv4.tcp_mtu_probing=2")),
            new Feature("small buffers", DEFAULTS.with(TcpSetting.SEND_BUFFER_BYTES, 1 << 14)
                    .with(TcpSetting.RECEIVE_BUFFER_BYTES, 1 << 14).with(TcpSetting.BUFFER_AUTOTUNING, false),
                    List.of("net.ipv4.tcp_rmem=4096 8192 16384")),
            new Feature("SYN cookies", DEFAULTS.with(TcpSetting.SYN_COOKIES, 2), List.of()));

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

    private static ImpairmentConfig badPath(final long seed) {
        return ImpairmentConfig.none(seed).withLoss(0.01).withReorder(0.01, 2_000_000).withDuplicate(0.01)
                .withCorrupt(0.002).withDelay(500_000, 200_000).withRate(1_000_000_000).withEcnMark(1_000_000);
    }

    @ParameterizedTest
    @FieldSource("FEATURES")
    void shouldMoveEveryByteOverABadPath(final Feature feature) {
        for (final String setting : feature.linux()) {
            namespace.run("sysctl", "-q", "-w", setting).expectSuccess();
        }
        try (ImpairedTapNode node = ImpairedTapNode.start(namespace, badPath(feature.name().hashCode()),
                b -> b.tcp(feature.ours()))) {
            assertThat(client("echo", ImpairedTapNode.NODE, "7", BYTES, "1")).startsWith("sha256 " + BYTES);
            assertThat(client("echo", ImpairedTapNode.NODE6, "7", BYTES, "2")).startsWith("sha256 " + BYTES);
            node.awaitNoOpenFlows();
        }
    }

    static Stream<NodeMode> modes() {
        return Stream.of(NodeMode.values());
    }

    @ParameterizedTest
    @MethodSource("modes")
    void shouldServeManyConnectionsOverABadPath(final NodeMode mode) {
        try (ImpairedTapNode node = ImpairedTapNode.start(namespace, badPath(7), b -> b.mode(mode).loops(2))) {
            assertThat(client("parallel", ImpairedTapNode.NODE, "7", "50", "100000")).startsWith("parallel 50");
            node.awaitNoOpenFlows();
        }
    }

    private String client(final String... args) {
        return namespace.start("", KernelClient.commandLine(args)).await(240).expectSuccess().out();
    }
}
