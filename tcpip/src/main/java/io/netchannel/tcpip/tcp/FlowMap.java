package io.netchannel.tcpip.tcp;

import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.tcpip.FlowSteering;
import io.netchannel.tcpip.wire.IpProtocol;
import java.util.Arrays;

/**
 * The endpoints of a stack by flow id, and by four-tuple through the loop's {@link FlowTable}. The only user of that
 * table.
 *
 * <pre>
 *  flow id   0 | generation (11) | slot (20)
 * </pre>
 * A packet carries the id that the classifier found for it; by the time it arrives the flow may be gone and its slot
 * used again, so the id is a hint: generation and four-tuple must agree with it.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class FlowMap {

    static final int NO_FLOW = FlowTable.NONE;

    private static final int SLOT_BITS = 20;
    private static final int SLOT_MASK = (1 << SLOT_BITS) - 1;
    private static final int GENERATION_MASK = (1 << 11) - 1;

    private final FlowSteering steering;
    private final FlowTable flows;
    private final RssHash hash;
    private final FlowKey key = new FlowKey();
    private final int limit;
    private TcpEndpoint[] endpoints = new TcpEndpoint[64];
    private short[] generations = new short[64];
    private int[] freeSlots = new int[64];
    private int freeCount;
    private int usedSlots;
    private int size;

    /** @param limit endpoints that it takes */
    FlowMap(final FlowSteering steering, final int limit) {
        this.steering = steering;
        this.flows = steering.flows();
        this.hash = steering.hash();
        this.limit = Math.min(limit, 1 << SLOT_BITS);
    }

    int size() {
        return size;
    }

    /** @param flowIdHint from the packet's metadata */
    TcpEndpoint find(final TcpSegment segment, final int flowIdHint) {
        final TcpEndpoint hinted = endpoint(flowIdHint);
        if (hinted != null && hinted.matches(segment)) {
            return hinted;
        }
        return find(segment.destinationHigh(), segment.destinationLow(), segment.destinationPort(),
                segment.sourceHigh(), segment.sourceLow(), segment.sourcePort());
    }

    TcpEndpoint find(final long localHigh, final long localLow, final int localPort, final long remoteHigh,
            final long remoteLow, final int remotePort) {
        key(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        return endpoint(flows.find(key, hash.hash(key)));
    }

    /** Whether received packets of this four-tuple come to this loop. */
    boolean isOurs(final long localHigh, final long localLow, final int localPort, final long remoteHigh,
            final long remoteLow, final int remotePort) {
        key(localHigh, localLow, localPort, remoteHigh, remoteLow, remotePort);
        return steering.indirection().loopOf(hash.hash(key)) == steering.loop();
    }

    private TcpEndpoint endpoint(final int flowId) {
        final int slot = flowId & SLOT_MASK;
        if (flowId < 0 || slot >= usedSlots) {
            return null;
        }
        final TcpEndpoint endpoint = endpoints[slot];
        return endpoint != null && endpoint.flowId() == flowId ? endpoint : null;
    }

    /** @return false if the map or the table is full, or has the four-tuple */
    boolean add(final TcpEndpoint endpoint) {
        if (size == limit) {
            return false;
        }
        final int slot = freeCount > 0 ? freeSlots[freeCount - 1] : usedSlots;
        if (slot == endpoints.length) {
            grow();
        }
        final int flowId = (generations[slot] & GENERATION_MASK) << SLOT_BITS | slot;
        key(endpoint);
        if (!flows.insert(key, hash.hash(key), flowId)) {
            return false;
        }
        if (freeCount > 0) {
            freeCount--;
        } else {
            usedSlots++;
        }
        endpoints[slot] = endpoint;
        endpoint.flowId(flowId);
        size++;
        return true;
    }

    /** Puts {@code next} in the place of {@code endpoint}, whose four-tuple it has. */
    void replace(final TcpEndpoint endpoint, final TcpEndpoint next) {
        next.flowId(endpoint.flowId());
        endpoints[endpoint.flowId() & SLOT_MASK] = next;
        endpoint.flowId(NO_FLOW);
    }

    /** Does nothing if {@code endpoint} isn't in the map. */
    void remove(final TcpEndpoint endpoint) {
        final int flowId = endpoint.flowId();
        if (flowId == NO_FLOW) {
            return;
        }
        key(endpoint);
        flows.erase(key, hash.hash(key));
        final int slot = flowId & SLOT_MASK;
        endpoints[slot] = null;
        generations[slot]++;
        freeSlots[freeCount++] = slot;
        endpoint.flowId(NO_FLOW);
        size--;
    }

    /** Slots that {@link #at} can be asked for: for going through all endpoints. */
    int slots() {
        return usedSlots;
    }

    /** The endpoint in a slot, or null. */
    TcpEndpoint at(final int slot) {
        return endpoints[slot];
    }

    /** {@link TcpEndpoint#destroy}s connections at rest. */
    void destroyResting() {
        for (int slot = 0; slot < usedSlots; slot++) {
            if (endpoints[slot] instanceof final RestingConnection resting) {
                resting.destroy();
            }
        }
    }

    private void key(final TcpEndpoint endpoint) {
        key(endpoint.localHigh(), endpoint.localLow(), endpoint.localPort(), endpoint.remoteHigh(),
                endpoint.remoteLow(), endpoint.remotePort());
    }

    private void key(final long localHigh, final long localLow, final int localPort, final long remoteHigh,
            final long remoteLow, final int remotePort) {
        key.local(localHigh, localLow, localPort).remote(remoteHigh, remoteLow, remotePort).protocol(IpProtocol.TCP)
                .vlanId(steering.vlanId());
    }

    private void grow() {
        final int length = endpoints.length * 2;
        endpoints = Arrays.copyOf(endpoints, length);
        generations = Arrays.copyOf(generations, length);
        freeSlots = Arrays.copyOf(freeSlots, length);
    }
}
