package io.netchannel.channels.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.channels.TestMemory;
import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FlowTableTest {

    private final TestMemory own = new TestMemory();
    private final OrderedMemory memory = HostMemory.INSTANCE;

    @AfterEach
    void free() {
        own.close();
    }

    private FlowTable table(final int capacity) {
        return new FlowTable(memory, own.allocate(FlowTable.sizeBytes(capacity)), capacity);
    }

    private static FlowKey key(final int number) {
        return new FlowKey().remoteV4(0x0A00_0000 + number, 1000 + number % 7).localV4(0x0A01_0000, 80).protocol(6);
    }

    @Test
    void shouldFindWhatWasInserted() {
        final FlowTable table = table(4);
        assertThat(table.find(key(1), 5)).isEqualTo(FlowTable.NONE);
        assertThat(table.insert(key(1), 5, 0)).isTrue();
        assertThat(table.insert(key(2), 5, Integer.MAX_VALUE)).isTrue();
        assertThat(table.find(key(1), 5)).isZero();
        assertThat(table.find(key(2), 5)).isEqualTo(Integer.MAX_VALUE);
        assertThat(table.find(key(3), 5)).isEqualTo(FlowTable.NONE);
        assertThat(table.size()).isEqualTo(2);
        assertThatThrownBy(() -> table.insert(key(3), 1, -1)).hasMessageContaining("flowId=-1");
    }

    @Test
    void shouldRefuseDuplicatesAndReplaceNothing() {
        final FlowTable table = table(4);
        table.insert(key(1), 5, 10);
        assertThat(table.insert(key(1), 5, 11)).isFalse();
        assertThat(table.find(key(1), 5)).isEqualTo(10);
        assertThat(table.duplicateInserts()).isEqualTo(1);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void shouldRefuseBeyondItsCapacity() {
        final FlowTable table = table(5);
        for (int i = 0; i < 5; i++) {
            assertThat(table.insert(key(i), i * 31, i)).isTrue();
        }
        assertThat(table.insert(key(5), 5, 5)).isFalse();
        assertThat(table.fullInserts()).isEqualTo(1);
        assertThat(table.erase(key(2), 62)).isTrue();
        assertThat(table.insert(key(5), 5, 5)).isTrue();
        assertThat(table.find(key(5), 5)).isEqualTo(5);
    }

    @Test
    void shouldEraseExactlyThatKeyAmongCollisions() {
        final FlowTable table = table(32);
        for (int i = 0; i < 20; i++) {
            table.insert(key(i), 7, i);
        }
        for (int erased = 0; erased < 20; erased += 2) {
            assertThat(table.erase(key(erased), 7)).isTrue();
            assertThat(table.erase(key(erased), 7)).as("again").isFalse();
        }
        for (int i = 0; i < 20; i++) {
            assertThat(table.find(key(i), 7)).isEqualTo(i % 2 == 0 ? FlowTable.NONE : i);
        }
        assertThat(table.size()).isEqualTo(10);
    }

    @Test
    void shouldTellKeysApartThatDifferInOneField() {
        final FlowTable table = table(16);
        final FlowKey key = new FlowKey().remote(1, 2, 3).local(4, 5, 6).protocol(7).vlanId(8);
        table.insert(key, 9, 1);
        final List<FlowKey> others = List.of(new FlowKey().copyFrom(key).remote(0, 2, 3),
                new FlowKey().copyFrom(key).remote(1, 0, 3), new FlowKey().copyFrom(key).remote(1, 2, 0),
                new FlowKey().copyFrom(key).local(0, 5, 6), new FlowKey().copyFrom(key).local(4, 0, 6),
                new FlowKey().copyFrom(key).local(4, 5, 0), new FlowKey().copyFrom(key).protocol(0),
                new FlowKey().copyFrom(key).vlanId(0));
        for (final FlowKey other : others) {
            assertThat(table.find(other, 9)).as(other.toString()).isEqualTo(FlowTable.NONE);
            assertThat(table.erase(other, 9)).as(other.toString()).isFalse();
        }
        assertThat(table.find(key, 9)).isEqualTo(1);
    }

    @Test
    void shouldBoundTheSearchWhateverTheHashes() {
        final FlowTable table = table(1000);
        final FlowTableReader reader = table.newReader();
        int inserted = 0;
        while (table.insert(key(inserted), 7, inserted)) {
            inserted++;
        }
        assertThat(inserted).as("all at one home slot").isEqualTo(FlowTable.MAX_PROBES);
        assertThat(table.fullInserts()).isEqualTo(1);
        assertThat(reader.find(key(-1), 7)).isFalse();
        assertThat(reader.probes()).isEqualTo(FlowTable.MAX_PROBES);
        assertThat(reader.find(key(inserted - 1), 7)).isTrue();
    }

    @Test
    void shouldAnswerFastWhereNothingIs() {
        final FlowTable table = table(1000);
        for (int i = 0; i < 1000; i++) {
            assertThat(table.insert(key(i), scramble(i), i)).isTrue();
        }
        final FlowTableReader reader = table.newReader();
        for (int i = 1000; i < 11_000; i++) {
            assertThat(reader.find(key(i), scramble(i))).isFalse();
        }
        assertThat(reader.lookups()).isEqualTo(10_000);
        assertThat(reader.hits()).isZero();
        assertThat(reader.probes()).as("half full: 2.5 expected").isLessThan(40_000);
    }

    @Test
    void shouldDeliverClosingFlowsWithoutTheirId() {
        final FlowTable table = table(4);
        final FlowTableReader reader = table.newReader();
        table.insert(key(1), 5, 10);
        assertThat(table.close(key(2), 5)).isFalse();
        assertThat(table.close(key(1), 5)).isTrue();
        assertThat(reader.find(key(1), 5)).isTrue();
        assertThat(reader.isClosing()).isTrue();
        assertThat(reader.flowId()).isEqualTo(FlowTable.NONE);
        assertThat(table.insert(key(1), 5, 11)).as("not before it is erased").isFalse();
        assertThat(table.erase(key(1), 5)).isTrue();
        assertThat(reader.find(key(1), 5)).isFalse();
        assertThat(table.insert(key(1), 5, 11)).isTrue();
        assertThat(reader.find(key(1), 5)).isTrue();
        assertThat(reader.isClosing()).isFalse();
        assertThat(reader.flowId()).isEqualTo(11);
    }

    @Test
    void shouldForgetVerdictsOfOtherGenerationsAndOtherFlows() {
        final FlowTable table = table(4);
        final FlowTableReader reader = table.newReader();
        table.insert(key(1), 5, 10);
        assertThat(reader.find(key(1), 5)).isTrue();
        assertThat(reader.verdict(0)).isEqualTo(FlowTableReader.STALE);
        reader.setVerdict(true, 0);
        assertThat(reader.verdict(0)).isEqualTo(FlowTableReader.PERMITTED);
        final FlowTableReader other = table.newReader();
        assertThat(other.find(key(1), 5)).isTrue();
        assertThat(other.verdict(0)).isEqualTo(FlowTableReader.PERMITTED);
        table.invalidate();
        assertThat(other.verdict(table.generation())).isEqualTo(FlowTableReader.STALE);
        assertThat(table.setVerdict(key(1), 5, false, -1)).isTrue();
        assertThat(reader.find(key(1), 5)).isTrue();
        assertThat(reader.verdict(-1)).isEqualTo(FlowTableReader.DENIED);
        assertThat(reader.verdict(0)).isEqualTo(FlowTableReader.STALE);

        table.erase(key(1), 5);
        table.insert(key(2), 5, 11);
        // The reader still has the flow before in its hands, whose slot it was.
        reader.setVerdict(true, 1);
        assertThat(other.find(key(2), 5)).isTrue();
        assertThat(other.verdict(1)).as("a verdict that came too late").isEqualTo(FlowTableReader.STALE);
        assertThat(table.setVerdict(key(1), 5, true, 1)).isFalse();
    }

    @Test
    void shouldBehaveLikeAMap() {
        for (final int capacity : new int[]{1, 3, 50, 200}) {
            final long seed = 77_000L + capacity;
            final Random random = new Random(seed);
            final FlowTable table = table(capacity);
            final Map<FlowKey, Integer> model = new HashMap<>();
            for (int step = 0; step < 60_000; step++) {
                final int number = random.nextInt(2 * capacity);
                final FlowKey key = key(number);
                // Few hashes, many collisions.
                final int hash = scramble(number % (capacity / 2 + 1));
                final String context = "seed " + seed + " step " + step;
                if (random.nextBoolean()) {
                    final long fullBefore = table.fullInserts();
                    final boolean inserted = table.insert(key, hash, step);
                    final boolean full = table.fullInserts() != fullBefore;
                    assertThat(inserted).as(context).isEqualTo(!model.containsKey(key) && !full);
                    if (inserted) {
                        model.put(key, step);
                    } else if (full) {
                        assertThat(model).as(context).doesNotContainKey(key);
                    }
                } else {
                    assertThat(table.erase(key, hash)).as(context).isEqualTo(model.remove(key) != null);
                }
                final int asked = random.nextInt(2 * capacity);
                assertThat(table.find(key(asked), scramble(asked % (capacity / 2 + 1)))).as(context)
                        .isEqualTo(model.getOrDefault(key(asked), FlowTable.NONE));
                assertThat(table.size()).as(context).isEqualTo(model.size());
            }
        }
    }

    @Test
    void shouldStayFastThroughEndlessTurnover() {
        final int capacity = 4096;
        final FlowTable table = table(capacity);
        final FlowTableReader reader = table.newReader();
        final Random random = new Random(13);
        final List<Integer> live = new ArrayList<>();
        int next = 0;
        while (live.size() < capacity) {
            assertThat(table.insert(key(next), scramble(next), next)).isTrue();
            live.add(next++);
        }
        for (int turn = 0; turn < 100 * capacity; turn++) {
            final int at = random.nextInt(capacity);
            final int gone = live.get(at);
            assertThat(table.erase(key(gone), scramble(gone))).isTrue();
            assertThat(table.insert(key(next), scramble(next), next)).isTrue();
            live.set(at, next++);
        }
        for (int i = 0; i < 20_000; i++) {
            assertThat(reader.find(key(next + i), scramble(next + i))).isFalse();
        }
        assertThat(reader.probes() / 20_000.0).as("entries looked at for a miss; 2.5 in a new table").isLessThan(5);
        for (final int number : live) {
            assertThat(table.find(key(number), scramble(number))).isEqualTo(number);
        }
        for (final int number : live) {
            table.erase(key(number), scramble(number));
        }
        assertThat(table.size()).isZero();
        final FlowTableReader last = table.newReader();
        for (int i = 0; i < 1_000; i++) {
            assertThat(last.find(key(i), scramble(i))).isFalse();
        }
        assertThat(last.probes()).as("an empty table answers at once").isEqualTo(1_000);
    }

    @Test
    void shouldUseTheWholeTableForHashesThatShareTheirLowBits() {
        final FlowTable table = table(1024);
        final FlowTableReader reader = table.newReader();
        for (int i = 0; i < 1024; i++) {
            assertThat(table.insert(key(i), scramble(i) & ~127 | 5, i)).isTrue();
        }
        for (int i = 0; i < 1024; i++) {
            assertThat(reader.find(key(i), scramble(i) & ~127 | 5)).isTrue();
        }
        assertThat(reader.probes()).isLessThan(3 * 1024);
    }

    @Test
    void shouldRefuseWhatDoesNotFitTheLayout() {
        assertThatThrownBy(() -> FlowTable.sizeBytes(0)).hasMessageContaining("capacity=0");
        assertThatThrownBy(() -> FlowTable.sizeBytes((1 << 24) + 1)).hasMessageContaining("capacity=");
        final long address = own.allocate(FlowTable.sizeBytes(4) + 64);
        assertThatThrownBy(() -> new FlowTable(memory, address + 64, 4)).hasMessageContaining("aligned");
        assertThat(FlowTable.sizeBytes(4)).isEqualTo(128 + 8 * 64);
        assertThat(FlowTable.sizeBytes(5)).isEqualTo(128 + 16 * 64);
    }

    static int scramble(final int value) {
        int mixed = value * 0x85EB_CA6B;
        mixed ^= mixed >>> 13;
        return mixed * 0xC2B2_AE35;
    }
}
