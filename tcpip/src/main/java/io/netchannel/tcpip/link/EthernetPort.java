package io.netchannel.tcpip.link;

import io.netchannel.channels.TxPort;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.wire.EthernetLayout;

/**
 * Frames of one station on one LAN or VLAN.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class EthernetPort {

    /** Bytes that are left free before a frame, for the device's header. */
    public static final int HEADROOM_BYTES = 128;

    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final TxPort port;
    private final Counters counters;
    private final long mac;
    private final int vlanId;
    private final int headerBytes;

    /** @param vlanId negative for untagged frames */
    public EthernetPort(final PacketPool pool, final TxPort port, final Counters counters, final long mac,
            final int vlanId) {
        this.pool = pool;
        this.packets = pool.packets();
        this.memory = packets.memory();
        this.port = port;
        this.counters = counters;
        this.mac = mac;
        this.vlanId = vlanId;
        this.headerBytes = EthernetLayout.headerBytes(vlanId);
    }

    public PacketPool pool() {
        return pool;
    }

    public PacketMemory packets() {
        return packets;
    }

    public TxPort port() {
        return port;
    }

    public long mac() {
        return mac;
    }

    public int vlanId() {
        return vlanId;
    }

    public int headerBytes() {
        return headerBytes;
    }

    /**
     * A new frame with its Ethernet header, in one buffer.
     *
     * @return the packet, or {@link PacketHandle#NONE}, counted, if the pool is empty
     */
    public long newFrame(final long destination, final int type, final int payloadBytes) {
        final int index = pool.allocate();
        if (index == PacketPool.EMPTY) {
            counters.increment(Counter.LINK_OUT_NO_BUFFER);
            return PacketHandle.NONE;
        }
        final long packet = PacketHandle.of(index, HEADROOM_BYTES, headerBytes + payloadBytes);
        EthernetLayout.put(memory, packets.address(packet), destination, mac, vlanId, type);
        return packet;
    }

    /** Sends a frame that nobody would send again: if the link is full it is dropped and counted. */
    public void transmitOrDrop(final long packet) {
        if (port.transmit(packet)) {
            counters.increment(Counter.LINK_OUT_FRAMES);
        } else {
            counters.increment(Counter.LINK_OUT_FULL);
            pool.releasePacket(packet);
        }
    }
}
