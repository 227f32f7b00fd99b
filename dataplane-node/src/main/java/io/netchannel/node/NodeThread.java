package io.netchannel.node;

import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.RunLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * What every thread of a node has: a run loop, a pool of its own, and the ways by which buffers go home.
 *
 * @param pollers of the loop, in the order of a turn
 * @param index buffers from {@code index * buffersPerThread} on are its own
 */
record NodeThread(int index, RunLoop loop, PacketPool pool, BufferHome home, List<Poller> pollers) {

    static NodeThread create(final int index, final RunLoop loop, final PacketMemory packets,
            final int buffersPerThread,
            final BufferHome home) {
        final PacketPool pool = new PacketPool(packets, index * buffersPerThread, buffersPerThread, home::giveBack);
        home.pool(pool);
        return new NodeThread(index, loop, pool, home, new ArrayList<>());
    }

    void addAll(final Poller... inOrder) {
        for (final Poller poller : inOrder) {
            loop.add(poller);
            pollers.add(poller);
        }
    }

    /** Earliest of its pollers. */
    long nextDeadlineNs() {
        return pollers.stream().mapToLong(Poller::nextDeadlineNs).min().orElse(Poller.NO_DEADLINE);
    }
}
