package io.netchannel.kernel.storage.journal;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import java.util.function.BiFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who finds a record committed finds all of it, in every execution that the CPUs allow. */
final class CommitWordModelTest {

    private static final int RECORDS = 2;
    private static final BiFunction<WeakenedMemory, Long, OrderedMemory> STRONG = (memory, word) -> memory;

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldShowWholeRecordsOnly(final MemoryModel model) {
        Explorer.check(program(STRONG, STRONG), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = "ARMV8")
    void shouldNeedTheReleaseOfCommit(final MemoryModel model) {
        Explorer.check(program((memory, word) -> memory.weakStores(word, Long.BYTES, AccessMode.OPAQUE), STRONG), model)
                .finds("data race");
    }

    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = "ARMV8")
    void shouldNeedTheAcquireOfCommitted(final MemoryModel model) {
        Explorer.check(program(STRONG, (memory, word) -> memory.weakLoads(word, Long.BYTES, AccessMode.OPAQUE)), model)
                .finds("data race");
    }

    /** A loop that appends, a helper that it hands the position to, and a reader. */
    private static Program program(final BiFunction<WeakenedMemory, Long, OrderedMemory> helperMemory,
            final BiFunction<WeakenedMemory, Long, OrderedMemory> readerMemory) {
        final Program program = Program.named("commit word");
        final long word = program.allocate("committed", CommitWord.SIZE_BYTES, Long.BYTES);
        final long handed = program.allocate("the executor's queue", Long.BYTES, Long.BYTES);
        final long records = program.allocate("records", RECORDS * Long.BYTES, Long.BYTES);
        program.thread("loop", t -> {
            for (int i = 1; i <= RECORDS; i++) {
                t.memory().putLong(records + (i - 1) * Long.BYTES, i);
                t.memory().putLongRelease(handed, i);
            }
        });
        program.thread("helper", t -> {
            final CommitWord commit = new CommitWord(helperMemory.apply(WeakenedMemory.of(t.memory()), word), word);
            final long[] target = new long[1];
            t.await(() -> (target[0] = t.memory().getLongAcquire(handed)) > 0);
            commit.commit(target[0]);
        });
        return program.thread("reader", t -> {
            final CommitWord commit = new CommitWord(readerMemory.apply(WeakenedMemory.of(t.memory()), word), word);
            final long committed = commit.committed();
            for (int i = 1; i <= committed; i++) {
                t.assertEquals(i, t.memory().getLong(records + (i - 1) * Long.BYTES), "record");
            }
        });
    }
}
