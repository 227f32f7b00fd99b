package io.netchannel.channels.model;

import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.FlowTableLayout;
import io.netchannel.channels.flow.FlowTableReader;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A flow table of eight slots, its writer and a reader. All keys have one hash, and so one home slot. Each side has a memory
 * of its own making, so that either side's orderings can be taken away.
 */
final class FlowTableProgram {

    /** What a side makes of the memory that both share. */
    @FunctionalInterface
    interface Side {

        OrderedMemory over(WeakenedMemory memory, FlowTableProgram table);
    }

    static final Side INTACT = (memory, table) -> memory;
    static final int HASH = 0x1234_5678;

    static final FlowKey A = key(1, 1);
    static final FlowKey B = key(2, 2);
    /** Half of A, half of B. */
    static final FlowKey MIXTURE = key(2, 1);

    private static final int CAPACITY = 4;
    private static final int OLD_RULE = 0;
    private static final int NEW_RULE = 1;

    final Program program;
    final long address;
    private final Side writerSide;
    private final Side readerSide;
    private Consumer<FlowTable> filled = _ -> {
    };

    FlowTableProgram(final String name, final Side writerSide, final Side readerSide) {
        this.writerSide = writerSide;
        this.readerSide = readerSide;
        program = Program.named(name);
        address = program.allocate("table", FlowTable.sizeBytes(CAPACITY), FlowTableLayout.HEADER_BYTES);
    }

    static FlowTableProgram named(final String name) {
        return new FlowTableProgram(name, INTACT, INTACT);
    }

    private static FlowKey key(final int host, final int port) {
        return new FlowKey().protocol(FlowKey.TCP).remoteV4(host, port).localV4(9, 9);
    }

    /** Id of a flow of the tests. */
    static int id(final FlowKey key) {
        return key.remotePort() * 10 + (int) (key.remoteLow() & 0xFF);
    }

    private static boolean insert(final FlowTable table, final FlowKey key) {
        return table.insert(key, HASH, id(key));
    }

    /** What is in the table before the threads start. */
    FlowTableProgram with(final FlowKey... keys) {
        filled = table -> {
            for (final FlowKey key : keys) {
                insert(table, key);
            }
        };
        program.setup(memory -> table(memory, m -> m));
        return this;
    }

    private FlowTable table(final ModelledMemory memory, final UnaryOperator<OrderedMemory> side) {
        final FlowTable table = new FlowTable(side.apply(memory), address, CAPACITY);
        filled.accept(table);
        return table;
    }

    private FlowTable table(final ModelledThread t, final Side side) {
        return t.prepare(() -> table(t.memory(), _ -> side.over(WeakenedMemory.of(t.memory()), this)));
    }

    private static void require(final ModelledThread t, final boolean holds) {
        t.assertThat(holds, "the writer's own view");
    }

    private static void lookUp(final ModelledThread t, final FlowTableReader reader, final FlowKey key) {
        if (reader.find(key, HASH)) {
            t.assertEquals(id(key), reader.flowId(), "id of the flow that was found");
        }
    }

    /** A flow goes and another takes its slot, while a thread looks for {@code wanted}. */
    FlowTableProgram replaces(final FlowKey old, final FlowKey next, final FlowKey wanted) {
        program.thread("writer", t -> {
            final FlowTable table = table(t, writerSide);
            require(t, table.erase(old, HASH));
            require(t, insert(table, next));
        });
        program.thread("reader", t -> {
            final FlowTableReader reader = table(t, readerSide).newReader();
            if (wanted == MIXTURE) {
                t.assertThat(!reader.find(wanted, HASH), "a mixture of two flows was found");
            } else {
                lookUp(t, reader, wanted);
            }
        });
        return this;
    }

    /** A flow comes. */
    FlowTableProgram inserts(final FlowKey key) {
        program.thread("writer", t -> require(t, insert(table(t, writerSide), key)));
        program.thread("reader", t -> lookUp(t, table(t, readerSide).newReader(), key));
        return this;
    }

    /** A flow of which somebody else has told the reader is there, whatever lies between its home and its slot. */
    FlowTableProgram insertsAndTells(final FlowKey key) {
        final long told = program.allocate("told", Integer.BYTES, Long.BYTES);
        program.thread("writer", t -> {
            require(t, insert(table(t, writerSide), key));
            t.memory().putIntRelease(told, 1);
        });
        program.thread("reader", t -> {
            final FlowTableReader reader = table(t, readerSide).newReader();
            if (t.memory().getIntAcquire(told) == 1) {
                t.assertThat(reader.find(key, HASH), "the flow is missed");
                t.assertEquals(id(key), reader.flowId(), "id");
            }
        });
        return this;
    }

    /** The flow in front of the wanted one goes, and another comes in its place. */
    FlowTableProgram changesInFrontOf(final FlowKey wanted, final FlowKey front, final FlowKey next) {
        program.thread("writer", t -> {
            final FlowTable table = table(t, writerSide);
            require(t, table.erase(front, HASH));
            require(t, next == null || insert(table, next));
        });
        program.thread("reader", t -> {
            final FlowTableReader reader = table(t, readerSide).newReader();
            t.assertThat(reader.find(wanted, HASH), "the flow is missed");
            t.assertEquals(id(wanted), reader.flowId(), "id");
        });
        return this;
    }

    /** A verdict that comes too late is not the next flow's. */
    FlowTableProgram judgesLate(final FlowKey old, final FlowKey next) {
        program.thread("writer", t -> {
            final FlowTable table = table(t, writerSide);
            require(t, table.erase(old, HASH));
            require(t, insert(table, next));
        });
        program.thread("reader", t -> {
            final FlowTableReader reader = table(t, readerSide).newReader();
            if (reader.find(old, HASH)) {
                reader.setVerdict(true, 0);
            }
            if (reader.find(next, HASH)) {
                t.assertEquals(FlowTableReader.STALE, reader.verdict(0), "verdict of the flow before");
            }
        });
        return this;
    }

    /** The rules change and verdicts become stale, while a reader asks and keeps the answer, as the classifier does. */
    FlowTableProgram changesTheRules(final FlowKey key) {
        final long rule = program.allocate("rule", Integer.BYTES, Long.BYTES);
        program.thread("control", t -> {
            final FlowTable table = table(t, writerSide);
            t.memory().putIntOpaque(rule, NEW_RULE);
            table.invalidate();
        });
        program.thread("reader", t -> {
            final FlowTable table = table(t, readerSide);
            final FlowTableReader reader = table.newReader();
            for (int i = 0; i < 2; i++) {
                require(t, reader.find(key, HASH));
                final int generation = table.generation();
                int known = reader.verdict(generation);
                if (known == FlowTableReader.STALE) {
                    final boolean permitted = t.memory().getIntOpaque(rule) == OLD_RULE;
                    reader.setVerdict(permitted, generation);
                    known = permitted ? FlowTableReader.PERMITTED : FlowTableReader.DENIED;
                }
                t.assertThat(generation == 0 || known == FlowTableReader.DENIED, "a verdict of the old rules");
            }
        });
        return this;
    }
}
