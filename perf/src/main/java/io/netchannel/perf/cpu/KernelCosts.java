package io.netchannel.perf.cpu;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.cost.Operation;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.PollLayout;
import io.netchannel.kernel.sched.EventFdDoorbell;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;

/** What is asked of the kernel: calls, wake-ups, switches. */
final class KernelCosts {

    private static final int SWITCH_TURNS = 2_000;
    private static final int WAKE_TURNS = 200;

    private final Arena arena;

    KernelCosts(final Arena arena) {
        this.arena = arena;
    }

    /** Those that need one thread. */
    void measureCalls(final Stopwatch stopwatch, final CostSheet sheet) {
        sheet.add(Operation.SYSTEM_CALL, stopwatch.measure(turns -> {
            long sum = 0;
            for (int i = 0; i < turns; i++) {
                sum += Linux.getpid();
            }
            return sum;
        }));
        final MemorySegment word = arena.allocate(Long.BYTES, Long.BYTES);
        sheet.add(Operation.FUTEX_WAKE, stopwatch.measure(turns -> {
            long sum = 0;
            for (int i = 0; i < turns; i++) {
                sum += Linux.futexWake(word.address(), 1);
            }
            return sum;
        }));
        try (EventFdDoorbell bell = new EventFdDoorbell()) {
            sheet.add(Operation.EVENTFD_WRITE_READ, stopwatch.measure(turns -> {
                long sum = 0;
                for (int i = 0; i < turns; i++) {
                    bell.ring();
                    sum += bell.drain();
                }
                return sum;
            }));
        }
        sheet.add(Operation.YIELD, stopwatch.measure(turns -> {
            for (int i = 0; i < turns; i++) {
                Thread.yield();
            }
            return turns;
        }));
    }

    /** Two threads on one CPU that take turns by yielding it: each hand-over is one switch. */
    void measureSwitch(final Duet sameCpu, final CostSheet sheet) {
        final long words = arena.allocate(256, 128).address();
        sheet.add(Operation.SWITCH, sameCpu.play(new Yielding(words, words + 128, true),
                new Yielding(words + 128, words, false), SWITCH_TURNS));
    }

    void measureWake(final Operation operation, final Duet duet, final CostSheet sheet) {
        try (EventFdDoorbell one = new EventFdDoorbell(); EventFdDoorbell two = new EventFdDoorbell()) {
            sheet.add(operation, duet.play(new Waiting(one, two, true), new Waiting(two, one, false), WAKE_TURNS));
        }
    }

    void measurePark(final Operation operation, final Duet duet, final CostSheet sheet) {
        final Parking[] sides = new Parking[2];
        sides[0] = new Parking(sides, 0);
        sides[1] = new Parking(sides, 1);
        sheet.add(operation, duet.play(sides[0], sides[1], WAKE_TURNS));
    }

    /** Waits for a word by yielding. */
    private record Yielding(long own, long others, boolean starts) implements Duet.Part {

        @Override
        public long play(final int turns) {
            final OrderedMemory memory = HostMemory.INSTANCE;
            long sum = 0;
            for (int i = 0; i < turns; i++) {
                if (starts) {
                    memory.putLongRelease(own, memory.getLong(own) + 1);
                }
                // Pairs with the release of the other side.
                while (memory.getLongAcquire(others) < memory.getLong(own) + (starts ? 0 : 1)) {
                    Thread.yield();
                }
                if (!starts) {
                    memory.putLongRelease(own, memory.getLong(own) + 1);
                }
                sum += memory.getLong(own);
            }
            return sum;
        }
    }

    /** Waits as a run loop does: in ppoll, for its eventfd. */
    private final class Waiting implements Duet.Part {

        private final EventFdDoorbell own;
        private final EventFdDoorbell other;
        private final boolean starts;
        private final MemorySegment entry = arena.allocate(PollLayout.ENTRY_BYTES, Long.BYTES);

        Waiting(final EventFdDoorbell own, final EventFdDoorbell other, final boolean starts) {
            this.own = own;
            this.other = other;
            this.starts = starts;
            HostMemory.INSTANCE.putInt(entry.address() + PollLayout.FD_OFFSET, own.fd());
            HostMemory.INSTANCE.putShort(entry.address() + PollLayout.EVENTS_OFFSET, (short) PollLayout.POLLIN);
        }

        @Override
        public long play(final int turns) {
            long sum = 0;
            for (int i = 0; i < turns; i++) {
                if (starts) {
                    other.ring();
                }
                while (Linux.ppoll(entry.address(), 1, -1) < 0) {
                    Thread.onSpinWait();
                }
                sum += own.drain();
                if (!starts) {
                    other.ring();
                }
            }
            return sum;
        }
    }

    /** Waits in {@link LockSupport#park}, as java.util.concurrent does. */
    private static final class Parking implements Duet.Part {

        private final Parking[] both;
        private final int position;
        private volatile Thread thread;
        private volatile long received;
        private long expected;

        Parking(final Parking[] both, final int position) {
            this.both = both;
            this.position = position;
        }

        @Override
        public long play(final int turns) {
            thread = Thread.currentThread();
            for (int i = 0; i < turns; i++) {
                if (position == 0) {
                    send();
                }
                expected++;
                while (received < expected) {
                    LockSupport.park(this);
                }
                if (position == 1) {
                    send();
                }
            }
            return received;
        }

        private void send() {
            final Parking other = both[1 - position];
            // Written by this side alone.
            other.received = expected + 1 - position;
            // Null until it plays: then it looks before it parks.
            LockSupport.unpark(other.thread);
        }
    }
}
