package io.netchannel.tcpip;

import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;

/**
 * How received packets find the loop of this stack: an entry in its flow table, or a hash that belongs to it.
 *
 * @param flows of this loop
 * @param loop of this stack
 * @param vlanId of its interface, 0 for none
 * @param classifier of the stack's thread, for datagrams that it puts together from fragments; null for a stack that takes
 *            them all
 */
public record FlowSteering(FlowTable flows, RssHash hash, RssIndirection indirection, int loop, int vlanId,
        FlowClassifier classifier) {

    public FlowSteering {
        if (loop < 0 || loop >= indirection.loops()) {
            throw new IllegalArgumentException("loop=" + loop + " is not within 0.." + (indirection.loops() - 1));
        }
    }

    /** For a stack whose interface is untagged. */
    public FlowSteering(final FlowTable flows, final RssHash hash, final RssIndirection indirection, final int loop) {
        this(flows, hash, indirection, loop, 0, null);
    }

    /** The same for an interface on a VLAN; negative for none. */
    public FlowSteering withVlanId(final int id) {
        return new FlowSteering(flows, hash, indirection, loop, Math.max(0, id), classifier);
    }

    /** The same, knowing whose reassembled datagrams are. */
    public FlowSteering withClassifier(final FlowClassifier ofThread) {
        return new FlowSteering(flows, hash, indirection, loop, vlanId, ofThread);
    }

    public int loops() {
        return indirection.loops();
    }

    /** Whether packets of a flow come to this loop without anybody's doing. */
    public boolean isOurs(final FlowKey key) {
        return indirection.loopOf(hash.hash(key)) == loop;
    }
}
