package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** How large the receive window is, and that it never leaves the peer without a word. */
class RightSizingTest {

    private static final int MAX_STEPS = 1_000_000;

    /** Writes all it can. */
    private static final class Source extends RecordingHandler {
        private final byte[] bytes = new byte[16_384];
        private final int totalBytes;
        int sent;

        Source(final int totalBytes) {
            this.totalBytes = totalBytes;
        }

        @Override
        public void onConnected(final TcpFlow connected) {
            super.onConnected(connected);
            send();
        }

        @Override
        public void onWritable(final TcpFlow to) {
            send();
        }

        private void send() {
            int done = 1;
            while (sent < totalBytes && done > 0) {
                done = flow.write(bytes, 0, Math.min(bytes.length, totalBytes - sent));
                sent += done;
            }
        }
    }

    private static TestNet net(final long seed, final TcpConfig sender, final TcpConfig receiver) {
        return new TestNet(seed, TestHost.Setup.plain(), sender, TestHost.Setup.plain(), receiver, false);
    }

    private static int limitAfterTransfer(final TcpConfig receiver) {
        final int total = 8 << 20;
        try (TestNet net = net(1, TcpConfig.defaults(), receiver)) {
            net.impairment = TestNet.Impairment.none(10 * MS);
            final RecordingHandler sink = new RecordingHandler();
            net.b.stack.listen(0, 0, 80, 4, flow -> sink);
            final Source source = new Source(total);
            net.a.stack.connect(0, net.b.addressLow, 80, source);
            final long end = net.nowNs + 600 * SECOND;
            while (sink.received.size() < total && net.nowNs < end) {
                net.step();
            }
            assertThat(sink.received.size()).isEqualTo(total);
            return ((ApplicationFlow) sink.flow).connection().receiver().limitBytes();
        }
    }

    @Test
    void shouldGrowWithWhatTheApplicationConsumes() {
        assertThat(limitAfterTransfer(TcpConfig.defaults())).isGreaterThan(1 << 18)
                .isLessThanOrEqualTo((int) TcpSetting.RECEIVE_BUFFER_MAX_BYTES.defaultValue());
        assertThat(limitAfterTransfer(TcpConfig.defaults().with(TcpSetting.TIMESTAMPS, false)))
                .as("the round trip is seen without timestamps too").isGreaterThan(1 << 18);
    }

    @Test
    void shouldStayAsItIsWithoutTuning() {
        assertThat(limitAfterTransfer(TcpConfig.defaults().with(TcpSetting.BUFFER_AUTOTUNING, false)))
                .isEqualTo((int) TcpSetting.RECEIVE_BUFFER_BYTES.defaultValue());
    }

    @Test
    void shouldNotDrawBackThePromisedEdge() {
        try (Script s = new Script(simple()).accept()) {
            s.handler.appetite = 0;
            s.in(s.data(1460));
            s.in(s.data(1460));
            s.untilSent(SECOND);
            final Seg before = s.next();
            s.flow.receiveBufferBytes(8192);
            s.in(s.data(1460));
            s.in(s.data(1460));
            assertThat(s.untilSent(SECOND)).as("no hurry: the edge stays").isBetween(20 * MS, 200 * MS);
            final Seg after = s.next();
            assertThat(after.acknowledgment + after.window).isEqualTo(before.acknowledgment + before.window);
            s.flow.receiveBufferBytes(1 << 20);
            assertThat(s.connection().receiver().limitBytes()).as("no scaling").isEqualTo(65_535);
        }
    }

    @Test
    void shouldTakeWhatIsTooLongOnlyIfNothingWaits() {
        try (Script s = new Script(simple().with(TcpSetting.RECEIVE_BUFFER_BYTES, 4096)).accept()) {
            s.handler.appetite = 0;
            s.in(s.data(1000));
            s.out.clear();
            s.in(Seg.of(ACK, s.peerSeq, s.isn + 1).data(4000));
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.count(TcpCounter.BEYOND_WINDOW)).isEqualTo(1);
            s.handler.appetite = 1000;
            s.flow.resumeReceive();
            s.turn();
            s.out.clear();
            assertThat(s.flow.unreadBytes()).isZero();
            s.handler.appetite = 0;
            s.in(s.data(5000));
            assertThat(s.expect(ACK, 1, s.peerSeq, 0).window).isZero();
            assertThat(s.flow.unreadBytes()).isEqualTo(5000);
            s.in(s.ack(1).data(10));
            s.expect(ACK, 1, s.peerSeq, 0);
            assertThat(s.count(TcpCounter.ZERO_WINDOW_DROPS)).isEqualTo(1);
        }
    }

    /** Readers and buffers of all sorts, a network that loses nothing: nobody waits for longer than a probe takes. */
    @Test
    void shouldNeverStall() {
        for (long seed = 0; seed < 150; seed++) {
            final Random random = new Random(seed * 31 + 7);
            final TcpConfig sending = TcpConfig.defaults().with(TcpSetting.SEND_BUFFER_BYTES, 4096 << random.nextInt(6))
                    .with(TcpSetting.NAGLE, random.nextBoolean()).with(TcpSetting.TIMESTAMPS, random.nextBoolean());
            final TcpConfig receiving = TcpConfig.defaults()
                    .with(TcpSetting.RECEIVE_BUFFER_BYTES, 2048 + random.nextInt(1 << 1 + random.nextInt(17)))
                    .with(TcpSetting.WINDOW_SCALING, random.nextBoolean())
                    .with(TcpSetting.BUFFER_AUTOTUNING, random.nextBoolean());
            try (TestNet net = net(seed, sending, receiving)) {
                net.impairment = TestNet.Impairment.none(1 + random.nextInt(20_000_000));
                transfer(net, random, "seed " + seed);
            }
        }
    }

    private static void transfer(final TestNet net, final Random random, final String name) {
        final RecordingHandler sink = new RecordingHandler();
        final Source source = new Source(1 + random.nextInt(200_000));
        net.b.stack.listen(0, 0, 80, 4, flow -> sink);
        net.a.stack.connect(0, net.b.addressLow, 80, source);
        long movedNs = net.nowNs;
        int before = 0;
        sink.appetite = 0;
        for (int i = 0; i < MAX_STEPS && sink.received.size() < source.totalBytes; i++) {
            if (!net.step()) {
                net.nowNs += MS;
            }
            if (sink.flow != null && random.nextInt(3) == 0) {
                sink.appetite = 1 + random.nextInt(1 << random.nextInt(16));
                sink.flow.resumeReceive();
            }
            final boolean unread = sink.flow != null && sink.flow.unreadBytes() > 0;
            if (sink.received.size() != before || unread) {
                before = sink.received.size();
                movedNs = net.nowNs;
            }
            assertThat(net.nowNs - movedNs).as("%s: silent at %d of %d", name, before, source.totalBytes)
                    .isLessThan(2 * SECOND);
        }
        assertThat(sink.received.size()).as(name).isEqualTo(source.totalBytes);
    }
}
