package io.netchannel.kernel.sched;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.linux.Shortfall;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where a loop's thread is to run.
 *
 * <p>Threading: {@link #confine} the loop's.
 *
 * @param cpus empty for wherever the scheduler puts it
 * @param isolated whether one of the isolated CPUs is wanted instead
 */
record Placement(BitSet cpus, boolean isolated) {

    static final Placement ANYWHERE = new Placement(new BitSet(), false);
    static final Placement ISOLATED = new Placement(new BitSet(), true);

    /** What may not be to be had. */
    static final String ISOLATED_CPU = "an isolated CPU (isolcpus=) in this process's cpuset";

    private static final AtomicInteger NEXT_ISOLATED = new AtomicInteger();

    /**
     * The CPUs for one more loop; empty for any.
     *
     * @param turn counts the loops that want an isolated CPU: they are given out in turn, and again if there are more loops
     * @throws IllegalArgumentException naming what is asked for and not allowed, and what is
     */
    BitSet choose(final Cpus present, final int turn) {
        if (isolated) {
            final int[] candidates = present.isolated().stream().toArray();
            final BitSet one = new BitSet();
            if (candidates.length > 0) {
                one.set(candidates[Math.floorMod(turn, candidates.length)]);
            }
            return one;
        }
        final BitSet allowed = present.allowed();
        final BitSet refused = (BitSet) cpus.clone();
        refused.andNot(allowed);
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException("cpus=" + Cpus.format(refused)
                    + " are not this process's to use; allowed are " + Cpus.format(allowed));
        }
        return cpus;
    }

    /** Confines the calling thread. Where that can't be, it goes on unconfined, which is said once. */
    void confine() {
        if (isolated || !cpus.isEmpty()) {
            confine(Cpus.read());
        }
    }

    void confine(final Cpus present) {
        final BitSet chosen = choose(present, isolated ? NEXT_ISOLATED.getAndIncrement() : 0);
        if (chosen.isEmpty()) {
            Shortfall.say(ISOLATED_CPU, "loops that ask for one run wherever the scheduler puts them");
            return;
        }
        try {
            Linux.setAffinity(chosen);
        } catch (final LinuxException refused) {
            if (refused.errno() != Errno.EPERM && refused.errno() != Errno.ENOSYS) {
                throw refused;
            }
            Shortfall.say("a choice of CPUs", "sched_setaffinity", -refused.errno(),
                    "loops run wherever the scheduler puts them");
        }
    }
}
