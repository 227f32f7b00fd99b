package io.netchannel.kernel.memory;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two loops' heaps over one depot, in every execution that the CPUs allow: what one frees the other gets, once, and sees what was
 * written to it before. Magazines of one round, and blocks that have nothing: all goes by the depot.
 */
final class LoopHeapModelTest {

    private static final int LOOPS = 2;
    private static final int CELL_BYTES = 8;
    private static final int CELL_SHIFT = 3;
    private static final int MAGAZINES = 2 * LOOPS + 1;

    private final Program program = Program.named("loop heaps");
    private final long depot = program.allocate("depot", MagazineDepot.sizeBytes(MAGAZINES, 1), 128);
    private final long cells = program.allocate("cells", 3 * CELL_BYTES, CELL_BYTES);

    private LoopHeap heap(final OrderedMemory memory, final int loop) {
        return new LoopHeap(new BlockHeap("nothing", 4096, 4096, 0), memory, new MagazineDepot[]{
            new MagazineDepot(memory, depot, MAGAZINES, 1)}, CELL_SHIFT, loop);
    }

    private Program twoLoops() {
        program.setup(memory -> new MagazineDepot(memory, depot, MAGAZINES, 1).format(2 * LOOPS));
        program.thread("freeing loop", t -> {
            final LoopHeap heap = heap(t.memory(), 0);
            for (int i = 0; i < 3; i++) {
                final long cell = cells + (long) i * CELL_BYTES;
                t.memory().putLong(cell, 40 + i);
                // Two fit into its own magazines; with the third one goes to the depot.
                heap.free(cell, CELL_BYTES);
            }
            final long again = heap.allocate(CELL_BYTES);
            t.assertEquals(cells + 2 * CELL_BYTES, again, "the last one first");
        });
        return program.thread("taking loop", t -> {
            final LoopHeap heap = heap(t.memory(), 1);
            final long[] cell = new long[1];
            t.await(() -> (cell[0] = heap.allocate(CELL_BYTES)) != LoopHeap.NONE);
            t.assertEquals(cells, cell[0], "the first that was freed");
            t.assertEquals(40, t.memory().getLong(cell[0]), "what is in it");
            t.memory().putLong(cell[0], 50);
        });
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldHandWhatOneFreesToTheOther(final MemoryModel model) {
        Explorer.check(twoLoops(), model).assertHolds();
    }
}
