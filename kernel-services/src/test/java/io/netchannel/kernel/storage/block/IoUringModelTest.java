package io.netchannel.kernel.storage.block;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.Fence;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import io.netchannel.kernel.linux.CompletionEntryLayout;
import io.netchannel.kernel.linux.IoUringFlags;
import io.netchannel.kernel.linux.SubmissionEntryLayout;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * io_uring's rings, in every execution that the CPUs allow: our side as it ships, the kernel's as its source orders it
 * ({@code io_uring/sqpoll.c}, {@code io_uring/io_uring.c}: acquire of the submission tail, release of its head, acquire of
 * the completion head, release of its tail, a full barrier between NEED_WAKEUP and the last look).
 */
final class IoUringModelTest {

    private static final Function<ModelledMemory, OrderedMemory> INTACT = memory -> memory;
    private static final int SUBMISSIONS = 1;
    private static final int COMPLETIONS = 1;

    private final Program program = Program.named("io_uring");
    private final long submissionHead = word("sq head");
    private final long submissionTail = word("sq tail");
    private final long flags = word("sq flags");
    private final long array = program.allocate("sq array", SUBMISSIONS * Integer.BYTES, Integer.BYTES);
    private final long submissions = program.allocate("sqes", SUBMISSIONS * SubmissionEntryLayout.ENTRY_BYTES, 64);
    private final long completionHead = word("cq head");
    private final long completionTail = word("cq tail");
    private final long completions = program.allocate("cqes", COMPLETIONS * CompletionEntryLayout.ENTRY_BYTES, 64);
    private final long bell = word("wake-up");
    private final long event = word("eventfd");
    private final long buffer = word("buffer");

    private long word(final String name) {
        return program.allocate(name, Integer.BYTES, Integer.BYTES);
    }

    private SubmissionRing submissionRing(final OrderedMemory memory) {
        return new SubmissionRing(memory, submissionHead, submissionTail, flags, array, submissions, SUBMISSIONS);
    }

    private CompletionRing completionRing(final OrderedMemory memory) {
        return new CompletionRing(memory, completionHead, completionTail, completions, COMPLETIONS);
    }

    // -- submission and completion, through rings of one entry: each is used again

    private Program requests(final int count, final Function<ModelledMemory, OrderedMemory> ours) {
        program.setup(memory -> submissionRing(memory));
        program.thread("application", t -> {
            final OrderedMemory memory = ours.apply(t.memory());
            final SubmissionRing submission = t.prepare(() -> submissionRing(memory));
            final CompletionRing completion = completionRing(memory);
            for (int i = 0; i < count; i++) {
                final int request = i;
                t.await(() -> submission.add(request, 0, 0, 0, 10 + request, 0));
                submission.publish();
            }
            for (int done = 0; done < count; done++) {
                t.await(completion::next);
                t.assertEquals(10 + done, completion.userData(), "user data");
                t.assertEquals(done, completion.result(), "result");
                t.assertEquals(done, t.memory().getInt(buffer), "what was read");
                completion.release();
            }
        });
        return program.thread("kernel", t -> {
            for (int taken = 0; taken < count; taken++) {
                serve(t, taken);
            }
        });
    }

    private void serve(final ModelledThread t, final int taken) {
        final ModelledMemory memory = t.memory();
        t.await(() -> memory.getIntAcquire(submissionTail) != taken);
        final long entry = submissions + (long) taken % SUBMISSIONS * SubmissionEntryLayout.ENTRY_BYTES;
        final long operation = memory.getLong(entry);
        final long userData = memory.getLong(entry + SubmissionEntryLayout.USER_DATA_OFFSET);
        t.assertEquals(taken, operation, "operation");
        memory.putIntRelease(submissionHead, taken + 1);
        t.await(() -> taken - memory.getIntAcquire(completionHead) < COMPLETIONS);
        memory.putInt(buffer, (int) operation);
        final long completion = completions + (long) taken % COMPLETIONS * CompletionEntryLayout.ENTRY_BYTES;
        memory.putLong(completion, userData);
        memory.putInt(completion + CompletionEntryLayout.RESULT_OFFSET, (int) operation);
        memory.putIntRelease(completionTail, taken + 1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldCarryRequestsAndCompletions(final MemoryModel model) {
        Explorer.check(requests(2, INTACT), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = {"ARMV8", "ARMV8_NO_LSE"})
    void shouldNeedEachOfItsOrders(final MemoryModel model) {
        breaks(model, memory -> memory.weakStores(submissionTail, Integer.BYTES, AccessMode.OPAQUE));
        breaks(model, memory -> memory.weakLoads(submissionHead, Integer.BYTES, AccessMode.OPAQUE));
        breaks(model, memory -> memory.weakLoads(completionTail, Integer.BYTES, AccessMode.OPAQUE));
        breaks(model, memory -> memory.weakStores(completionHead, Integer.BYTES, AccessMode.OPAQUE));
    }

    private void breaks(final MemoryModel model, final Function<WeakenedMemory, OrderedMemory> weakening) {
        final IoUringModelTest fresh = new IoUringModelTest();
        final long shift = fresh.submissionHead - submissionHead;
        assert shift == 0 : "programs are laid out alike";
        final var found = Explorer.check(fresh.requests(2, memory -> weakening.apply(WeakenedMemory.of(memory))),
                model);
        if (found.violation() == null) {
            throw new AssertionError(found + " holds without an order");
        }
    }

    // -- the kernel thread that takes submissions, and sleeps

    private Program submissionThread(final Function<ModelledMemory, OrderedMemory> ours) {
        program.setup(memory -> submissionRing(memory));
        program.thread("application", t -> {
            final SubmissionRing submission = t.prepare(() -> submissionRing(ours.apply(t.memory())));
            submission.add(0, 0, 0, 0, 0, 0);
            submission.publish();
            if (submission.needsWakeUp()) {
                t.memory().getAndAddInt(bell, 1);
            }
        });
        return program.thread("kernel", t -> {
            final ModelledMemory memory = t.memory();
            if (memory.getIntAcquire(submissionTail) == 0) {
                memory.putIntOpaque(flags, IoUringFlags.IORING_SQ_NEED_WAKEUP);
                memory.fullFence();
                if (memory.getIntAcquire(submissionTail) == 0) {
                    t.await(() -> memory.getIntAcquire(bell) != 0);
                }
            }
            t.assertEquals(1, memory.getIntAcquire(submissionTail), "tail");
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldWakeTheSubmissionThread(final MemoryModel model) {
        Explorer.check(submissionThread(INTACT), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = "SC", mode = EnumSource.Mode.EXCLUDE)
    void shouldLeaveTheSubmissionThreadAsleepWithoutTheFence(final MemoryModel model) {
        Explorer.check(submissionThread(memory -> WeakenedMemory.of(memory).without(Fence.FULL)), model)
                .finds("deadlock");
    }

    // -- a loop's sleep: the eventfd is drained, then the rings are looked at

    private Program sleeps(final boolean drainFirst) {
        program.setup(memory -> submissionRing(memory));
        program.thread("application", t -> {
            final ModelledMemory memory = t.memory();
            final SubmissionRing submission = t.prepare(() -> submissionRing(memory));
            while (true) {
                if (drainFirst) {
                    memory.getAndSetInt(event, 0);
                }
                final boolean work = submission.hasTaskWork();
                if (!drainFirst) {
                    memory.getAndSetInt(event, 0);
                }
                if (work) {
                    return;
                }
                t.await(() -> memory.getIntAcquire(event) != 0);
            }
        });
        return program.thread("kernel", t -> {
            // An atomic that orders nothing, as atomic_or is; then the eventfd, under its lock.
            t.memory().putIntOpaque(flags, IoUringFlags.IORING_SQ_TASKRUN);
            t.memory().getAndAddInt(event, 1);
        });
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindWhatTheKernelLeftBeforeItSleeps(final MemoryModel model) {
        Explorer.check(sleeps(true), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource
    void shouldSleepOnWorkIfItDrainedLast(final MemoryModel model) {
        Explorer.check(sleeps(false), model).finds("deadlock");
    }
}
