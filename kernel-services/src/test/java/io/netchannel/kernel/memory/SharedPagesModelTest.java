package io.netchannel.kernel.memory;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages that pass between threads by the free list, and by their counts, in every execution that the CPUs allow. */
final class SharedPagesModelTest {

    private static final int PAGE_BYTES = 256;
    private static final int RECORD_BYTES = 8;

    private final Program program = Program.named("shared pages");
    private final long control = program.allocate("control", SharedPages.CONTROL_BYTES, 128);
    private final long records = program.allocate("records", 2L * RECORD_BYTES, 128);
    private final long bytes = program.allocate("pages", 2L * PAGE_BYTES, 256);

    private SharedPages pages(final OrderedMemory memory, final int count) {
        return new SharedPages(memory, 0, count, PAGE_BYTES, bytes, PAGE_BYTES, records, RECORD_BYTES, control);
    }

    private Program users(final int count, final int rounds) {
        program.setup(memory -> pages(memory, count).format());
        for (int user = 1; user <= 2; user++) {
            final long mark = user;
            program.thread("user " + user, t -> {
                final SharedPages pages = pages(t.memory(), count);
                for (int i = 0; i < rounds; i++) {
                    final int page = pages.allocate();
                    if (page != SharedPages.NONE) {
                        t.memory().putLong(pages.address(page), mark);
                        t.assertEquals(mark, t.memory().getLong(pages.address(page)), "bytes of a page of one's own");
                        pages.release(page);
                    }
                }
            });
        }
        return program;
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldGiveAPageToOneAtATime(final MemoryModel model) {
        Explorer.check(users(1, 1), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldKeepTheListWholeWhenHeadsComeBack(final MemoryModel model) {
        Explorer.check(users(2, 1), model).assertHolds();
    }

    /** Somebody retains what he doesn't hold, and is told so: the next holder's count is the holder's all the same. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldCountTheNextHolderRightWhenAnotherRetainsTooLate(final MemoryModel model) {
        program.setup(memory -> pages(memory, 1).format());
        program.thread("late", t -> {
            final SharedPages pages = pages(t.memory(), 1);
            try {
                pages.retain(0);
            } catch (final IllegalStateException released) {
                return;
            }
            pages.release(0);
        });
        program.thread("holder", t -> {
            final SharedPages pages = pages(t.memory(), 1);
            t.assertEquals(0, pages.allocate(), "page");
            pages.release(0);
        });
        Explorer.check(program, model).assertHolds();
    }

    /** A file that changes a page unless it is being sent, and a connection whose last look at it is over. */
    private Program writer(final Function<ModelledMemory, OrderedMemory> writers) {
        program.setup(memory -> {
            final SharedPages pages = pages(memory, 1);
            pages.format();
            pages.allocate();
            pages.retain(0);
            memory.putLong(bytes, 1);
        });
        program.thread("connection", t -> {
            t.assertEquals(1, t.memory().getLong(bytes), "what is sent");
            pages(t.memory(), 1).release(0);
        });
        return program.thread("file", t -> {
            if (!pages(writers.apply(t.memory()), 1).isShared(0)) {
                t.memory().putLong(bytes, 2);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNotChangeWhatIsBeingSent(final MemoryModel model) {
        Explorer.check(writer(memory -> memory), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldNeedTheOrderOfTheLookAtTheCount(final MemoryModel model) {
        Explorer.check(writer(memory -> WeakenedMemory.of(memory).weakLoads(records, RECORD_BYTES, AccessMode.OPAQUE)),
                model).finds("data race");
    }

    /** Two holders that drop a page at once: one of them frees it, when both have read. */
    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldFreeAfterTheLastHolder(final MemoryModel model) {
        program.setup(memory -> {
            final SharedPages pages = pages(memory, 1);
            pages.format();
            pages.allocate();
            pages.retain(0);
            memory.putLong(bytes, 1);
        });
        for (int holder = 1; holder <= 2; holder++) {
            program.thread("holder " + holder, t -> {
                final SharedPages pages = pages(t.memory(), 1);
                t.assertEquals(1, t.memory().getLong(bytes), "bytes");
                pages.release(0);
                if (pages.allocate() == 0) {
                    t.memory().putLong(bytes, 2);
                }
            });
        }
        Explorer.check(program, model).assertHolds();
    }
}
