package io.netchannel.node;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.DropReason;
import io.netchannel.kernel.sched.LoopCounter;
import io.netchannel.virtio.driver.DriverCounter;
import io.netchannel.virtio.driver.QueuePair;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects what the parts of a node count, under one naming: {@code Group.Name}. */
final class NodeCounters {

    private final Map<String, Long> counts = new TreeMap<>();

    private NodeCounters() {
    }

    static Map<String, Long> of(final List<NodeLoop> loops, final NodeThread[] threads, final NodeAssembly assembly) {
        final NodeCounters all = new NodeCounters();
        for (final NodeLoop loop : loops) {
            loop.stack().counters().snapshot().forEach(all::add);
            loop.stack().tcp().counters().snapshot().forEach(all::add);
        }
        for (final NodeThread thread : threads) {
            for (final LoopCounter counter : LoopCounter.values()) {
                all.add("Loop." + counter.name(), thread.loop().counters().get(counter));
            }
            all.add("Pool.Available", thread.pool().available());
            all.add("Pool.Capacity", thread.pool().capacity());
            all.add("Pool.Exhaustions", thread.pool().exhaustions());
        }
        for (final DropCounters drops : assembly.drops()) {
            for (final DropReason reason : DropReason.values()) {
                all.add("Classifier." + reason.name(), drops.get(reason));
            }
        }
        if (assembly.driver() != null) {
            for (int i = 0; i < assembly.driver().queuePairs(); i++) {
                final QueuePair pair = assembly.driver().queuePair(i);
                for (final DriverCounter counter : DriverCounter.values()) {
                    all.add("Driver." + counter.name(), pair.counters().get(counter));
                }
            }
        }
        return all.counts;
    }

    private void add(final String name, final long count) {
        counts.merge(name, count, Long::sum);
    }
}
