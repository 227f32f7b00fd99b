package io.netchannel.tcpip;

import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;

/**
 * How received packets find the loop of this stack: an entry in its flow table, or a hash that belongs to it.
 *
 * @param flows of this loop
 * @param loop of this stack
 */
public record FlowSteering(FlowTable flows, RssHash hash, RssIndirection indirection, int loop) {

    public FlowSteering {
        if (loop < 0 || loop >= indirection.loops()) {
            throw new IllegalArgumentException("loop=" + loop + " is not within 0.." + (indirection.loops() - 1));
        }
    }

    public int loops() {
        return indirection.loops();
    }

    /** Whether packets of a flow come to this loop without anybody's doing. */
    public boolean isOurs(final FlowKey key) {
        return indirection.loopOf(hash.hash(key)) == loop;
    }
}
