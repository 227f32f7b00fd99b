package io.netchannel.tcpip.tcp;

import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;

/**
 * How received packets find the loop of a stack.
 *
 * @param flows the loop's table, of which the stack is the writer
 * @param hash the same for all loops and the devices
 * @param indirection the same for all loops and the devices
 * @param loop the loop that the stack runs on
 * @param vlanId VLAN of the stack's interface, 0 for none
 */
public record TcpSteering(FlowTable flows, RssHash hash, RssIndirection indirection, int loop, int vlanId) {

    /** @throws IllegalArgumentException if there is no such loop */
    public TcpSteering {
        if (loop < 0 || loop >= indirection.loops()) {
            throw new IllegalArgumentException("loop=" + loop + " is not within 0.." + (indirection.loops() - 1));
        }
    }
}
