package io.netchannel.kernel.memory;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Magazines that go from loop to loop through the depot, in every execution that the CPUs allow: each is one loop's at a time,
 * and comes with the rounds that were put into it. Rounds and what they stand for are plain words.
 */
final class MagazineDepotModelTest {

    private static final int MAGAZINES = 3;
    private static final int ROUNDS = 1;

    private final Program program = Program.named("magazines");
    private final long depot = program.allocate("depot", MagazineDepot.sizeBytes(MAGAZINES, ROUNDS), 128);
    private final long cells = program.allocate("cells", MAGAZINES * 8L, 8);

    private MagazineDepot depot(final OrderedMemory memory) {
        return new MagazineDepot(memory, depot, MAGAZINES, ROUNDS);
    }

    private long cell(final int index) {
        return cells + index * 8L;
    }

    /** A loop fills its magazine and changes it for an empty one; two others take what there is. */
    private Program handOver() {
        program.setup(memory -> depot(memory).format(1));
        program.thread("giver", t -> {
            final MagazineDepot mine = depot(t.memory());
            t.memory().putLong(cell(0), 42);
            t.memory().putLong(mine.slots(0), cell(0));
            mine.rounds(0, 1);
            mine.putFull(0);
            final int empty = mine.takeEmpty();
            t.assertThat(empty == 1 || empty == 2 || empty == 0, "an empty magazine: " + empty);
        });
        for (int i = 0; i < 2; i++) {
            final String took = "took " + i;
            program.thread("taker " + i, t -> {
                final MagazineDepot mine = depot(t.memory());
                final int full = mine.takeFull();
                if (full == MagazineDepot.NONE) {
                    t.result(took, 0);
                    return;
                }
                t.result(took, 1);
                t.assertEquals(1, mine.rounds(full), "rounds");
                final long block = t.memory().getLong(mine.slots(full));
                t.assertEquals(42, t.memory().getLong(block), "what was written to the block");
                t.memory().putLong(block, 43);
                mine.rounds(full, 0);
                mine.putEmpty(full);
            });
        }
        return program.finally_((results, memory) -> {
            if (results.get("took 0") + results.get("took 1") > 1) {
                throw new AssertionError("both took it");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldBringAMagazineToOneLoopWithAllThatIsInIt(final MemoryModel model) {
        Explorer.check(handOver(), model).assertHolds();
    }

    /** A loop takes the top magazine and the one below it and gives the top one back, while another takes two. */
    private Program cameBack(final Function<ModelledMemory, OrderedMemory> slow) {
        program.setup(memory -> depot(memory).format(0));
        program.thread("quick", t -> {
            final MagazineDepot mine = depot(t.memory());
            final int top = mine.takeEmpty();
            final int below = mine.takeEmpty();
            hold(t, top);
            if (below != MagazineDepot.NONE) {
                hold(t, below);
            }
            letGo(t, top);
            mine.putEmpty(top);
        });
        return program.thread("slow", t -> {
            final MagazineDepot mine = depot(slow.apply(t.memory()));
            hold(t, mine.takeEmpty());
            final int second = mine.takeEmpty();
            if (second != MagazineDepot.NONE) {
                hold(t, second);
            }
        });
    }

    /** ABA: the other may stand between its look and its compare-and-set. The version tells. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldTellAMagazineThatCameBackFromOneThatStayed(final MemoryModel model) {
        Explorer.check(cameBack(memory -> memory), model).assertHolds();
    }

    /** Without it the link is read before the top, and is that of before the magazine came back. */
    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = {"ARMV8", "ARMV8_NO_LSE"})
    void shouldNeedTheAcquireOfTheTop(final MemoryModel model) {
        Explorer.check(cameBack(memory -> WeakenedMemory.of(memory).weakLoads(depot + MagazineDepot.EMPTY_OFFSET,
                Long.BYTES, AccessMode.OPAQUE)), model).finds("holders of magazine 1");
    }

    private void hold(final ModelledThread t, final int magazine) {
        t.assertThat(magazine != MagazineDepot.NONE, "there are three");
        // Plain: two that hold the same are a race.
        t.assertEquals(0, t.memory().getLong(cell(magazine)), "holders of magazine " + magazine);
        t.memory().putLong(cell(magazine), 1);
    }

    private void letGo(final ModelledThread t, final int magazine) {
        t.memory().putLong(cell(magazine), 0);
    }
}
