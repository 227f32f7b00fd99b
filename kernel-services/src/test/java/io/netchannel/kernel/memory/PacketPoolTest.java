package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.Allocations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacketPoolTest {

    private static final int BUFFERS = 16;

    private final Region region = Region.create("packet-pool-test", PacketMemory.requiredBytes(BUFFERS, 2048));
    private final PacketMemory packets = new PacketMemory(region, BUFFERS, 2048);
    private final PacketPool pool = new PacketPool(packets);

    @AfterEach
    void close() {
        region.close();
    }

    @Test
    void shouldHandOutEachBufferOnceAndThenNone() {
        final Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < BUFFERS; i++) {
            assertThat(pool.available()).isEqualTo(BUFFERS - i);
            assertThat(taken.add(pool.allocate())).isTrue();
        }
        assertThat(taken).allMatch(index -> index >= 0 && index < BUFFERS);
        assertThat(pool.allocate()).isEqualTo(PacketPool.EMPTY);
        assertThat(pool.allocate()).isEqualTo(PacketPool.EMPTY);
        assertThat(pool.exhaustions()).isEqualTo(2);
        assertThat(pool.allocations()).isEqualTo(BUFFERS);
        assertThat(pool.available()).isZero();
        assertThat(pool.lowestAvailable()).isZero();
    }

    @Test
    void shouldHandOutTheBufferThatCameBackLast() {
        final int first = pool.allocate();
        final int second = pool.allocate();
        pool.release(second);
        pool.release(first);
        assertThat(pool.allocate()).isEqualTo(first);
        assertThat(pool.lowestAvailable()).isEqualTo(BUFFERS - 2);
    }

    @Test
    void shouldClearMetadataOfABufferThatIsUsedAgain() {
        final int index = pool.allocate();
        packets.flags(index, PacketLayout.FLAG_CLASSIFIED);
        packets.flowId(index, 9);
        packets.addSlice(index, PacketHandle.of(0, 0, 0));
        packets.clearSlices(index);
        pool.release(index);
        assertThat(pool.allocate()).isEqualTo(index);
        assertThat(packets.flags(index)).isZero();
        assertThat(packets.flowId(index)).isEqualTo(-1);
    }

    @Test
    void shouldKeepABufferUntilItsLastReferenceGoes() {
        final int index = pool.allocate();
        pool.retain(index);
        pool.retain(index);
        pool.release(index);
        pool.release(index);
        assertThat(pool.available()).isEqualTo(BUFFERS - 1);
        pool.release(index);
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @Test
    void shouldRefuseToReleaseOrRetainWhatNobodyHolds() {
        final int index = pool.allocate();
        pool.release(index);
        assertThatThrownBy(() -> pool.release(index)).isInstanceOf(IllegalStateException.class)
                .hasMessage("buffer " + index + " released twice");
        assertThatThrownBy(() -> pool.retain(index)).isInstanceOf(IllegalStateException.class)
                .hasMessage("buffer " + index + " retained after its release");
        assertThat(pool.available()).isEqualTo(BUFFERS);
        assertThatCode(pool::checkNoLeaks).doesNotThrowAnyException();
    }

    @Test
    void shouldReleaseAPacketWithItsSlices() {
        final int head = pool.allocate();
        final int shared = pool.allocate();
        final int whole = pool.allocate();
        pool.retain(shared);
        packets.addSlice(head, PacketHandle.of(shared, 0, 10));
        packets.addSlice(head, PacketHandle.of(whole, 5, 10));
        pool.releasePacket(PacketHandle.of(head, 128, 54));
        assertThat(pool.available()).isEqualTo(BUFFERS - 1);
        assertThat(packets.sliceCount(head)).isZero();
        assertThatThrownBy(pool::checkNoLeaks).hasMessage("1 of 16 buffers not returned: " + shared + "(references=1)");
    }

    @Test
    void shouldReleaseAPacketThatHoldsOneBufferTwice() {
        final int head = pool.allocate();
        final int chunk = pool.allocate();
        pool.retain(chunk);
        packets.addSlice(head, PacketHandle.of(chunk, 0, 10));
        packets.addSlice(head, PacketHandle.of(chunk, 10, 10));
        pool.releasePacket(PacketHandle.of(head, 128, 54));
        assertThatCode(pool::checkNoLeaks).doesNotThrowAnyException();
    }

    @Test
    void shouldNameTheBuffersThatLeaked() {
        final int a = pool.allocate();
        final int b = pool.allocate();
        pool.retain(b);
        assertThatThrownBy(pool::checkNoLeaks).isInstanceOf(IllegalStateException.class).hasMessageStartingWith(
                "2 of 16 buffers not returned:").hasMessageContaining(" " + a + "(references=1)")
                .hasMessageContaining(" " + b + "(references=2)");
    }

    @Test
    void shouldSendForeignBuffersHome() {
        final List<Integer> toFirst = new ArrayList<>();
        final PacketPool first = new PacketPool(packets, 0, 8, index -> {
            throw new AssertionError("buffer " + index + " came the wrong way");
        });
        final PacketPool second = new PacketPool(packets, 8, 8, toFirst::add);
        final int lent = first.allocate();
        assertThat(second.owns(lent)).isFalse();
        second.retain(lent);
        second.release(lent);
        assertThat(toFirst).isEmpty();
        second.release(lent);
        assertThat(toFirst).containsExactly(lent);
        assertThat(first.available()).isEqualTo(7);
        assertThat(second.available()).isEqualTo(8);
        first.reclaim(lent);
        assertThat(first.allocate()).isEqualTo(lent);
        first.release(lent);
        assertThatCode(first::checkNoLeaks).doesNotThrowAnyException();
    }

    @Test
    void shouldReleaseAPacketOfBuffersFromTwoPools() {
        final List<Integer> toFirst = new ArrayList<>();
        final PacketPool first = new PacketPool(packets, 0, 8, index -> {
        });
        final PacketPool second = new PacketPool(packets, 8, 8, toFirst::add);
        final int head = first.allocate();
        final int slice = second.allocate();
        packets.addSlice(head, PacketHandle.of(slice, 0, 4));
        second.releasePacket(PacketHandle.of(head, 0, 14));
        assertThat(toFirst).containsExactly(head);
        assertThat(second.available()).isEqualTo(8);
    }

    @Test
    void shouldReclaimOnlyWhatIsOnItsWayHome() {
        final List<Integer> returned = new ArrayList<>();
        final PacketPool first = new PacketPool(packets, 0, 8, index -> {
        });
        final PacketPool second = new PacketPool(packets, 8, 8, returned::add);
        final int lent = first.allocate();
        final int held = first.allocate();
        second.release(lent);
        assertThatThrownBy(() -> first.reclaim(9)).hasMessage("buffer 9 is not of pool 0..+8");
        assertThatThrownBy(() -> first.reclaim(-1)).hasMessage("buffer -1 is not of pool 0..+8");
        assertThatThrownBy(() -> first.reclaim(held)).hasMessage(
                "buffer " + held + " is not on its way home: references=1");
        assertThatThrownBy(() -> second.release(lent)).hasMessage("buffer " + lent + " released twice");
        assertThatThrownBy(() -> second.retain(lent)).hasMessage("buffer " + lent + " retained after its release");
        first.reclaim(lent);
        assertThatThrownBy(() -> first.reclaim(lent)).hasMessage(
                "buffer " + lent + " is not on its way home: references=0");
        assertThat(first.available()).isEqualTo(7);
    }

    @Test
    void shouldSayThatNobodyTakesForeignBuffersOfASinglePool() {
        final PacketPool half = new PacketPool(packets, 0, 8, index -> {
            throw new IllegalStateException("no way home");
        });
        final int foreign = pool.allocate() % 8 + 8;
        packets.referenceCount(foreign, 1);
        assertThatThrownBy(() -> half.release(foreign)).hasMessage("no way home");
    }

    @ParameterizedTest
    @CsvSource({"-1,1", "0,0", "0,17", "16,1", "1,16", "2147483647,1", "1,2147483647", "0,-1"})
    void shouldRefuseARangeOutsideTheMemory(final int first, final int count) {
        assertThatThrownBy(() -> new PacketPool(packets, first, count, index -> {
        })).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("buffers " + first + "..+" + count + " are not within bufferCount=16");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAgreeWithAModelWhateverHappens(final long seed) {
        final Random random = new Random(seed);
        final Map<Integer, Integer> references = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            final List<Integer> held = new ArrayList<>(references.keySet());
            switch (random.nextInt(3)) {
                case 0 -> {
                    final int index = pool.allocate();
                    if (held.size() == BUFFERS) {
                        assertThat(index).as("seed %d", seed).isEqualTo(PacketPool.EMPTY);
                    } else {
                        assertThat(references.put(index, 1)).as("seed %d: buffer %d", seed, index).isNull();
                    }
                }
                case 1 -> {
                    if (!held.isEmpty()) {
                        final int index = held.get(random.nextInt(held.size()));
                        pool.retain(index);
                        references.merge(index, 1, Integer::sum);
                    }
                }
                default -> {
                    if (!held.isEmpty()) {
                        final int index = held.get(random.nextInt(held.size()));
                        pool.release(index);
                        references.computeIfPresent(index, (i, count) -> count == 1 ? null : count - 1);
                    }
                }
            }
            assertThat(pool.available()).as("seed %d, step %d", seed, step).isEqualTo(BUFFERS - references.size());
        }
    }

    @Test
    void shouldAllocateNothingOnTheHeap() {
        assertThat(Allocations.leastBytes(() -> {
            for (int i = 0; i < 10_000; i++) {
                final int head = pool.allocate();
                final int slice = pool.allocate();
                packets.addSlice(head, PacketHandle.of(slice, 0, 100));
                pool.releasePacket(PacketHandle.of(head, 128, 54));
            }
        })).isZero();
    }
}
