package io.netchannel.channels.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.CheckedMemory;
import io.netchannel.channels.TestMemory;
import io.netchannel.cpu.HostMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Everything that the writer can do, between any two accesses of a reader; and a reader between any two of the writer.
 */
final class FlowTableInterleavingTest {

    private static final int HASH = 7;
    private static final int CAPACITY = 8;
    private static final int SLOTS = 16;
    private static final int ACCESSES = 60;

    // Two flows, and two that are made of halves of them.
    private static final FlowKey FIRST = new FlowKey().remote(1, 1, 1).local(1, 1, 1).protocol(6);
    private static final FlowKey SECOND = new FlowKey().remote(2, 2, 2).local(2, 2, 2).protocol(6);
    private static final FlowKey STABLE = new FlowKey().remote(3, 3, 3).local(3, 3, 3).protocol(6);
    private static final int FIRST_ID = 1;
    private static final int SECOND_ID = 2;
    private static final int STABLE_ID = 3;

    private final TestMemory own = new TestMemory();
    private final CheckedMemory interrupted = new CheckedMemory(0, 0);

    @AfterEach
    void free() {
        own.close();
    }

    private interface Step {
        void run(FlowTable table);
    }

    private static final Step[] STEPS = {
        table -> {
            table.erase(FIRST, HASH);
            table.insert(SECOND, HASH, SECOND_ID);
        },
        table -> table.erase(FIRST, HASH),
        table -> {
            table.erase(FIRST, HASH);
            table.insert(FIRST, HASH, FIRST_ID);
        },
        table -> table.close(FIRST, HASH),
        table -> table.insert(SECOND, HASH, SECOND_ID),
        table -> {
            for (int i = 0; i < 3; i++) {
                table.erase(FIRST, HASH);
                table.insert(SECOND, HASH, SECOND_ID);
                table.erase(SECOND, HASH);
                table.insert(FIRST, HASH, FIRST_ID);
            }
        }};

    @Test
    void shouldFindWholeFlowsOnlyWhereverTheWriterComesInBetween() {
        for (final Step step : STEPS) {
            for (int after = 0; after < ACCESSES; after++) {
                for (int mask = 0; mask < 64; mask++) {
                    final long address = own(CAPACITY);
                    final FlowTable table = filled(new FlowTable(HostMemory.INSTANCE, address, CAPACITY));
                    final FlowTableReader reader = new FlowTableReader(interrupted, address, SLOTS);
                    interrupted.interruptAfter(after, () -> step.run(table));
                    check(reader, mixture(mask), mask, "step after " + after + " mixture " + mask);
                    interrupted.interruptAfter(after, () -> step.run(table));
                    check(reader, STABLE, -1, "step after " + after);
                }
            }
        }
        interrupted.interruptAfter(0, null);
    }

    @Test
    void shouldShowWholeFlowsOnlyWhereverAReaderLooksInBetween() {
        for (final Step step : STEPS) {
            for (int after = 0; after < 6 * ACCESSES; after++) {
                final long address = own(CAPACITY);
                final FlowTable table = filled(new FlowTable(interrupted, address, CAPACITY));
                final FlowTableReader reader = new FlowTableReader(HostMemory.INSTANCE, address, SLOTS);
                final String context = "reader after " + after;
                interrupted.interruptAfter(after, () -> {
                    for (int mask = 0; mask < 64; mask++) {
                        check(reader, mixture(mask), mask, context);
                    }
                    check(reader, STABLE, -1, context);
                });
                step.run(table);
                interrupted.interruptAfter(0, null);
            }
        }
    }

    private long reused;

    private long own(final int capacity) {
        if (reused == 0) {
            reused = own.allocate(FlowTable.sizeBytes(capacity));
        }
        return reused;
    }

    /** The stable flow lies behind the one that goes. */
    private static FlowTable filled(final FlowTable table) {
        assertThat(table.insert(FIRST, HASH, FIRST_ID)).isTrue();
        assertThat(table.insert(STABLE, HASH, STABLE_ID)).isTrue();
        return table;
    }

    private static FlowKey mixture(final int mask) {
        return new FlowKey().remote(half(mask, 0), half(mask, 1), half(mask, 2)).local(half(mask, 3), half(mask, 4),
                half(mask, 5)).protocol(6);
    }

    private static int half(final int mask, final int bit) {
        return 1 + (mask >>> bit & 1);
    }

    private static void check(final FlowTableReader reader, final FlowKey key, final int mask, final String context) {
        final boolean found = reader.find(key, HASH);
        final boolean whole = mask <= 0 || mask == 63;
        if (found && !whole || !found && mask < 0) {
            throw new AssertionError(context + (found ? ": found a mixture" : ": missed the stable flow"));
        }
        final int id = mask < 0 ? STABLE_ID : mask == 0 ? FIRST_ID : SECOND_ID;
        if (found && reader.flowId() != id && !reader.isClosing()) {
            throw new AssertionError(context + ": flow id " + reader.flowId() + " instead of " + id);
        }
    }
}
