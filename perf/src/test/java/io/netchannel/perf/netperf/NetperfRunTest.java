package io.netchannel.perf.netperf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.netchannel.perf.netperf.host.HostPair;
import io.netchannel.perf.netperf.host.PathName;
import io.netchannel.perf.netperf.host.PathSettings;
import io.netchannel.perf.netperf.host.PathUnavailableException;
import io.netchannel.perf.netperf.role.Latencies;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpSetting;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rounds, paths that fail, and figures made of measurements. */
@Timeout(60)
final class NetperfRunTest {

    private static final TestCase STREAM = new TestCase(NetperfTest.TCP_STREAM, 1024, 1, 1, 0, 0, 1, 0, 1, false);
    private static final long MILLISECOND_NS = 1_000_000L;

    private final List<String> order = new ArrayList<>();

    private static Measurement measurement(final long bytes) {
        return new Measurement(new ResourceUse(MILLISECOND_NS, 4000, 1000, 2000, 0, 0, 100, 0, 0), bytes, bytes,
                bytes / 1024, bytes / 1024, Latencies.newHistogram(1));
    }

    private NetperfPath path(final String name, final long... bytesOfRound) {
        return new NetperfPath() {

            private int round;

            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean supports(final TestCase testCase) {
                return true;
            }

            @Override
            public Measurement run(final TestCase testCase, final long durationNs) {
                order.add(name);
                if (round == bytesOfRound.length) {
                    throw new NetperfException("the peer died", null);
                }
                return measurement(bytesOfRound[round++]);
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    @Test
    void shouldInterleavePathsAndTakeTheMedianOfTheCountedRounds() {
        final NetperfRun run = new NetperfRun(List.of(STREAM), 3, 1, 1);
        final List<NetperfResult> results = run.execute(List.of(path("inline", 1, 1024, 3072, 2048),
                path("nio", 1, 1024, 1024, 1024)), text -> {
                });
        assertThat(order).containsExactly("inline", "nio", "inline", "nio", "inline", "nio", "inline", "nio");
        assertThat(results.getFirst().rate()).isEqualTo(2048 * 8.0 / MILLISECOND_NS);
        assertThat(results.getFirst().lowestRate()).isEqualTo(1024 * 8.0 / MILLISECOND_NS);
        assertThat(results.getFirst().clientCpuMicros()).isEqualTo(0.5);
        assertThat(results.getFirst().doubts()).anyMatch(doubt -> doubt.startsWith("noisy"));
        assertThat(results.getLast().doubts()).isEmpty();
    }

    @Test
    void shouldKeepAndMarkWhatAPathHasDoneBeforeItFailed() {
        final NetperfRun run = new NetperfRun(List.of(STREAM), 3, 1, 1);
        final List<String> progress = new ArrayList<>();
        final List<NetperfResult> results = run.execute(List.of(path("inline", 1, 1024, 2048),
                path("nio", 1, 1024, 1024, 1024)), progress::add);
        assertThat(results.getFirst().measurements()).hasSize(2);
        assertThat(results.getFirst().failure()).isEqualTo("TCP_STREAM: the peer died");
        assertThat(results.getLast().measurements()).hasSize(3);
        assertThat(results.getLast().failure()).isNull();
        assertThat(progress).anyMatch(line -> line.contains("inline failed in TCP_STREAM: the peer died"));

        final NetperfReport report = new NetperfReport(run, results, List.of("veth: needs root"),
                "./netchannel netperf");
        final StringWriter out = new StringWriter();
        report.print(new PrintWriter(out));
        assertThat(out.toString()).contains("! inline failed: TCP_STREAM: the peer died", "skipped: veth: needs root");
        final JsonNode json = NetperfJson.document(report);
        assertThat(json.get("complete").asBoolean()).isFalse();
        assertThat(json.get("results").get(0).get("failure").asText()).contains("the peer died");
    }

    @Test
    void shouldSayThatAMachineWasBusyWithOthers() {
        final Measurement starved = new Measurement(new ResourceUse(MILLISECOND_NS, 1, 1, 1, 0, 0, 0,
                64 * MILLISECOND_NS, 64 * MILLISECOND_NS), 1, 1, 1, 1, Latencies.newHistogram(1));
        assertThat(new NetperfResult(STREAM, "nio", List.of(starved), null, null).doubts())
                .anyMatch(doubt -> doubt.contains("other processes")).anyMatch(doubt -> doubt.contains("stolen"));
    }

    @ParameterizedTest
    @EnumSource(value = PathName.class, names = {"INLINE", "CHANNEL", "CONVENTIONAL", "NIO", "NETTY_NIO",
        "NETCHANNEL_NETTY"})
    void shouldKeepIdleConnectionsBesideTheBusyOnes(final PathName name) {
        final TestCase test = new TestCase(NetperfTest.TCP_RR, 1, 1, 1, 0, 0, 2, 300, 1, true);
        final TcpConfig soon = TcpConfig.defaults().with(TcpSetting.REST_NS, 100 * MILLISECOND_NS);
        try (HostPath path = HostPath.open(name, new PathSettings(1, 2, 300, soon, true))) {
            assertThat(path.supports(test)).isTrue();
            assertThat(path.supports(STREAM)).isFalse();
            assertThat(path.idleMemory().heapBytes()).isPositive();
            final Measurement measured = path.run(test, 10 * MILLISECOND_NS);
            assertThat(measured.operations()).isPositive();
        }
    }

    @Test
    void shouldSayByNameWhatAPathLacksForSoManyConnections() {
        assertThatThrownBy(() -> PathName.CONVENTIONAL
                .open(new PathSettings(1, 1, TestCase.MAX_IDLE, TcpConfig.defaults(), false)))
                .isInstanceOf(PathUnavailableException.class)
                .hasMessageContaining("a thread for each end: 200002 > MAX=8192");
    }

    /** The server's host goes in the middle of a test. */
    @ParameterizedTest
    @EnumSource(value = PathName.class, names = {"INLINE", "CHANNEL", "CONVENTIONAL", "NIO", "NETTY_NIO",
        "NETCHANNEL_NETTY"})
    void shouldReportAPeerThatDies(final PathName name) {
        try (HostPair hosts = name.open(new PathSettings(1, 1, 0, TcpConfig.defaults(), false))) {
            final NetperfPath path = new HostPath(name.label(), 1, hosts, null);
            final CompletableFuture<Void> death = CompletableFuture.runAsync(hosts.server()::close,
                    CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
            assertThatThrownBy(() -> path.run(STREAM, TimeUnit.SECONDS.toNanos(30)))
                    .isInstanceOf(NetperfException.class);
            death.join();
        }
    }
}
