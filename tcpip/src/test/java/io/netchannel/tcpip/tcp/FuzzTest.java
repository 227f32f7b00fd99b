package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever arrives, in whatever state: no exception, no leak, and what is delivered is what was sent. */
class FuzzTest {

    private static final int SEEDS = 400;
    private static final int SEGMENTS = 200;

    @Test
    void shouldSurviveRandomSegmentsInEveryState() {
        final boolean[] seen = new boolean[TcpState.values().length];
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                fuzz(seed, seen);
            } catch (final RuntimeException | AssertionError failed) {
                throw new AssertionError("seed " + seed + ": " + failed, failed);
            }
        }
        for (final TcpState state : TcpState.values()) {
            if (state != TcpState.LISTEN && state != TcpState.TIME_WAIT) {
                assertThat(seen[state.ordinal()]).as("state %s was reached", state).isTrue();
            }
        }
    }

    private static void fuzz(final long seed, final boolean[] seen) {
        final Random random = new Random(seed);
        final TcpConfig config = TcpConfig.defaults().with(TcpSetting.TIMESTAMPS, random.nextBoolean())
                .with(TcpSetting.WINDOW_SCALING, random.nextBoolean())
                .with(TcpSetting.RECEIVE_BUFFER_BYTES, 4096 << random.nextInt(6)).with(TcpSetting.MAX_RECEIVE_BUFFERS, random.nextBoolean() ? 8 : 0)
                .with(TcpSetting.QUICK_ACKS, random.nextInt(3)).with(TcpSetting.RETRIES, 3).with(TcpSetting.SYN_RETRIES, 2);
        final Script s = new Script(TestHost.Setup.plain().withBuffers(256, 2048), config);
        s.nowNs += random.nextInt(1_000_000_000);
        if (random.nextBoolean()) {
            s.startConnect();
        } else {
            s.listen();
            s.in(Seg.of(SYN, s.peerSeq, 0));
            s.isn = s.next().sequence;
        }
        for (int i = 0; i < SEGMENTS; i++) {
            step(s, random);
            if (s.flow == null) {
                s.flow = s.handler.flow;
            }
            if (s.flow != null) {
                seen[s.flow.state().ordinal()] = true;
            }
        }
        s.close();
        assertThat(s.handler.failure).isNull();
    }

    private static void step(final Script s, final Random random) {
        switch (random.nextInt(12)) {
            case 0 -> application(s, random);
            case 1 -> s.advance((long) (random.nextDouble() * random.nextDouble() * SECOND));
            case 2 -> {
                s.host.space = random.nextInt(3);
                s.turn();
                s.host.space = Integer.MAX_VALUE;
            }
            default -> s.inBurst(segment(s, random));
        }
        if (random.nextBoolean()) {
            s.turn();
        }
        s.out.clear();
    }

    private static void application(final Script s, final Random random) {
        if (s.flow == null || !s.flow.isOpen()) {
            return;
        }
        switch (random.nextInt(8)) {
            case 0 -> s.flow.shutdownOutput();
            case 1 -> {
                if (random.nextInt(4) == 0) {
                    s.flow.close();
                }
            }
            case 2 -> s.flow.keepAlive(random.nextBoolean());
            case 3 -> s.handler.appetite = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(3000);
            case 4 -> s.flow.resumeReceive();
            default -> s.write(1, random.nextInt(5000));
        }
    }

    // Mostly near to what would be right, so that it gets far.
    private static Seg segment(final Script s, final Random random) {
        final TcpConnection connection = s.flow == null ? null : s.connection();
        final int next = connection == null ? s.peerSeq + 1 : connection.receiver().next();
        final int una = connection == null ? s.isn + 1 : connection.sender().una();
        final int max = connection == null ? s.isn + 1 : connection.sender().max();
        final int flags = switch (random.nextInt(8)) {
            case 0 -> random.nextInt(256);
            case 1 -> FIN | ACK;
            case 2 -> (random.nextInt(3) == 0 ? RST : SYN) | (random.nextBoolean() ? ACK : 0);
            default -> ACK;
        };
        final int sequence = random.nextInt(3) != 0 ? next : next + random.nextInt(8000) - 3000;
        final int ack = random.nextInt(3) != 0
                ? una + random.nextInt(Math.max(1, max - una) + 1)
                : una + random.nextInt(10_000) - 5000;
        final Seg seg = Seg.of(flags, random.nextInt(50) == 0 ? random.nextInt() : sequence,
                random.nextInt(50) == 0 ? random.nextInt() : ack);
        seg.data(random.nextBoolean() ? 0 : random.nextInt(1400));
        seg.window(random.nextInt(4) == 0 ? 0 : random.nextInt(65_536));
        if (random.nextInt(4) != 0) {
            seg.timestamps(1000 + random.nextInt(3), random.nextInt());
        }
        if (random.nextInt(8) == 0) {
            final int[] junk = new int[random.nextInt(6) * 4];
            for (int i = 0; i < junk.length; i++) {
                junk[i] = random.nextInt(256);
            }
            seg.option(junk);
        }
        if (random.nextInt(8) == 0 && seg.payload.length > 0) {
            seg.gsoSize = 1 + random.nextInt(65_535);
        }
        return seg;
    }

    @Test
    void shouldSurviveRandomBytes() {
        final Random random = new Random(4711);
        try (Script s = new Script(simple()).accept()) {
            for (int i = 0; i < 20_000; i++) {
                final byte[] bytes = s.ack(1).data(random.nextInt(100)).bytes();
                bytes[0] = (byte) (PEER_PORT >> 8);
                bytes[1] = (byte) PEER_PORT;
                bytes[3] = PORT;
                for (int flips = random.nextInt(4); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                s.host.receive(bytes, 0, 0, REMOTE, s.nowNs);
                if (!s.flow.isOpen()) {
                    break;
                }
                s.turn();
                s.out.clear();
            }
        }
    }

    @Test
    void shouldRefuseMetadataThatContradictsThePacket() {
        final Random random = new Random(815);
        try (Script s = new Script(simple())) {
            for (int i = 0; i < 20_000; i++) {
                final int index = s.host.pool.allocate();
                final int lengthBytes = random.nextInt(200);
                final long frame = s.host.packets.bufferAddress(index) + 32;
                for (int at = 0; at < lengthBytes; at++) {
                    s.host.packets.memory().putByte(frame + at, (byte) random.nextInt());
                }
                s.host.packets.offsets(index, random.nextInt(40), random.nextInt(80), random.nextInt(100));
                s.host.packets.networkLengthBytes(index, random.nextInt(300));
                s.host.packets.flags(index, random.nextBoolean() ? PacketLayout.FLAG_CLASSIFIED : 0);
                s.host.packets.flowId(index, random.nextInt());
                s.stack.input(PacketHandle.of(index, 32, lengthBytes), s.nowNs);
            }
            assertThat(s.count(TcpCounter.IN_ERRORS)).isPositive();
            assertThat(s.count(TcpCounter.IN_CHECKSUM_ERRORS)).isPositive();
            s.turn();
            s.host.pool.checkNoLeaks();
        }
    }
}
