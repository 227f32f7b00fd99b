package io.netchannel.perf.services;

import io.netchannel.kernel.fiber.Fibers;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.sched.SystemNanoClock;
import java.util.BitSet;
import java.util.Locale;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;

/** The measuring JVM of {@link FiberSwitchComparison}: prints a line for each round, names and nanoseconds for a switch. */
final class FiberSwitchRun {

    /** What is measured, in this order in each round. */
    enum Kind {
        FIBER_HAND_OVER("two fibers, unpark and park", 2_000_000), //
        PLATFORM_HAND_OVER("two platform threads, unpark and park", 40_000), //
        PLATFORM_ONE_CPU("two platform threads on one CPU, unpark and park", 100_000), //
        FIBER_YIELD("two fibers, yield", 4_000_000), //
        JDK_YIELD("two virtual threads of the JDK, yield", 4_000_000), //
        JDK_HAND_OVER("two virtual threads of the JDK, unpark and park", 2_000_000);

        private final String text;
        private final int switches;

        Kind(final String text, final int switches) {
            this.text = text;
            this.switches = switches;
        }

        String text() {
            return text;
        }
    }

    private FiberSwitchRun() {
    }

    public static void main(final String[] arguments) throws InterruptedException {
        final int rounds = Integer.parseInt(arguments[0]);
        try (RunLoop loop = RunLoop.builder("switch").build()) {
            final Fibers fibers = Fibers.on(loop);
            loop.start();
            if (!fibers.runOnLoop()) {
                throw new IllegalStateException("this JVM's fibers don't run on the loop");
            }
            for (int warmUp = 0; warmUp < 2; warmUp++) {
                round(fibers);
            }
            for (int round = 0; round < rounds; round++) {
                System.out.println(round(fibers));
            }
        }
    }

    private static String round(final Fibers fibers) throws InterruptedException {
        final StringBuilder line = new StringBuilder();
        for (final Kind kind : Kind.values()) {
            final double ns = measure(kind, fibers);
            line.append(line.isEmpty() ? "" : " ").append(kind.name().toLowerCase(Locale.ROOT)).append(String.format(
                    Locale.ROOT, " %.1f", ns));
        }
        return line.toString();
    }

    private static double measure(final Kind kind, final Fibers fibers) throws InterruptedException {
        return switch (kind) {
            case FIBER_HAND_OVER -> handOver(fibers, kind.switches);
            case PLATFORM_HAND_OVER -> handOver(Thread.ofPlatform().factory(), kind.switches);
            case PLATFORM_ONE_CPU -> handOver(onOneCpu(), kind.switches);
            case FIBER_YIELD -> yielding(fibers, kind.switches);
            case JDK_YIELD -> yielding(Thread.ofVirtual().factory(), kind.switches);
            case JDK_HAND_OVER -> handOver(Thread.ofVirtual().factory(), kind.switches);
        };
    }

    private static ThreadFactory onOneCpu() {
        final BitSet allowed = Linux.affinity();
        allowed.clear(allowed.nextSetBit(0) + 1, Math.max(allowed.length(), 1));
        return task -> Thread.ofPlatform().unstarted(() -> {
            Linux.setAffinity(allowed);
            task.run();
        });
    }

    private static double handOver(final ThreadFactory factory, final int switches) throws InterruptedException {
        final HandOver state = new HandOver(switches / 2);
        final Thread first = factory.newThread(() -> state.run(0));
        final Thread second = factory.newThread(() -> state.run(1));
        state.threads[0] = first;
        state.threads[1] = second;
        return time(first, second) / switches;
    }

    private static final class HandOver {

        private final Thread[] threads = new Thread[2];
        private final int times;
        private volatile int turn;

        private HandOver(final int times) {
            this.times = times;
        }

        private void run(final int own) {
            for (int i = 0; i < times; i++) {
                while (turn != own) {
                    LockSupport.park(this);
                }
                turn = 1 - own;
                LockSupport.unpark(threads[1 - own]);
            }
        }
    }

    private static double yielding(final ThreadFactory factory, final int switches) throws InterruptedException {
        final Runnable task = () -> {
            for (int i = 0; i < switches / 2; i++) {
                Thread.yield();
            }
        };
        return time(factory.newThread(task), factory.newThread(task)) / switches;
    }

    private static double time(final Thread first, final Thread second) throws InterruptedException {
        final long startNs = SystemNanoClock.INSTANCE.nowNs();
        first.start();
        second.start();
        first.join();
        second.join();
        return SystemNanoClock.INSTANCE.nowNs() - startNs;
    }
}
