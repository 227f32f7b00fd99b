package io.netchannel.channels.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.TestMemory;
import io.netchannel.cpu.HostMemory;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One writer, one reader, few slots and fewer hashes, so that they meet. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FlowTableThreadsTest {

    private static final int STABLE = 8;
    private static final int CHANGING = 24;

    private final TestMemory own = new TestMemory();
    private final ExecutorService threads = Executors.newSingleThreadExecutor();

    @AfterEach
    void free() {
        threads.shutdownNow();
        own.close();
    }

    /** All words of the key and the flow id follow from the number, so that a mixture of two flows shows. */
    private static FlowKey key(final int number) {
        return new FlowKey().remote(number * 3L, number * 5L, number * 7).local(number * 11L, number * 13L, number)
                .protocol(6);
    }

    private static int hash(final int number) {
        return number % 3 * 0x1234_5678;
    }

    @Test
    void shouldFindEveryStableFlowAndNoMixtureWhileOthersComeAndGo() throws Exception {
        final FlowTable table = new FlowTable(HostMemory.INSTANCE, own.allocate(FlowTable.sizeBytes(40)), 40);
        final FlowTableReader reader = table.newReader();
        final Random random = new Random(21);
        final AtomicBoolean stop = new AtomicBoolean();
        // Stable flows lie behind changing ones in the same chains.
        for (int i = 0; i < CHANGING + STABLE; i++) {
            assertThat(table.insert(key(i), hash(i), i * 17)).isTrue();
        }
        final Future<Long> reading = threads.submit(() -> {
            long checked = 0;
            final FlowKey[] keys = new FlowKey[CHANGING + STABLE];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = key(i);
            }
            while (!stop.get()) {
                for (int i = 0; i < keys.length; i++) {
                    final boolean found = reader.find(keys[i], hash(i));
                    if (i >= CHANGING && !found) {
                        throw new AssertionError("flow " + i + " was not found after " + checked);
                    }
                    if (found && reader.flowId() != i * 17 && !(reader.isClosing() && i < CHANGING)) {
                        throw new AssertionError("flow " + i + " has flow id " + reader.flowId());
                    }
                }
                checked++;
            }
            return checked;
        });
        for (int step = 0; step < 1_000_000 && !reading.isDone(); step++) {
            final int number = random.nextInt(CHANGING);
            switch (random.nextInt(4)) {
                case 0, 1 -> table.erase(key(number), hash(number));
                case 2 -> table.insert(key(number), hash(number), number * 17);
                default -> table.close(key(number), hash(number));
            }
        }
        stop.set(true);
        assertThat(reading.get()).as("rounds of the reader").isPositive();
    }
}
