package io.netchannel.tcpip.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.tcpip.tcp.TestNet.Impairment;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;
import io.netchannel.tcpip.tcp.congestion.CongestionControl;
import io.netchannel.tcpip.tcp.congestion.CongestionEvent;
import io.netchannel.tcpip.tcp.congestion.CongestionWindow;
import io.netchannel.tcpip.tcp.congestion.RateSample;
import io.netchannel.tcpip.tcp.recovery.Acknowledgment;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections with nothing to do are remembered by little, come back as they were, and nobody can tell. */
class RestTest {

    private static final int PORT = 80;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final byte[] REQUEST = "what do you hold?".getBytes(StandardCharsets.US_ASCII);

    /** Sends back what comes. */
    private static final class Echo extends RecordingHandler {
        @Override
        public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
            return from.write(address, lengthBytes);
        }
    }

    private static TestNet net(final long seed, final TcpConfig config) {
        return new TestNet(seed, TestHost.Setup.plain(), config, TestHost.Setup.plain(), config, false);
    }

    private static RecordingHandler connect(final TestNet net) {
        final RecordingHandler client = new RecordingHandler();
        client.flow = net.a.stack.connect(net.b.addressHigh, net.b.addressLow, PORT, client);
        return client;
    }

    private static void exchange(final TestNet net, final RecordingHandler client) {
        client.received.reset();
        assertThat(client.flow.write(REQUEST, 0, REQUEST.length)).isEqualTo(REQUEST.length);
        net.run(SECOND_NS / 2);
        assertThat(client.received.toByteArray()).isEqualTo(REQUEST);
    }

    private static long resting(final TestHost host) {
        long count = 0;
        for (int slot = 0; slot < host.stack.flows().slots(); slot++) {
            count += host.stack.flows().at(slot) instanceof RestingConnection ? 1 : 0;
        }
        return count;
    }

    @Test
    void shouldRestAfterAWhileAndWakeUpWithTheNextWriteOrSegment() {
        try (TestNet net = net(1, TcpConfig.defaults())) {
            net.b.stack.listen(0, 0, PORT, 8, flow -> new Echo());
            final RecordingHandler client = connect(net);
            net.run(SECOND_NS / 10);
            exchange(net, client);
            assertThat(resting(net.a) + resting(net.b)).as("too early").isZero();
            net.run(10 * SECOND_NS);
            assertThat(resting(net.a) + resting(net.b)).isEqualTo(2);
            assertThat(client.flow.isOpen()).isTrue();
            assertThat(client.flow.state()).isEqualTo(TcpState.ESTABLISHED);
            assertThat(client.flow.remotePort()).isEqualTo(PORT);
            final TcpInfo info = new TcpInfo();
            client.flow.info(info);
            assertThat(info.get(TcpInfo.Field.BYTES_ACKED)).isGreaterThanOrEqualTo(REQUEST.length);
            final List<String> states = new ArrayList<>();
            net.b.stack.describe(entry -> states.add(entry.state()));
            assertThat(states).containsExactlyInAnyOrder("LISTEN", "ESTAB");
            assertThat(resting(net.a) + resting(net.b)).as("a look wakes nobody").isEqualTo(2);

            exchange(net, client);
            assertThat(resting(net.a) + resting(net.b)).isZero();
            net.run(10 * SECOND_NS);
            assertThat(resting(net.a) + resting(net.b)).isEqualTo(2);
            client.flow.close();
            net.run(10 * SECOND_NS);
            assertThat(client.reason).isEqualTo(TcpCloseReason.FINISHED);
            net.closeAndCheck();
        }
    }

    @Test
    void shouldStayAwakeForAWhileIfOnlyLookedAt() {
        try (TestNet net = net(6, TcpConfig.defaults())) {
            net.b.stack.listen(0, 0, PORT, 8, flow -> new Echo());
            final RecordingHandler client = connect(net);
            net.run(10 * SECOND_NS);
            assertThat(resting(net.a)).isEqualTo(1);
            assertThat(client.flow.writableBytes()).isPositive();
            net.a.turn(net.nowNs);
            assertThat(resting(net.a)).as("or each look would cost as much").isZero();
            assertThat(net.a.stack.hasWork()).isFalse();
            net.run(10 * SECOND_NS);
            assertThat(resting(net.a)).isEqualTo(1);
            net.closeAndCheck();
        }
    }

    @Test
    void shouldNotRestIfToldNot() {
        try (TestNet net = net(2, TcpConfig.defaults().with(TcpSetting.REST_NS, 0))) {
            net.b.stack.listen(0, 0, PORT, 8, flow -> new Echo());
            final RecordingHandler client = connect(net);
            net.run(SECOND_NS);
            exchange(net, client);
            net.run(100 * SECOND_NS);
            assertThat(resting(net.a) + resting(net.b)).isZero();
            net.closeAndCheck();
        }
    }

    @Test
    void shouldNotRestWhileTheApplicationIsOwedSomething() {
        try (TestNet net = net(3, TcpConfig.defaults())) {
            final RecordingHandler server = new RecordingHandler();
            server.appetite = 3;
            net.b.stack.listen(0, 0, PORT, 8, flow -> server);
            final RecordingHandler client = connect(net);
            net.run(SECOND_NS);
            client.flow.write(REQUEST, 0, REQUEST.length);
            net.run(10 * SECOND_NS);
            assertThat(resting(net.b)).as("unread data").isZero();
            assertThat(resting(net.a)).isEqualTo(1);
            server.appetite = Integer.MAX_VALUE;
            server.flow.resumeReceive();
            net.b.turn(net.nowNs);
            net.run(10 * SECOND_NS);
            assertThat(server.received.toByteArray()).isEqualTo(REQUEST);
            assertThat(resting(net.b)).isEqualTo(1);
            net.closeAndCheck();
        }
    }

    @Test
    void shouldNotRestWhileTheApplicationHoldsABufferToWriteTo() {
        try (TestNet net = net(8, TcpConfig.defaults())) {
            net.b.stack.listen(0, 0, PORT, 8, flow -> new Echo());
            final RecordingHandler client = connect(net);
            net.run(SECOND_NS);
            assertThat(client.flow.contiguousWritableBytes()).isGreaterThan(REQUEST.length);
            final long address = client.flow.writeAddress();
            net.run(10 * SECOND_NS);
            HostMemory.INSTANCE.copyFromArray(REQUEST, 0, address, REQUEST.length);
            client.flow.commitWrite(REQUEST.length);
            net.run(SECOND_NS);
            assertThat(client.received.toByteArray()).isEqualTo(REQUEST);
            net.closeAndCheck();
        }
    }

    @Test
    void shouldSendKeepAlivesAndNoticeADeadPeerAllTheSame() {
        final TcpConfig config = TcpConfig.defaults().with(TcpSetting.KEEP_ALIVE_IDLE_NS, 60 * SECOND_NS)
                .with(TcpSetting.KEEP_ALIVE_INTERVAL_NS, 10 * SECOND_NS).with(TcpSetting.KEEP_ALIVE_PROBES, 3);
        try (TestNet net = net(4, config)) {
            net.b.stack.listen(0, 0, PORT, 8, flow -> new Echo());
            final RecordingHandler client = connect(net);
            client.flow.keepAlive(true);
            net.run(30 * SECOND_NS);
            assertThat(resting(net.a)).isEqualTo(1);
            net.run(600 * SECOND_NS);
            assertThat(net.a.stack.counters().get(TcpCounter.KEEPALIVES)).isBetween(8L, 10L);
            assertThat(client.flow.isOpen()).isTrue();
            net.impairment = new Impairment(1000, 0, 0, 0, 1000, 0);
            net.run(200 * SECOND_NS);
            assertThat(client.reason).isEqualTo(TcpCloseReason.TIMED_OUT);
            net.a.stack.close();
        }
    }

    @Test
    void shouldResetThePeersOfThoseAtRestWhenTheStackCloses() {
        try (TestNet net = net(5, TcpConfig.defaults())) {
            net.b.stack.listen(0, 0, PORT, 8, flow -> new Echo());
            final RecordingHandler client = connect(net);
            net.run(10 * SECOND_NS);
            assertThat(resting(net.b)).isEqualTo(1);
            net.b.stack.close();
            net.b.complete();
            net.run(SECOND_NS);
            assertThat(client.reason).isEqualTo(TcpCloseReason.RESET);
            net.closeAndCheck();
        }
    }

    /** Like reno, but it can't be put into an image. */
    private static final class Foreign implements CongestionControl {
        private int acknowledgments;

        @Override
        public String name() {
            return "foreign";
        }

        @Override
        public void grow(final CongestionWindow window, final RateSample sample) {
            acknowledgments++;
        }

        @Override
        public int onCongestion(final CongestionWindow window, final CongestionEvent event, final long nowNs) {
            return 2;
        }

        @Override
        public int undoSegments(final CongestionWindow window, final int priorSegments) {
            return priorSegments;
        }
    }

    @Test
    void shouldKeepACongestionControlThatItDoesNotKnow() {
        final List<Foreign> made = new ArrayList<>();
        final CongestionAlgorithm foreign = new CongestionAlgorithm("foreign", false, config -> {
            made.add(new Foreign());
            return made.getLast();
        });
        try (TestNet net = net(9, TcpConfig.defaults().withCongestionControl(foreign))) {
            net.b.stack.listen(0, 0, PORT, 8, flow -> new Echo());
            final RecordingHandler client = connect(net);
            final Foreign first = made.getFirst();
            net.run(SECOND_NS);
            exchange(net, client);
            net.run(10 * SECOND_NS);
            assertThat(resting(net.a)).isEqualTo(1);
            final int before = first.acknowledgments;
            exchange(net, client);
            assertThat(first.acknowledgments).isGreaterThan(before);
            net.closeAndCheck();
        }
    }

    /** Not a field may be forgotten: all parts of the connection are compared, after transfers that have met everything. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldComeBackAsItWasInEveryField(final long seed) throws IllegalAccessException {
        final Random random = new Random(seed);
        final TcpConfig config = TcpConfig.defaults().with(TcpSetting.REST_NS, 0)
                .with(TcpSetting.ECN, 1).with(TcpSetting.MTU_PROBING, random.nextInt(3))
                .withCongestionControl(switch ((int) (seed % 3)) {
                    case 0 -> CongestionAlgorithm.CUBIC;
                    case 1 -> CongestionAlgorithm.NEW_RENO;
                    default -> CongestionAlgorithm.DCTCP;
                });
        int compared = 0;
        try (TestNet net = net(seed, config)) {
            net.cut = true;
            net.impairment = Impairment.random(random, 40);
            net.b.stack.listen(0, 0, PORT, 8, flow -> new Echo());
            final RecordingHandler client = connect(net);
            net.run(20 * SECOND_NS);
            final byte[] bulk = new byte[60_000];
            random.nextBytes(bulk);
            for (int i = 0; i < 20; i++) {
                client.flow.write(bulk, 0, 1 + random.nextInt(bulk.length));
                net.run(random.nextInt(5) * SECOND_NS);
            }
            net.impairment = Impairment.none(1_000_000);
            net.run(600 * SECOND_NS);
            for (final TestHost host : List.of(net.a, net.b)) {
                for (int slot = 0; slot < host.stack.flows().slots(); slot++) {
                    if (host.stack.flows().at(slot) instanceof final TcpConnection connection) {
                        assertThat(RestingConnection.canReplace(connection)).as("seed %d", seed).isTrue();
                        final TcpConnection restored = new RestingConnection(connection, new ConnectionImage())
                                .restored();
                        final List<String> different = new ArrayList<>();
                        compare(connection, restored, "", different, new IdentityHashMap<>());
                        assertThat(different).as("seed %d", seed).isEmpty();
                        compared++;
                    }
                }
            }
            assertThat(compared).as("seed %d", seed).isEqualTo(2);
            net.closeAndCheck();
        }
    }

    // Of no meaning but within one call, or while something is in flight.
    private static final Set<String> SCRATCH = Set.of("Delivery.buffer", "SackProcessor.blocks",
            "SackProcessor.duplicate",
            "SackProcessor.dsackStart", "SackProcessor.dsackEnd", "CumulativeAck.firstSentNs",
            "CumulativeAck.lastSentNs", "CumulativeAck.reorderedFrom", "CumulativeAck.acked", "CumulativeAck.cutShort",
            "SentSegments.first", "SentSegments.free", "SentSegments.used", "SentSegments.oldest",
            "SentSegments.newest", "SendQueue.first", "ReceiveQueue.first", "Reassembler.first",
            "Reassembler.repeated", "Reassembler.repeatedStart", "Reassembler.repeatedEnd", "Reassembler.merged",
            "Reassembler.pruned", "SackBlocks.written", "SendBuffer.knownMssBytes", "SendBuffer.knownWindowBytes",
            "SendBuffer.knownFrameBytes", "SendBuffer.knownFrameSegments", "ConnectionTimer.armedForNs",
            "ConnectionTimer.wokenAtNs",
            "TcpConnection.flowId");
    // Their elements mean nothing while they are empty.
    private static final Set<String> QUEUES = Set.of("SentSegments", "SendQueue", "ReceiveQueue", "Reassembler",
            "SackBlocks", "SackProcessor", "EcnEcho");

    private static void compare(final Object a, final Object b, final String where, final List<String> different,
            final Map<Object, Object> seen) throws IllegalAccessException {
        if (seen.put(a, b) != null) {
            return;
        }
        final String name = a.getClass().getSimpleName();
        for (Class<?> type = a.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (final Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || type.getName().contains(".kernel.")
                        || SCRATCH.contains(name + "." + field.getName())) {
                    continue;
                }
                field.setAccessible(true);
                final String path = where + "/" + name + "." + field.getName();
                final Object mine = field.get(a);
                final Object its = field.get(b);
                if (mine == null || its == null || field.getType().isPrimitive() || mine instanceof Enum
                        || mine instanceof Record) {
                    // A list of the stack: the one that was restored for a look is in none.
                    final boolean link = field.getType() == TcpConnection.class;
                    if (!link && !Objects.equals(mine, its)
                            && !(field.getType().isArray() && QUEUES.contains(name))) {
                        different.add(path + ": " + mine + ", " + its);
                    }
                } else if (mine.getClass().isArray()) {
                    compareArrays(mine, its, path, name, different);
                } else if (isPart(mine)) {
                    compare(mine, its, path, different, seen);
                }
            }
        }
    }

    private static void compareArrays(final Object mine, final Object its, final String path, final String owner,
            final List<String> different) {
        for (int i = 0; !QUEUES.contains(owner) && i < Array.getLength(mine); i++) {
            if (!Array.get(mine, i).equals(Array.get(its, i))) {
                different.add(path + "[" + i + "]: " + Array.get(mine, i) + ", " + Array.get(its, i));
            }
        }
    }

    private static final Set<Class<?>> SHARED = Set.of(TcpStack.class, TcpConfig.class, TcpCounters.class,
            SegmentWriter.class, ApplicationFlow.class, ReceiveBudget.class,
            Acknowledgment.class);

    private static boolean isPart(final Object object) {
        return object.getClass().getName().startsWith("io.netchannel.tcpip.tcp.")
                && !SHARED.contains(object.getClass()) && !(object instanceof TcpHandler);
    }

    @Test
    void shouldKeepAnIdleConnectionWithinAKibibyte() {
        final int count = 10_000;
        final TcpConfig config = TcpConfig.defaults();
        final TestHost.Setup setup = TestHost.Setup.plain();
        final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        try (TestNet net = new TestNet(7, setup, config, count)) {
            final Echo echo = new Echo();
            net.b.stack.listen(0, 0, PORT, count, flow -> echo);
            final Set<TcpFlow> flows = new HashSet<>();
            final RecordingHandler client = new RecordingHandler() {
                @Override
                public void onConnected(final TcpFlow connected) {
                    flows.add(connected);
                    connected.write(REQUEST, 0, REQUEST.length);
                }
            };
            net.run(SECOND_NS);
            memory.gc();
            final long before = memory.getHeapMemoryUsage().getUsed();
            for (int i = 0; i < count; i++) {
                assertThat(net.a.stack.connect(net.b.addressHigh, net.b.addressLow, PORT, client)).isNotNull();
                if (i % 100 == 99) {
                    net.run(SECOND_NS / 100);
                }
            }
            net.run(20 * SECOND_NS);
            assertThat(client.received.size()).isEqualTo(count * REQUEST.length);
            assertThat(resting(net.a)).isEqualTo(count);
            assertThat(resting(net.b)).isEqualTo(count);
            client.received.reset();
            memory.gc();
            final long perConnection = (memory.getHeapMemoryUsage().getUsed() - before) / (2 * count);
            assertThat(perConnection).isLessThan(1024);

            // And they work.
            flows.forEach(flow -> {
                flow.write(REQUEST, 0, REQUEST.length);
                net.run(1_000_000);
            });
            net.run(SECOND_NS);
            assertThat(client.received.size()).isEqualTo(count * REQUEST.length);
            net.closeAndCheck();
        }
    }
}
