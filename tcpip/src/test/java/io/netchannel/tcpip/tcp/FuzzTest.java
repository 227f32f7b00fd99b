package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.Script.*;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.tcpip.TestRegion;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever arrives, in whatever state: no exception, no leak, and what is delivered is what was sent. */
class FuzzTest {

    private static final int SEEDS = 400;
    private static final int STEPS = 250;
    private static final TestHost.Setup SETUP = TestHost.Setup.plain().withBuffers(256, 2048);

    @Test
    void shouldSurviveRandomSegmentsInEveryState() {
        final Set<TcpState> seen = EnumSet.of(TcpState.LISTEN);
        try (TestRegion region = new TestRegion(SETUP.buffers(), SETUP.bufferBytes(), 1, 1024)) {
            for (long seed = 0; seed < SEEDS; seed++) {
                try {
                    fuzz(seed, region, seen);
                } catch (final RuntimeException | AssertionError failed) {
                    throw new AssertionError("seed " + seed + ": " + failed, failed);
                }
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(TcpState.values());
    }

    private static void fuzz(final long seed, final TestRegion region, final Set<TcpState> seen) {
        try (Hostile hostile = Hostile.on(SETUP, region, new Random(seed))) {
            for (int i = 0; i < STEPS; i++) {
                hostile.step();
            }
            seen.addAll(hostile.seen());
        }
    }

    @Test
    void shouldSurviveEveryFlagInEveryStateOfAForgottenFlow() {
        for (int flags = 0; flags < 256; flags++) {
            for (final int offset : new int[]{-1_000_000, -1, 0, 1, 65_535, 1_000_000}) {
                try (Script s = new Script(simple()).accept()) {
                    s.flow.close();
                    s.turn();
                    s.in(s.ack(2));
                    s.in(Seg.of(flags, s.peerSeq + offset, s.isn + 2).data(flags & 1));
                    s.in(Seg.of(FIN | ACK, s.peerSeq++, s.isn + 2));
                    s.in(Seg.of(flags, s.peerSeq + offset, s.isn + 2).data(flags & 1));
                }
            }
        }
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
