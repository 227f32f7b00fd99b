package io.netchannel.channels.model;

import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.ListenerTable;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.rewrite.ModelledClassLoader;
import io.netchannel.cpu.rewrite.ModelledProgram;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The listener table's snapshot, in every execution that the CPUs allow: who finds a listener sees what was done before it
 * listened, and so the snapshot's arrays too, which are filled before it is published.
 */
final class ListenerTableModelTest {

    private static ModelledClassLoader loader() {
        return new ModelledClassLoader(ListenerTableModelTest.class.getClassLoader())
                .rewrite(ListenerTable.class.getName()).rewrite(Listening.class.getName());
    }

    private static Program program(final ModelledClassLoader loader) {
        return loader.newProgram(Listening.class);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldPublishWhatWasDoneBefore(final MemoryModel model) {
        Explorer.check(program(loader()), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeedTheRelease(final MemoryModel model) {
        Explorer.check(program(loader().weaken("setRelease", "setOpaque")), model).finds("data race");
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeedTheAcquire(final MemoryModel model) {
        Explorer.check(program(loader().weaken("getAcquire", "getOpaque")), model).finds("data race");
    }

    /** A loop listens to two ports, one after the other, and a classifier looks for both. */
    static final class Listening implements ModelledProgram {

        private static final int LOCAL = 0x0A00_0001;

        private final ListenerTable[] table = new ListenerTable[1];

        @Override
        public Program program(final ModelledClassLoader loader) {
            final Program program = Program.named("listener table").heapWords(16);
            final long[] ready = {program.allocate("ready 0", Long.BYTES, Long.BYTES),
                program.allocate("ready 1", Long.BYTES, Long.BYTES)};
            program.setup(memory -> {
                loader.use(memory);
                table[0] = new ListenerTable();
                listen(7);
            });
            program.thread("loop", t -> {
                for (int i = 0; i < ready.length; i++) {
                    t.memory().putLong(ready[i], 1);
                    t.assertEquals(i + 1, listen(port(i)), "id");
                }
                t.assertThat(table[0].unlisten(FlowKey.TCP, 0, FlowKey.v4Mapped(LOCAL), 7, ListenerTable.ANY_VLAN, 0),
                        "it listened");
            });
            return program.thread("classifier", t -> {
                final boolean second = isReady(t, ready[1], port(1));
                final boolean first = isReady(t, ready[0], port(0));
                t.assertThat(!second || first, "the first listener is gone");
            });
        }

        private static int port(final int index) {
            return 80 + index;
        }

        private int listen(final int port) {
            return table[0].listen(FlowKey.TCP, 0, FlowKey.v4Mapped(LOCAL), port, ListenerTable.ANY_VLAN, 0);
        }

        private boolean isReady(final ModelledThread t, final long word, final int port) {
            final FlowKey key = new FlowKey().protocol(FlowKey.TCP).remoteV4(1, 1).localV4(LOCAL, port);
            if (table[0].find(key) == null) {
                return false;
            }
            t.assertEquals(1, t.memory().getLong(word), "what the loop did before");
            return true;
        }
    }
}
