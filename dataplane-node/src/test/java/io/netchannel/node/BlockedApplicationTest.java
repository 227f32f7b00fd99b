package io.netchannel.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.sched.WatchdogConfig;
import io.netchannel.kernel.sched.WatchdogCounter;
import io.netchannel.tcpip.tcp.TcpCloseReason;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpHandler;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.virtio.device.ImpairmentConfig;
import io.netchannel.virtio.device.WireConfig;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application that blocks its loop: its peers are acknowledged meanwhile, it is named, and it finds everything in order afterwards.
 */
final class BlockedApplicationTest {

    private static final IpAddress SERVER = IpAddress.parse("10.0.0.2");
    private static final int PORT = 1;
    private static final int MESSAGE_BYTES = 2_000;
    private static final int MAX_SENT_BYTES = 200_000;
    private static final long TURN_NS = 500_000;
    /** 10 ms: 5 until the helper takes the stack, and some until the peer has the ACK. */
    private static final int ACKNOWLEDGED_TURNS = 20;
    private static final WatchdogConfig CONFIG = new WatchdogConfig(50_000_000, 5_000_000);

    private final MemorySegment message = Arena.ofAuto().allocate(1 << 16);
    private final NodeWire wire = NodeWire.lossless();
    private final Sender sender = new Sender();
    private final Receiver receiver = new Receiver();
    private DataplaneNode server;
    private DataplaneNode client;
    private long nowNs;

    // -- in virtual time: this thread is the loops' and the watchdog's

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldAcknowledgeWhatComesWhileTheApplicationBlocks(final NodeMode mode) {
        try (DataplaneNode a = open("server", SERVER + "/24", mode, CONFIG, wire.a());
                DataplaneNode b = open("client", "10.0.0.1/24", NodeMode.INLINE, WatchdogConfig.OFF, wire.b())) {
            start(a, b);
            run(50);
            sender.send(MESSAGE_BYTES);
            receiver.blocking = flow -> {
                // A second of the peer's time, in which it sends more.
                for (int i = 0; i < 2_000; i++) {
                    if (i == 100 || i == 1_000) {
                        sender.send(MESSAGE_BYTES);
                    }
                    others();
                    if (i == ACKNOWLEDGED_TURNS) {
                        assertThat(sender.flow.unacknowledgedBytes()).isZero();
                    }
                }
                assertThat(sender.flow.unacknowledgedBytes()).isZero();
            };
            run(200);
            assertThat(receiver.blocked).isEqualTo(1);
            assertThat(receiver.bytes.toByteArray()).isEqualTo(sender.bytes.toByteArray()).hasSize(3 * MESSAGE_BYTES);
            assertThat(client.counters()).containsEntry("TcpExt.TCPTimeouts", 0L);
            assertThat(server.watchdog().count(WatchdogCounter.TAKE_OVERS)).isEqualTo(1);
            assertThat(server.watchdog().count(WatchdogCounter.BLOCKED)).isEqualTo(1);
            assertThat(server.watchdog().count(WatchdogCounter.STAND_IN_ERRORS)).isZero();
        }
    }

    @Test
    void shouldAcknowledgeAlsoIfAPollerOfTheLoopFails() {
        try (DataplaneNode a = open("server", SERVER + "/24", NodeMode.INLINE, CONFIG, wire.a());
                DataplaneNode b = open("client", "10.0.0.1/24", NodeMode.INLINE, WatchdogConfig.OFF, wire.b())) {
            start(a, b);
            run(50);
            ((NodeLoop) server.loops().getFirst()).thread().dataplane().addFirst(pollNs -> {
                throw new IllegalStateException("broken");
            });
            sender.send(MESSAGE_BYTES);
            receiver.blocking = flow -> {
                sender.send(MESSAGE_BYTES);
                for (int i = 0; i <= 2 * ACKNOWLEDGED_TURNS; i++) {
                    others();
                }
                assertThat(sender.flow.unacknowledgedBytes()).isZero();
            };
            run(200);
            assertThat(receiver.bytes.toByteArray()).isEqualTo(sender.bytes.toByteArray()).hasSize(2 * MESSAGE_BYTES);
            assertThat(server.watchdog().count(WatchdogCounter.STAND_IN_ERRORS)).isPositive();
        }
    }

    @Test
    void shouldLeaveThePeerWithoutAnAnswerIfNobodyStandsIn() {
        try (DataplaneNode a = open("server", SERVER + "/24", NodeMode.INLINE, new WatchdogConfig(50_000_000, 0), wire
                .a());
                DataplaneNode b = open("client", "10.0.0.1/24", NodeMode.INLINE, WatchdogConfig.OFF, wire.b())) {
            start(a, b);
            run(50);
            sender.send(MESSAGE_BYTES);
            receiver.blocking = flow -> {
                for (int i = 0; i < 2_000; i++) {
                    others();
                }
            };
            run(200);
            assertThat(client.counters().get("TcpExt.TCPTimeouts")).isPositive();
            assertThat(server.watchdog().count(WatchdogCounter.TAKE_OVERS)).isZero();
            assertThat(server.watchdog().count(WatchdogCounter.BLOCKED)).isEqualTo(1);
        }
    }

    @Test
    void shouldLetConnectionsAndDatagramsWaitForTheApplication() {
        try (DataplaneNode a = open("server", SERVER + "/24", NodeMode.INLINE, CONFIG, wire.a());
                DataplaneNode b = open("client", "10.0.0.1/24", NodeMode.INLINE, WatchdogConfig.OFF, wire.b())) {
            start(a, b);
            final List<Integer> datagrams = new ArrayList<>();
            server.loops().getFirst().stack().udp().bind(0, 0, PORT, (socket, high, low, port, address,
                    lengthBytes) -> datagrams.add(lengthBytes));
            final UdpSocket from = client.loops().getFirst().stack().udp().bind(0, 0, 0, (socket, high, low, port,
                    address, lengthBytes) -> {
            });
            run(50);
            sender.send(MESSAGE_BYTES);
            final Sender second = new Sender();
            receiver.blocking = flow -> {
                for (int i = 0; i < 1_000; i++) {
                    if (i == 100) {
                        client.loops().getFirst().stack().tcp().connect(SERVER.high(), SERVER.low(), PORT, second);
                        from.send(SERVER.high(), SERVER.low(), PORT, message.address(), 9);
                    }
                    others();
                }
                assertThat(second.flow).isNotNull();
                assertThat(receiver.accepted).isEqualTo(1);
                assertThat(datagrams).isEmpty();
                // This one is still on its way when the loop goes on.
                from.send(SERVER.high(), SERVER.low(), PORT, message.address(), 10);
                client.turn(nowNs);
            };
            run(200);
            assertThat(receiver.accepted).isEqualTo(2);
            assertThat(datagrams).as("in the order of their arrival").containsExactly(9, 10);
            assertThat(client.counters()).containsEntry("TcpExt.TCPTimeouts", 0L);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStandInForPollersAndTasksToo(final boolean task) {
        try (DataplaneNode a = open("server", SERVER + "/24", NodeMode.INLINE, CONFIG, wire.a());
                DataplaneNode b = open("client", "10.0.0.1/24", NodeMode.INLINE, WatchdogConfig.OFF, wire.b())) {
            start(a, b);
            run(50);
            final int[] runs = new int[1];
            final Runnable blocking = () -> {
                if (runs[0]++ == 0) {
                    receiver.attempt(() -> {
                        sender.send(MESSAGE_BYTES);
                        for (int i = 0; i < 1_000; i++) {
                            others();
                        }
                        assertThat(sender.flow.unacknowledgedBytes()).isZero();
                        assertThat(receiver.bytes.size()).isZero();
                    });
                }
            };
            if (task) {
                server.loops().getFirst().execute(blocking);
            } else {
                server.loops().getFirst().addPoller(pollNs -> {
                    blocking.run();
                    return 0;
                });
            }
            run(50);
            assertThat(receiver.bytes.toByteArray()).isEqualTo(sender.bytes.toByteArray()).hasSize(MESSAGE_BYTES);
            assertThat(client.counters()).containsEntry("TcpExt.TCPTimeouts", 0L);
        }
    }

    @Test
    void shouldTellAfterTheCallBackThatThePeerHasReset() {
        try (DataplaneNode a = open("server", SERVER + "/24", NodeMode.INLINE, CONFIG, wire.a());
                DataplaneNode b = open("client", "10.0.0.1/24", NodeMode.INLINE, WatchdogConfig.OFF, wire.b())) {
            start(a, b);
            run(50);
            sender.send(MESSAGE_BYTES);
            receiver.blocking = flow -> {
                for (int i = 0; i < 1_000; i++) {
                    if (i == 100) {
                        sender.flow.abort();
                    }
                    others();
                }
                assertThat(receiver.reason).isNull();
                assertThat(flow.isOpen()).isFalse();
                assertThat(flow.write(message.address(), 10)).isZero();
            };
            run(200);
            assertThat(receiver.reason).isEqualTo(TcpCloseReason.RESET);
            assertThat(server.openFlows()).isZero();
        }
    }

    /** Seeds: when the application blocks and for how long, what it calls meanwhile, what the peer sends and when. */
    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldLoseNothingHoweverCallBacksAndHelpAreInterleaved(final NodeMode mode) {
        for (long seed = 1; seed <= 60; seed++) {
            try {
                new BlockedApplicationTest().scenario(mode, new SplittableRandom(seed));
            } catch (final RuntimeException | AssertionError failed) {
                throw new AssertionError("seed " + seed + ", " + mode + ": " + failed.getMessage(), failed);
            }
        }
    }

    private void scenario(final NodeMode mode, final SplittableRandom random) {
        final ImpairmentConfig losses = ImpairmentConfig.none(random.nextLong()).withLoss(random.nextDouble(0.05))
                .withReorder(random.nextDouble(0.05), 2_000_000).withDuplicate(random.nextDouble(0.05));
        final NodeWire bad = new NodeWire(new WireConfig(WireConfig.WAIT, losses, losses), NodeWire.DEFAULT_MTU_BYTES);
        try (DataplaneNode a = open("server", SERVER + "/24", mode, CONFIG, bad.a());
                DataplaneNode b = open("client", "10.0.0.1/24", NodeMode.INLINE, WatchdogConfig.OFF, bad.b())) {
            start(a, b);
            receiver.echoes = true;
            receiver.random = random;
            receiver.blocking = flow -> {
                final int turns = random.nextInt(40);
                for (int i = 0; i < turns; i++) {
                    if (random.nextInt(8) == 0 && sender.bytes.size() < MAX_SENT_BYTES) {
                        sender.send(1 + random.nextInt(20_000));
                    }
                    if (random.nextInt(16) == 0) {
                        flow.quickAck(random.nextBoolean());
                    }
                    if (random.nextInt(16) == 0) {
                        server.loops().getFirst().stack().tcp().connections();
                        flow.noDelay(random.nextBoolean());
                    }
                    others();
                }
            };
            for (int i = 0; i < 100_000 && sender.flow == null; i++) {
                run(1);
            }
            for (int i = 0; i < 100; i++) {
                sender.send(1 + random.nextInt(2_000));
                run(1 + random.nextInt(4));
            }
            for (int i = 0; i < 200_000 && !isDelivered(); i++) {
                run(1);
            }
            assertThat(receiver.bytes.toByteArray()).isEqualTo(sender.bytes.toByteArray());
            assertThat(sender.echoed.toByteArray()).isEqualTo(sender.bytes.toByteArray());
            assertThat(server.watchdog().count(WatchdogCounter.TAKE_OVERS)).isPositive();
            assertThat(server.watchdog().count(WatchdogCounter.STAND_IN_ERRORS)).isZero();
        }
    }

    private boolean isDelivered() {
        return sender.echoed.size() == sender.bytes.size();
    }

    // -- with threads

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldKeepThePeerFromTimingOut(final NodeMode mode) throws InterruptedException {
        final CountDownLatch acknowledged = new CountDownLatch(1);
        final CountDownLatch received = new CountDownLatch(1);
        try (DataplaneNode a = open("server", SERVER + "/24", mode, CONFIG, wire.a());
                DataplaneNode b = open("client", "10.0.0.1/24", NodeMode.INLINE, WatchdogConfig.OFF, wire.b())) {
            server = a;
            client = b;
            a.deploy(application(this::serve));
            // Until the peer has seen all of it acknowledged, the application doesn't return.
            receiver.blocking = flow -> awaited(acknowledged);
            receiver.expected = 2 * MESSAGE_BYTES;
            receiver.complete = received;
            b.deploy(application(loop -> {
                loop.stack().tcp().connect(SERVER.high(), SERVER.low(), PORT, sender);
                loop.addPoller(pollNs -> {
                    if (sender.flow != null && sender.bytes.size() == 0) {
                        sender.send(MESSAGE_BYTES);
                    } else if (receiver.blocked > 0 && sender.bytes.size() == MESSAGE_BYTES) {
                        sender.send(MESSAGE_BYTES);
                    } else if (sender.bytes.size() == 2 * MESSAGE_BYTES && sender.flow.unacknowledgedBytes() == 0) {
                        acknowledged.countDown();
                    }
                    return 1;
                });
            }));
            a.start();
            b.start();
            assertThat(received.await(20, TimeUnit.SECONDS)).isTrue();
            receiver.requireSuccess();
            assertThat(receiver.bytes.toByteArray()).isEqualTo(sender.bytes.toByteArray());
            assertThat(a.counters().get("Watchdog.TAKE_OVERS")).isPositive();
        }
    }

    private static void awaited(final CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (final InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    // -- the two nodes

    // No probes: they would draw the acknowledgments that are to come by themselves.
    private static DataplaneNode open(final String name, final String address, final NodeMode mode,
            final WatchdogConfig watchdog, final NodeLink link) {
        return DataplaneNode.open(NodeConfig.builder(name).address(address).mode(mode).watchdog(watchdog)
                .buffersPerLoop(1024).tcp(TcpConfig.defaults().with(TcpSetting.TAIL_LOSS_PROBE, 0)).simulationSeed(7)
                .build(), link);
    }

    private void start(final DataplaneNode a, final DataplaneNode b) {
        server = a;
        client = b;
        server.deploy(application(this::serve));
        client.deploy(application(loop -> loop.stack().tcp().connect(SERVER.high(), SERVER.low(), PORT, sender)));
        server.startSimulated(nowNs);
        client.startSimulated(nowNs);
    }

    private void serve(final LoopContext loop) {
        loop.stack().tcp().listen(0, 0, PORT, 16, flow -> {
            receiver.accepted++;
            return receiver;
        });
    }

    private void run(final int turns) {
        for (int i = 0; i < turns; i++) {
            nowNs += TURN_NS;
            client.turn(nowNs);
            server.turn(nowNs);
            server.watchdog().look(nowNs);
            receiver.requireSuccess();
        }
    }

    /** A turn of all but the server's loop, which is in a call-back; of its driver, if it has a thread of its own. */
    private void others() {
        nowNs += TURN_NS;
        client.turn(nowNs);
        server.turnDriver(nowNs);
        server.watchdog().look(nowNs);
    }

    private static Application application(final Consumer<LoopContext> start) {
        return new Application() {

            @Override
            public String name() {
                return "blocked";
            }

            @Override
            public void start(final LoopContext loop) {
                start.accept(loop);
            }
        };
    }

    private final class Sender implements TcpHandler {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final ByteArrayOutputStream echoed = new ByteArrayOutputStream();
        private volatile TcpFlow flow;

        void send(final int lengthBytes) {
            for (int i = 0; i < lengthBytes; i++) {
                message.set(ValueLayout.JAVA_BYTE, i, (byte) ((bytes.size() + i) * 31));
            }
            final int written = flow.write(message.address(), lengthBytes);
            bytes.write(message.asSlice(0, written).toArray(ValueLayout.JAVA_BYTE), 0, written);
        }

        @Override
        public void onConnected(final TcpFlow connected) {
            flow = connected;
        }

        @Override
        public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
            copy(address, lengthBytes, echoed);
            return lengthBytes;
        }

        @Override
        public void onClosed(final TcpFlow closed, final TcpCloseReason reason) {
            // With the node.
        }
    }

    private static final class Receiver implements TcpHandler {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Consumer<TcpFlow> blocking;
        private boolean echoes;
        private SplittableRandom random;
        private int expected;
        private CountDownLatch complete;
        // Read by the sender's thread.
        private volatile int blocked;
        private int accepted;
        private TcpCloseReason reason;
        private volatile AssertionError failed;

        /** What fails within a call-back is the loop's to report, which goes on: so it is kept for the test. */
        void attempt(final Runnable assertions) {
            try {
                assertions.run();
            } catch (final AssertionError error) {
                failed = error;
            }
        }

        void requireSuccess() {
            if (failed != null) {
                throw failed;
            }
        }

        @Override
        public int onReceive(final TcpFlow flow, final long address, final int lengthBytes) {
            if (blocking != null && (blocked == 0 || random != null && random.nextInt(4) == 0)) {
                blocked++;
                attempt(() -> blocking.accept(flow));
            }
            final int taken = echoes ? flow.write(address, lengthBytes) : lengthBytes;
            copy(address, taken, bytes);
            if (complete != null && bytes.size() == expected) {
                complete.countDown();
            }
            return taken;
        }

        @Override
        public void onWritable(final TcpFlow flow) {
            flow.resumeReceive();
        }

        @Override
        public void onClosed(final TcpFlow flow, final TcpCloseReason why) {
            reason = why;
        }
    }

    private static void copy(final long address, final int lengthBytes, final ByteArrayOutputStream into) {
        final byte[] copied = new byte[lengthBytes];
        HostMemory.INSTANCE.copyToArray(address, copied, 0, lengthBytes);
        into.write(copied, 0, lengthBytes);
    }
}
