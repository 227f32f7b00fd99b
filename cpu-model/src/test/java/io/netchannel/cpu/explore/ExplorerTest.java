package io.netchannel.cpu.explore;

import static io.netchannel.cpu.explore.AccessMode.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ExplorerTest {

    private static Program storeBuffering(final AccessMode store, final AccessMode load, final boolean fence) {
        final Program program = Program.named("SB");
        final long x = program.allocate("x", 8, 8);
        final long y = program.allocate("y", 8, 8);
        return program.thread("P0", t -> {
            t.memory().store(x, 8, 1, store);
            if (fence) {
                t.memory().fullFence();
            }
            t.result("r0", t.memory().load(y, 8, load));
        }).thread("P1", t -> {
            t.memory().store(y, 8, 1, store);
            if (fence) {
                t.memory().fullFence();
            }
            t.result("r1", t.memory().load(x, 8, load));
        });
    }

    private static int states(final Program program, final MemoryModel model) {
        final Exploration exploration = Explorer.check(program, model).assertHolds();
        return exploration.states().size();
    }

    @Test
    void shouldLetLoadsOvertakeStores() {
        assertThat(states(storeBuffering(OPAQUE, OPAQUE, false), MemoryModel.SC)).isEqualTo(3);
        assertThat(states(storeBuffering(RELEASE, ACQUIRE, false), MemoryModel.X86_TSO)).isEqualTo(4);
        assertThat(states(storeBuffering(RELEASE, ACQUIRE, false), MemoryModel.ARMV8)).isEqualTo(4);
        for (final MemoryModel model : MemoryModel.values()) {
            assertThat(states(storeBuffering(OPAQUE, OPAQUE, true), model)).isEqualTo(3);
            assertThat(states(storeBuffering(VOLATILE, VOLATILE, false), model)).isEqualTo(3);
        }
    }

    @Test
    void shouldFindADeadlock() {
        final Program program = Program.named("never");
        final long x = program.allocate("x", 8, 8);
        program.thread("P0", t -> t.await(() -> t.memory().getLongAcquire(x) == 2))
                .thread("P1", t -> t.memory().putLongRelease(x, 1));
        for (final MemoryModel model : MemoryModel.values()) {
            Explorer.check(program, model).finds("deadlock");
        }
    }

    private static Program messagePassing(final AccessMode payload, final AccessMode store, final AccessMode load) {
        final Program program = Program.named("MP");
        final long data = program.allocate("data", 8, 8);
        final long flag = program.allocate("flag", 8, 8);
        return program.thread("writer", t -> {
            t.memory().store(data, 8, 42, payload);
            t.memory().store(flag, 8, 1, store);
        }).thread("reader", t -> {
            t.await(() -> t.memory().load(flag, 8, load) == 1);
            t.result("data", t.memory().load(data, 8, payload));
        });
    }

    @Test
    void shouldFindRacesOfPlainAccessesOnly() {
        for (final MemoryModel model : MemoryModel.values()) {
            assertThat(states(messagePassing(PLAIN, RELEASE, ACQUIRE), model)).isEqualTo(1);
            Explorer.check(messagePassing(PLAIN, OPAQUE, ACQUIRE), model).finds("data race");
            Explorer.check(messagePassing(PLAIN, RELEASE, OPAQUE), model).finds("data race");
            Explorer.check(messagePassing(PLAIN, PLAIN, PLAIN), model).finds("data race");
        }
        assertThat(states(messagePassing(OPAQUE, OPAQUE, OPAQUE), MemoryModel.ARMV8)).isEqualTo(2);
        assertThat(states(messagePassing(OPAQUE, OPAQUE, OPAQUE), MemoryModel.X86_TSO)).isEqualTo(1);
        assertThat(states(messagePassing(OPAQUE, RELEASE, ACQUIRE), MemoryModel.ARMV8)).isEqualTo(1);
    }

    @Test
    void shouldModelWordsOfHeapObjects() {
        final Object owner = new Object();
        final Program program = Program.named("heap").heapWords(2);
        program.thread("writer", t -> {
            final HeapWords heap = t.memory().heap();
            final int[] made = {42};
            t.memory().store(heap.address(owner, 12, "reference"), 8, heap.handle(made), RELEASE);
        }).thread("reader", t -> {
            final HeapWords heap = t.memory().heap();
            final long[] handle = new long[1];
            t.await(() -> (handle[0] = t.memory().load(heap.address(owner, 12, "reference"), 8, ACQUIRE)) != 0);
            t.result("value", ((int[]) heap.object(handle[0]))[0]);
        }).setup(memory -> memory.heap().handle(owner));
        assertThat(Explorer.check(program, MemoryModel.ARMV8).assertHolds().states()).containsExactly("value=42");
    }

    @Test
    void shouldTellAndReplayWhatIsWrong() {
        final Program program = messagePassing(OPAQUE, OPAQUE, OPAQUE)
                .finally_((results, memory) -> assertThat(results.get("data")).isEqualTo(42));
        final Violation violation = Explorer.check(program, MemoryModel.ARMV8).finds("final state data=0");
        assertThat(violation.trace()).contains("DELAYED").contains("TAKEN EARLY").contains("ExplorerTest")
                .contains("data <- 0x2a");
        assertThat(Explorer.replay(program, MemoryModel.ARMV8, violation.vector())).isEqualTo(violation.trace());
    }

    @Test
    void shouldEndASpinThatDoesNotAwait() {
        final Program program = Program.named("spin");
        final long x = program.allocate("x", 8, 8);
        program.thread("spinner", t -> {
            while (t.memory().getLongAcquire(x) == 0) {
                Thread.onSpinWait();
            }
            t.result("seen", t.memory().getLongAcquire(x));
        });
        for (final MemoryModel model : MemoryModel.values()) {
            Explorer.check(program, model).finds("deadlock");
        }
        program.thread("waker", t -> t.memory().putLongRelease(x, 1));
        for (final MemoryModel model : MemoryModel.values()) {
            assertThat(states(program, model)).isEqualTo(1);
        }
    }

    @Test
    void shouldFollowTriesThatStore() {
        for (final MemoryModel model : MemoryModel.values()) {
            Explorer.check(ringing(true), model).assertHolds();
            final Exploration lost = Explorer.check(ringing(false), model);
            assertThat(lost.violation() != null).as(model.name()).isEqualTo(model != MemoryModel.SC);
        }
    }

    /** A consumer that arms, looks, and sleeps till it is rung; and arms anew whenever it finds nothing. */
    private static Program ringing(final boolean fence) {
        final Program program = Program.named("bell");
        final long work = program.allocate("work", 4, 64);
        final long armed = program.allocate("armed", 4, 64);
        final long bell = program.allocate("bell", 4, 64);
        return program.thread("producer", t -> {
            t.memory().putIntRelease(work, 1);
            if (fence) {
                t.memory().fullFence();
            }
            if (t.memory().getIntOpaque(armed) == 1) {
                t.memory().putIntRelease(bell, 1);
            }
        }).thread("consumer", t -> {
            t.memory().putIntOpaque(armed, 1);
            t.memory().fullFence();
            if (t.memory().getIntAcquire(work) == 0) {
                t.await(() -> t.memory().getAndSetInt(bell, 0) == 1);
            }
            t.result("work", t.memory().getIntAcquire(work));
        });
    }

    @Test
    void shouldReadPartsOfWordsAndRefuseMixturesThatRace() {
        final Program parts = Program.named("parts");
        final long word = parts.allocate("word", 8, 8);
        final long ready = parts.allocate("ready", 4, 8);
        parts.thread("writer", t -> {
            t.memory().putInt(word, 0x1111_2222);
            t.memory().putShort(word + 4, (short) 0x3333);
            t.memory().putShort(word + 6, (short) 0x4444);
            t.memory().putIntRelease(ready, 1);
        }).thread("reader", t -> {
            t.await(() -> t.memory().getIntAcquire(ready) == 1);
            t.assertEquals(0x4444_3333_1111_2222L, t.memory().getLong(word), "word");
            t.assertEquals(0x1111, t.memory().getShort(word + 2), "half");
            final byte[] bytes = new byte[8];
            t.memory().copyToArray(word, bytes, 0, 8);
            t.assertEquals(0x44, bytes[7], "byte");
        });
        final Program mixed = Program.named("mixed");
        final long both = mixed.allocate("both", 8, 8);
        mixed.thread("halves", t -> t.memory().putIntOpaque(both, 1))
                .thread("whole", t -> t.result("whole", t.memory().getLongOpaque(both)));
        for (final MemoryModel model : MemoryModel.values()) {
            Explorer.check(parts, model).assertHolds();
            assertThatThrownBy(() -> Explorer.check(mixed, model)).isInstanceOf(UnmodelledAccessException.class)
                    .hasMessageContaining("OPAQUE load of 8 bytes");
        }
    }

    @Test
    void shouldSayWhichBoundItReached() {
        final Program program = Program.named("counter");
        final long x = program.allocate("x", 8, 8);
        program.thread("P0", t -> t.await(() -> t.memory().getAndAddLong(x, 1) == 100));
        final Exploration exploration = Explorer.check(program, MemoryModel.ARMV8);
        assertThat(exploration.boundsReached()).anyMatch(bound -> bound.startsWith("storingTries=2"));
        assertThatThrownBy(exploration::assertHolds).hasMessageContaining("incomplete");
        assertThat(Explorer.check(messagePassing(OPAQUE, OPAQUE, OPAQUE), MemoryModel.ARMV8,
                Bounds.DEFAULT.withMemories(2)).boundsReached()).containsExactly("memories=2");
    }

    @Test
    void shouldNotLetTheCodeUnderCheckSwallowTheEndOfItsRun() {
        final Program program = Program.named("swallow");
        final long x = program.allocate("x", 8, 8);
        program.thread("P0", t -> {
            try {
                t.await(() -> t.memory().getLongAcquire(x) == 1);
            } catch (final Error swallowed) {
                t.result("swallowed", 1);
            }
        }).thread("P1", t -> t.memory().putLongRelease(x, 1));
        assertThat(Explorer.check(program, MemoryModel.ARMV8).assertHolds().states()).containsExactly("");
    }

    /** The short cuts the word, with which the exploration begins anew; the finally must not go on with the old cells. */
    @Test
    void shouldBeginAnewAlsoWhenTheCodeUnderCheckGoesOnInAFinally() {
        final Program program = Program.named("finally");
        final long word = program.allocate("word", Long.BYTES, Long.BYTES);
        final long flag = program.allocate("flag", Integer.BYTES, Long.BYTES);
        program.thread("writer", t -> {
            try {
                t.memory().putShortOpaque(word + Short.BYTES, (short) 1);
            } finally {
                t.memory().putIntRelease(flag, 1);
            }
        });
        assertThat(Explorer.check(program, MemoryModel.ARMV8).assertHolds().executions()).isPositive();
    }

    @Test
    void shouldReportWhatTheCodeThrows() {
        final Program program = Program.named("throws");
        final long x = program.allocate("x", 8, 8);
        program.thread("P0", t -> t.memory().putLongRelease(x, 1)).thread("P1", t -> {
            if (t.memory().getLongAcquire(x) == 1) {
                throw new IllegalStateException("seen");
            }
        });
        final Violation violation = Explorer.check(program, MemoryModel.X86_TSO).finds("seen");
        assertThat(violation.cause()).isInstanceOf(IllegalStateException.class);
        assertThat(Explorer.replay(program, MemoryModel.X86_TSO, violation.vector())).isEqualTo(violation.trace());
    }

    @Test
    void shouldReplayProgramsOverHeapObjects() {
        final Object owner = new Object();
        final Program program = Program.named("heap").heapWords(3);
        program.setup(memory -> memory.heap().handle(owner)).thread("writer", t -> {
            final HeapWords heap = t.memory().heap();
            t.memory().store(heap.address(owner, 8, "value"), 8, 1, OPAQUE);
            t.memory().store(heap.address(owner, 0, "ready"), 8, 1, OPAQUE);
        }).thread("reader", t -> {
            final HeapWords heap = t.memory().heap();
            if (t.memory().load(heap.address(owner, 0, "ready"), 8, ACQUIRE) == 1) {
                t.assertEquals(1, t.memory().load(heap.address(owner, 8, "value"), 8, OPAQUE), "value");
            }
        });
        Explorer.check(program, MemoryModel.X86_TSO).assertHolds();
        final Violation violation = Explorer.check(program, MemoryModel.ARMV8).finds("value: 0 instead of 1");
        assertThat(violation.trace()).contains("ready <- 1").contains("value -> 0");
        assertThat(Explorer.replay(program, MemoryModel.ARMV8, violation.vector())).isEqualTo(violation.trace());
    }

    @Test
    void shouldPrepareObjectsOutsideTheRun() {
        final Program program = Program.named("prepare");
        final long x = program.allocate("x", 8, 8);
        program.setup(memory -> memory.putLong(x, 7)).thread("P0", t -> {
            final long before = t.prepare(() -> {
                t.memory().fill(x, 8, (byte) 0);
                t.memory().putLong(x, 7);
                return t.memory().getLong(x);
            });
            t.result("before", before);
            t.memory().putLongRelease(x, 8);
        }).thread("P1", t -> t.result("now", t.memory().getLongAcquire(x)));
        assertThat(Explorer.check(program, MemoryModel.ARMV8).assertHolds().states())
                .containsExactlyInAnyOrder("before=7 now=7", "before=7 now=8");
        program.thread("P2", t -> t.prepare(() -> t.memory().getAndAddLong(x, 1)));
        assertThatThrownBy(() -> Explorer.check(program, MemoryModel.ARMV8))
                .hasMessageContaining("leaves other values");
    }
}
