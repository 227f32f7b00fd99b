package io.netchannel.node;

import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.Priority;
import io.netchannel.kernel.sched.RunLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * What every thread of a node has: a run loop, a pool of its own, and the ways by which buffers go home.
 *
 * @param dataplane pollers of the loop, which stay as they are once it runs
 * @param index buffers from {@code index * buffersPerThread} on are its own
 */
record NodeThread(int index, RunLoop loop, PacketPool pool, BufferHome home, List<Poller> dataplane) {

    static NodeThread create(final int index, final RunLoop loop, final PacketMemory packets,
            final int buffersPerThread,
            final BufferHome home) {
        final PacketPool pool = new PacketPool(packets, index * buffersPerThread, buffersPerThread, home::giveBack);
        home.pool(pool);
        return new NodeThread(index, loop, pool, home, new ArrayList<>());
    }

    /** What the dataplane does before the applications' slice of a turn. */
    void addDataplane(final Poller... inOrder) {
        for (final Poller poller : inOrder) {
            loop.add(poller, Priority.DATAPLANE);
            dataplane.add(poller);
        }
    }

    /** What sends, behind that slice, what applications have written. */
    void addTransmit(final Poller poller) {
        loop.addTransmit(poller);
        dataplane.add(poller);
    }

    /** @param budgetNs 0 for none */
    void addApplication(final Poller poller, final long budgetNs) {
        loop.add(poller, Priority.APPLICATION, budgetNs);
    }

    void removeApplication(final Poller poller) {
        loop.remove(poller);
    }
}
