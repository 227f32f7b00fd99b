package io.netchannel.tcpip.dhcp;

import io.netchannel.tcpip.ip.NetInterface;
import io.netchannel.tcpip.ip.Route;
import java.util.ArrayList;
import java.util.List;

/**
 * What a lease has put on an interface beside the address: routes, MTU. A station has one on each of its stacks; the address
 * itself is {@link DhcpEndpoint}'s.
 *
 * <p>Threading: confined to the thread of the stack.
 */
public final class DhcpInterface {

    /** What every host takes (RFC 1122, 3.3.2); a server that says less is not believed, as dhcpcd does. */
    private static final int MIN_MTU_BYTES = 576;

    private final NetInterface network;
    private final int ownMtuBytes;
    private final List<Route> routes = new ArrayList<>();
    private DhcpLease lease;

    public DhcpInterface(final NetInterface network) {
        this.network = network;
        this.ownMtuBytes = network.mtuBytes();
    }

    /** Makes it so, in place of an earlier lease; connections go on if the address stays. */
    public void apply(final DhcpLease next) {
        final boolean same = lease != null && next.isSameConfiguration(lease);
        lease = next;
        if (same) {
            return;
        }
        removeRoutes();
        for (final DhcpRoute route : next.routes()) {
            // In the order of the server's preference (RFC 2132, 3.5).
            final Route added = new Route(route.destination(), route.gateway(), routes.size(), 0);
            if (network.routes().add(added)) {
                routes.add(added);
            }
        }
        final int mtuBytes = next.mtuBytes() < MIN_MTU_BYTES ? ownMtuBytes : Math.min(next.mtuBytes(), ownMtuBytes);
        if (mtuBytes != network.mtuBytes()) {
            network.mtuBytes(mtuBytes);
        }
    }

    /** Takes everything back. */
    public void remove() {
        lease = null;
        removeRoutes();
        if (network.mtuBytes() != ownMtuBytes) {
            network.mtuBytes(ownMtuBytes);
        }
    }

    private void removeRoutes() {
        routes.forEach(route -> network.routes().remove(route.destination(), route.gateway()));
        routes.clear();
    }
}
