package io.netchannel.tcpip;

import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.autoconf.InterfaceEvent;
import io.netchannel.tcpip.autoconf.InterfaceEvents;
import java.util.ArrayDeque;

/**
 * What comes for applications while somebody stands in for their loop, and what is not TCP's: datagrams, as in a socket's buffer, and
 * events of the interface.
 *
 * <p>Threading: confined to whoever has the stack.
 */
final class WaitingForLoop {

    private static final int MAX_PACKETS = 256;

    private final PacketPool pool;
    private final Counters counters;
    private final int maxPackets;
    private final ArrayDeque<Long> packets = new ArrayDeque<>(0);
    private final ArrayDeque<InterfaceEvent> events = new ArrayDeque<>(0);
    private boolean stoodIn;

    WaitingForLoop(final PacketPool pool, final Counters counters) {
        this.pool = pool;
        this.counters = counters;
        this.maxPackets = Math.min(MAX_PACKETS, pool.capacity() >>> 3);
    }

    boolean isStoodIn() {
        return stoodIn;
    }

    void standIn(final boolean on) {
        stoodIn = on;
    }

    /** Whether the loop is back, and there is something for it. */
    boolean isDue() {
        return !stoodIn && !(packets.isEmpty() && events.isEmpty());
    }

    /** @return whether the datagram was kept */
    boolean keep(final long packet) {
        if (packets.size() >= maxPackets) {
            counters.increment(Counter.UDP_RCVBUF_ERRORS);
            return false;
        }
        packets.add(packet);
        return true;
    }

    /** The next datagram, which is the caller's then; null if there is none. */
    Long nextPacket() {
        return packets.poll();
    }

    /** {@code owner}, which hears of an event at once, or when the loop is back and all before it were told. */
    InterfaceEvents inOrder(final InterfaceEvents owner) {
        return event -> {
            if (stoodIn || !events.isEmpty()) {
                events.add(event);
            } else {
                owner.onEvent(event);
            }
        };
    }

    InterfaceEvent nextEvent() {
        return events.poll();
    }

    void close() {
        events.clear();
        for (Long packet = packets.poll(); packet != null; packet = packets.poll()) {
            pool.releasePacket(packet);
        }
    }
}
