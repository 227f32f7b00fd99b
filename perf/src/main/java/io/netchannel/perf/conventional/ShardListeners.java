package io.netchannel.perf.conventional;

import io.netchannel.channels.flow.ListenerTable;
import io.netchannel.tcpip.ListenerRegistry;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells the classifier which ports a shard listens on.
 *
 * <p>Threading: under the shard's lock; the table is safe by itself.
 */
final class ShardListeners implements ListenerRegistry {

    private record Local(int protocol, long high, long low, int port) {
    }

    private final ListenerTable table;
    private final int shard;
    // A stack may register the same thing twice, and the table keeps it once.
    private final Map<Local, Integer> counts = new HashMap<>();

    ShardListeners(final ListenerTable table, final int shard) {
        this.table = table;
        this.shard = shard;
    }

    @Override
    public void register(final int protocol, final long localHigh, final long localLow, final int port) {
        if (counts.merge(new Local(protocol, localHigh, localLow, port), 1, Integer::sum) == 1) {
            table.listen(protocol, localHigh, localLow, port, ListenerTable.ANY_VLAN, shard);
        }
    }

    @Override
    public void unregister(final int protocol, final long localHigh, final long localLow, final int port) {
        if (counts.merge(new Local(protocol, localHigh, localLow, port), -1,
                (count, less) -> count > 1 ? count + less : null) == null) {
            table.unlisten(protocol, localHigh, localLow, port, ListenerTable.ANY_VLAN, shard);
        }
    }
}
