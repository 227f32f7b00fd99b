package io.netchannel.tcpip.multicast;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.tcpip.link.EthernetPort;

/**
 * A message that grows record by record, in one buffer.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class ReportPacket {

    private final EthernetPort port;
    private final int maxBytes;
    private long packet = PacketHandle.NONE;
    private int usedBytes;
    private int records;

    /** @param maxBytes of the network packet */
    ReportPacket(final EthernetPort port, final int maxBytes) {
        this.port = port;
        this.maxBytes = Math.min(maxBytes, port.packets().bufferBytes() - EthernetPort.HEADROOM_BYTES
                - port.headerBytes());
    }

    OrderedMemory memory() {
        return port.packets().memory();
    }

    boolean isOpen() {
        return packet != PacketHandle.NONE;
    }

    /** @return false, counted, if there is no buffer */
    boolean open(final long destinationMac, final int etherType, final int headerBytes) {
        packet = port.newFrame(destinationMac, etherType, maxBytes);
        usedBytes = headerBytes;
        records = 0;
        return isOpen();
    }

    int freeBytes() {
        return maxBytes - usedBytes;
    }

    /** @return where to write a record of {@code bytes} */
    long append(final int bytes) {
        final long at = networkAddress() + usedBytes;
        usedBytes += bytes;
        records++;
        return at;
    }

    long networkAddress() {
        return port.packets().address(packet) + port.headerBytes();
    }

    int networkBytes() {
        return usedBytes;
    }

    int records() {
        return records;
    }

    void send() {
        port.transmitOrDrop(PacketHandle.of(PacketHandle.index(packet), PacketHandle.offsetBytes(packet),
                port.headerBytes() + usedBytes));
        packet = PacketHandle.NONE;
    }
}
