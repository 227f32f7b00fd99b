package io.netchannel.tcpip.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReassemblerTest {

    private final Region region = Region.create("test", PacketMemory.requiredBytes(256, 2048));
    private final PacketMemory packets = new PacketMemory(region, 256, 2048);
    private final PacketPool pool = new PacketPool(packets);

    @AfterEach
    void close() {
        pool.checkNoLeaks();
        region.close();
    }

    private long packet(final int sequence, final int lengthBytes) {
        final int index = pool.allocate();
        for (int i = 0; i < lengthBytes; i++) {
            packets.memory().putByte(packets.bufferAddress(index) + 100 + i, Seg.pattern(sequence + i));
        }
        return PacketHandle.of(index, 100, lengthBytes);
    }

    private int insert(final Reassembler reassembler, final int sequence, final int lengthBytes) {
        final long packet = packet(sequence, lengthBytes);
        final int result = reassembler.insert(sequence, lengthBytes, packet, 0);
        if (result != Reassembler.KEPT) {
            pool.releasePacket(packet);
        }
        return result;
    }

    /** Against an array of what has arrived: bytes come out exactly when all before them are there, and are right. */
    @Test
    void shouldAgreeWithANaiveModel() {
        for (long seed = 0; seed < 500; seed++) {
            final Random random = new Random(seed);
            final Reassembler reassembler = new Reassembler(pool, new ReceiveBudget(1000), 200, 0);
            final int total = 2000;
            final int base = random.nextBoolean() ? random.nextInt() : -random.nextInt(2000);
            final boolean[] arrived = new boolean[total + 1];
            int next = 0;
            for (int i = 0; i < 100; i++) {
                final int from = random.nextInt(total);
                final int length = 1 + random.nextInt(Math.min(300, total - from));
                next = put(reassembler, arrived, base, next, from, length, "seed " + seed);
            }
            for (int from = 0; from < total; from += 250) {
                next = put(reassembler, arrived, base, next, from, 250, "seed " + seed);
            }
            assertThat(next).as("seed %d", seed).isEqualTo(total);
            assertThat(reassembler.isEmpty()).as("seed %d", seed).isTrue();
            assertThat(reassembler.heldBytes()).isZero();
            assertThat(reassembler.heldBuffers()).isZero();
            pool.checkNoLeaks();
        }
    }

    private int put(final Reassembler reassembler, final boolean[] arrived, final int base, final int next,
            final int from, final int length, final String name) {
        if (from <= next) {
            // In order: what the receiver takes itself.
            int now = Math.max(next, from + length);
            while (reassembler.advanceTo(base + now)) {
                now += take(reassembler, base + now, name);
            }
            for (int i = next; i < now; i++) {
                assertThat(arrived[i] || i < from + length).as(name).isTrue();
            }
            assertThat(arrived[now]).as("%s: stopped too early", name).isFalse();
            return now;
        }
        boolean isNew = false;
        for (int i = from; i < from + length; i++) {
            isNew |= !arrived[i];
            arrived[i] = true;
        }
        final int result = insert(reassembler, base + from, length);
        // One that is not new may still take the place of several that it covers.
        assertThat(result).as(name).isIn(Reassembler.KEPT, isNew ? Reassembler.KEPT : Reassembler.DUPLICATE);
        int held = 0;
        for (int i = next; i < arrived.length; i++) {
            held += arrived[i] ? 1 : 0;
        }
        assertThat(reassembler.heldBytes()).as(name).isEqualTo(held);
        return next;
    }

    private int take(final Reassembler reassembler, final int sequence, final String name) {
        final long packet = reassembler.headPacket();
        final int length = reassembler.headBytes();
        for (int i = 0; i < length; i++) {
            assertThat(packets.memory().getByte(packets.address(packet) + reassembler.headOffset() + i)).as(name)
                    .isEqualTo(Seg.pattern(sequence + i));
        }
        reassembler.removeHead();
        pool.releasePacket(packet);
        return length;
    }

    @Test
    void shouldPreferWhatIsNearest() {
        final ReceiveBudget budget = new ReceiveBudget(1000);
        final Reassembler reassembler = new Reassembler(pool, budget, 3, 0);
        for (int i = 3; i > 0; i--) {
            assertThat(insert(reassembler, i * 100, 10)).isEqualTo(Reassembler.KEPT);
        }
        assertThat(insert(reassembler, 400, 10)).isEqualTo(Reassembler.NO_ROOM);
        assertThat(insert(reassembler, 50, 10)).isEqualTo(Reassembler.KEPT);
        assertThat(reassembler.segments()).isEqualTo(3);
        assertThat(insert(reassembler, 300, 10)).as("gave way").isEqualTo(Reassembler.NO_ROOM);
        assertThat(budget.heldBuffers()).isEqualTo(3);
        reassembler.clear();
        assertThat(budget.heldBuffers()).isZero();
    }

    @Test
    void shouldRespectTheBudgetOfAll() {
        final ReceiveBudget budget = new ReceiveBudget(2);
        final Reassembler one = new Reassembler(pool, budget, 100, 0);
        final Reassembler other = new Reassembler(pool, budget, 100, 0);
        assertThat(insert(one, 100, 10)).isEqualTo(Reassembler.KEPT);
        assertThat(insert(other, 100, 10)).isEqualTo(Reassembler.KEPT);
        assertThat(insert(one, 200, 10)).isEqualTo(Reassembler.NO_ROOM);
        one.clear();
        assertThat(insert(other, 200, 10)).isEqualTo(Reassembler.KEPT);
        other.clear();
    }
}
