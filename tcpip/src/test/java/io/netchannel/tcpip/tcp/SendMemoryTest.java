package io.netchannel.tcpip.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.linux.Pages;
import io.netchannel.kernel.pressure.Shrinker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory is short: send buffers become smaller, and nothing of what was written is lost. */
final class SendMemoryTest {

    private static final int PORT = 80;
    private static final int BUFFERS = 4096;
    private static final int BUFFER_BYTES = 4096;
    private static final int MODERATE_BYTES = 64 << 10;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long DELAY_NS = 50_000_000;
    private static final long WANTED_BYTES = 1 << 20;

    /** Writes whatever there is room for; its bytes are numbered. */
    private static final class Writer extends RecordingHandler {

        private long written;
        private boolean paused;

        @Override
        public void onConnected(final TcpFlow connected) {
            super.onConnected(connected);
            fill();
        }

        @Override
        public void onWritable(final TcpFlow to) {
            fill();
        }

        void fill() {
            final byte[] some = new byte[8192];
            int taken = some.length;
            while (!paused && taken == some.length) {
                for (int i = 0; i < some.length; i++) {
                    some[i] = content(written + i);
                }
                taken = flow.write(some, 0, some.length);
                written += taken;
            }
        }

        void resume() {
            paused = false;
            fill();
        }

        int limitBytes() {
            return ((ApplicationFlow) flow).connection().sender().buffer().limitBytes();
        }
    }

    private static byte content(final long position) {
        return (byte) (position * 0x9E37_79B9L >>> 16);
    }

    private final Writer writer = new Writer();
    private final List<Writer> others = new ArrayList<>();
    /** Reads all, unless its appetite is gone. */
    private final RecordingHandler reader = new RecordingHandler() {
        private long read;

        @Override
        public int onReceive(final TcpFlow from, final long address, final int lengthBytes) {
            final int taken = super.onReceive(from, address, lengthBytes);
            final byte[] bytes = received.toByteArray();
            for (int i = 0; i < taken; i++) {
                if (bytes[i] != content(read++)) {
                    throw new AssertionError("wrong byte at " + (read - 1));
                }
            }
            received.reset();
            return taken;
        }
    };

    private TestNet open(final TcpConfig config) {
        final TestHost.Setup setup = TestHost.Setup.offloading().withBuffers(BUFFERS, BUFFER_BYTES);
        final TestNet net = new TestNet(11, setup, config, 1024);
        net.impairment = TestNet.Impairment.none(DELAY_NS);
        net.b.stack.listen(0, 0, PORT, 16, flow -> reader);
        net.a.stack.connect(net.b.addressHigh, net.b.addressLow, PORT, writer);
        return net;
    }

    private static int held(final TestHost host) {
        return host.pool.capacity() - host.pool.available();
    }

    private static long residentBytes(final TestHost host) {
        return Pages.residentBytes(host.packets.bufferAddress(0),
                host.packets.bufferAddress(BUFFERS) - host.packets.bufferAddress(0));
    }

    @Test
    void shouldHoldHalfAndNotGrowUntilThereIsRoom() {
        try (TestNet net = open(TcpConfig.defaults())) {
            final Shrinker shrinker = net.a.stack.sendBuffers("send-buffers-0");
            net.run(2 * SECOND_NS);
            final int limit = writer.limitBytes();
            final int before = held(net.a);
            assertThat(before * BUFFER_BYTES).isGreaterThan(limit / 2);
            assertThat(shrinker.reclaimableBytes()).isGreaterThan(limit / 2).isLessThanOrEqualTo(writer.flow
                    .unacknowledgedBytes());
            shrinker.shrink(WANTED_BYTES);
            assertThat(held(net.a)).as("what was written stays").isEqualTo(before);
            net.run(SECOND_NS);
            assertThat(writer.limitBytes()).isLessThanOrEqualTo(limit / 2);
            assertThat(held(net.a)).isLessThanOrEqualTo(before / 2 + 32).isPositive();
            final long written = writer.written;
            net.run(SECOND_NS);
            assertThat(writer.limitBytes()).isLessThanOrEqualTo(limit / 2);
            assertThat(writer.written).as("it goes on").isGreaterThan(written);
            shrinker.mayGrow(1);
            net.run(2 * SECOND_NS);
            assertThat(writer.limitBytes()).isGreaterThanOrEqualTo(limit);
            assertThat(held(net.a)).isGreaterThan(before / 2 + 32);
        }
    }

    @Test
    void shouldSayWhatTheSystemHasGot() {
        try (TestNet net = open(TcpConfig.defaults())) {
            final Shrinker shrinker = net.a.stack.sendBuffers("send-buffers-0");
            net.run(2 * SECOND_NS);
            shrinker.shrink(Long.MAX_VALUE);
            net.run(SECOND_NS);
            // The half that has become free meanwhile.
            final long before = residentBytes(net.a);
            final long given = shrinker.shrink(Long.MAX_VALUE);
            assertThat(given).isGreaterThan(200_000).isEqualTo(before - residentBytes(net.a));
        }
    }

    @Test
    void shouldLeaveEachASuperFrameAndLoseNothing() {
        try (TestNet net = open(TcpConfig.defaults())) {
            final Shrinker shrinker = net.a.stack.sendBuffers("send-buffers-0");
            reader.appetite = 1000;
            net.run(SECOND_NS);
            for (int i = 0; i < 20; i++) {
                shrinker.shrink(WANTED_BYTES);
                net.run(SECOND_NS / 10);
            }
            assertThat(writer.limitBytes()).as("half of what nobody acknowledges").isGreaterThan(MODERATE_BYTES);
            reader.appetite = Integer.MAX_VALUE;
            reader.flow.resumeReceive();
            for (int i = 0; i < 20; i++) {
                net.run(SECOND_NS / 4);
                shrinker.shrink(WANTED_BYTES);
            }
            assertThat(writer.limitBytes()).isEqualTo(MODERATE_BYTES);
            assertThat(shrinker.reclaimableBytes()).isZero();
            writer.paused = true;
            net.run(SECOND_NS);
            assertThat(writer.flow.unacknowledgedBytes()).isZero();
            assertThat(reader.flow.unreadBytes()).isZero();
            writer.flow.close();
            net.run(SECOND_NS);
            assertThat(reader.events).contains("finished");
        }
    }

    @Test
    void shouldGrowAgainWhenNobodyHasAskedForLong() {
        try (TestNet net = open(TcpConfig.defaults())) {
            net.run(2 * SECOND_NS);
            final int limit = writer.limitBytes();
            net.a.stack.sendBuffers("send-buffers-0").shrink(WANTED_BYTES);
            writer.paused = true;
            net.run(SECOND_NS);
            net.nowNs += 90 * SECOND_NS;
            writer.resume();
            net.run(2 * SECOND_NS);
            assertThat(writer.limitBytes()).isLessThanOrEqualTo(limit / 2);
            net.nowNs += 10 * SECOND_NS;
            net.run(2 * SECOND_NS);
            assertThat(writer.limitBytes()).isGreaterThanOrEqualTo(limit);
        }
    }

    @Test
    void shouldLeaveSizesAloneThatTheApplicationHasFixed() {
        try (TestNet net = open(TcpConfig.defaults())) {
            net.run(SECOND_NS);
            writer.flow.sendBufferBytes(300_000);
            net.run(SECOND_NS);
            final Shrinker shrinker = net.a.stack.sendBuffers("send-buffers-0");
            assertThat(shrinker.reclaimableBytes()).isZero();
            shrinker.shrink(WANTED_BYTES);
            assertThat(writer.limitBytes()).isEqualTo(300_000);
        }
    }

    @Test
    void shouldReachEachConnectionThoughSomeEndMeanwhile() {
        try (TestNet net = open(TcpConfig.defaults())) {
            net.run(SECOND_NS);
            for (int i = 0; i < 5; i++) {
                others.add(new Writer());
                others.get(i).paused = true;
                net.a.stack.connect(net.b.addressHigh, net.b.addressLow, PORT, others.get(i));
            }
            net.run(SECOND_NS / 2);
            final LiveConnections live = new LiveConnections();
            final List<TcpConnection> connections = new ArrayList<>();
            for (final Writer each : others) {
                connections.add(new TcpConnection(net.a.stack, TcpConfig.defaults(), ((ApplicationFlow) each.flow)
                        .connection().path(), 1, 1));
            }
            connections.forEach(live::add);
            assertThat(live.next()).isSameAs(connections.get(4));
            assertThat(live.next()).isSameAs(connections.get(3));
            live.remove(connections.get(3));
            live.remove(connections.get(2));
            assertThat(live.next()).isSameAs(connections.get(1));
            assertThat(live.next()).isSameAs(connections.get(0));
            live.remove(connections.get(0));
            assertThat(live.next()).isNull();
            assertThat(live.next()).isSameAs(connections.get(4));
            live.remove(connections.get(4));
            assertThat(live.next()).as("the first of those that are left").isSameAs(connections.get(1));
        }
    }
}
