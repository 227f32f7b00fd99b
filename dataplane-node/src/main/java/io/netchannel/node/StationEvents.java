package io.netchannel.node;

import io.netchannel.tcpip.autoconf.InterfaceEvent;
import io.netchannel.tcpip.autoconf.InterfaceEvent.GroupJoined;
import io.netchannel.tcpip.autoconf.InterfaceEvent.GroupLeft;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

/**
 * Keeps the stacks of a node one station: what the first, which runs the protocols, has changed about the interface the
 * others follow; and what the others want to hear the first reports to the routers.
 *
 * <p>Threading: {@link #connect} before the loops run; then each event comes on its stack's thread and goes to the others
 * as a task of theirs, in order.
 */
final class StationEvents {

    private StationEvents() {
    }

    static void connect(final List<NodeLoop> loops) {
        final NodeLoop first = loops.getFirst();
        final List<NodeLoop> others = loops.subList(1, loops.size());
        first.stack().events(event -> {
            for (final NodeLoop other : others) {
                hand(event, other);
            }
            first.publish(event);
        });
        for (final NodeLoop other : others) {
            other.stack().events(event -> {
                // Only these come from a stack that follows.
                if (event instanceof GroupJoined || event instanceof GroupLeft) {
                    hand(event, first);
                }
            });
        }
    }

    private static void hand(final InterfaceEvent event, final NodeLoop loop) {
        try {
            loop.execute(() -> loop.follow(event));
        } catch (final RejectedExecutionException e) {
            // That loop has ended, and its stack with it.
        }
    }
}
