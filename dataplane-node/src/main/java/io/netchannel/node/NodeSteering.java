package io.netchannel.node;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.channels.flow.FlowFilter;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.ListenerTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.FlowSteering;
import io.netchannel.tcpip.ListenerRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What a node knows about which loop a packet is for: shared by its classifiers, its stacks and the device.
 *
 * <p>Threading: immutable, but for the tables, which say theirs.
 */
final class NodeSteering {

    private final RssHash hash;
    private final RssIndirection indirection;
    private final ListenerTable listeners = new ListenerTable();
    private final FlowTable[] flows;

    NodeSteering(final int loops, final NodeMemory memory, final RandomGenerator random) {
        final byte[] key = new byte[RssHash.KEY_BYTES];
        random.nextBytes(key);
        hash = new RssHash(key);
        indirection = new RssIndirection(loops);
        flows = new FlowTable[loops];
        for (int i = 0; i < loops; i++) {
            flows[i] = memory.flowTable(indirection, i);
        }
    }

    RssHash hash() {
        return hash;
    }

    RssIndirection indirection() {
        return indirection;
    }

    FlowSteering ofLoop(final int loop) {
        return new FlowSteering(flows[loop], hash, indirection, loop);
    }

    FlowClassifier newClassifier(final PacketMemory packets, final DropCounters drops) {
        return new FlowClassifier(packets, hash, indirection, listeners, flows, FlowFilter.PERMIT_ALL, drops);
    }

    /** One for each loop, used on its thread only. */
    ListenerRegistry registryOf(final int loop) {
        return new LoopRegistry(loop);
    }

    /** Counts, because a stack may register the same thing twice, and the table keeps it once. */
    private final class LoopRegistry implements ListenerRegistry {

        private record Local(int protocol, long high, long low, int port) {
        }

        private final int loop;
        private final Map<Local, Integer> counts = new HashMap<>();

        private LoopRegistry(final int loop) {
            this.loop = loop;
        }

        @Override
        public void register(final int protocol, final long localHigh, final long localLow, final int port) {
            if (counts.merge(new Local(protocol, localHigh, localLow, port), 1, Integer::sum) == 1) {
                listeners.listen(protocol, localHigh, localLow, port, ListenerTable.ANY_VLAN, loop);
            }
        }

        @Override
        public void unregister(final int protocol, final long localHigh, final long localLow, final int port) {
            final Integer left = counts.merge(new Local(protocol, localHigh, localLow, port), -1,
                    (count, less) -> count > 1 ? count + less : null);
            if (left == null) {
                listeners.unlisten(protocol, localHigh, localLow, port, ListenerTable.ANY_VLAN, loop);
            }
        }
    }
}
