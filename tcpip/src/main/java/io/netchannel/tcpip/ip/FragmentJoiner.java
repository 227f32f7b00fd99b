package io.netchannel.tcpip.ip;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.link.EthernetPort;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6FragmentLayout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * Makes one packet of all fragments of a datagram: where they lie, as slices, or copied together if they are more than a
 * packet may have.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class FragmentJoiner {

    /** Of the transport's bytes so many should lie in the head, for those who read headers; else it is all copied. */
    private static final int HEADER_BYTES = 128;
    private static final int CONGESTION_EXPERIENCED = 3;

    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final Reassembler nodes;
    private final long[] parts = new long[1 + PacketLayout.MAX_SLICES];

    FragmentJoiner(final PacketPool pool, final Reassembler nodes) {
        this.pool = pool;
        this.packets = pool.packets();
        this.memory = packets.memory();
        this.nodes = nodes;
    }

    /**
     * Takes the fragments of a queue, except when it fails.
     *
     * @param congested the ECN field becomes CE
     * @return the packet; {@link PacketHandle#NONE} if it is too long or there is no buffer to copy it into
     */
    long join(final FragmentQueue queue, final boolean congested) {
        final int first = queue.head;
        final int dataOffset = nodes.dataOffset[first];
        final int networkOffset = packets.networkOffset(PacketHandle.index(nodes.fragments[first]));
        final int headerBytes = dataOffset - networkOffset - (queue.ipv6 ? Ipv6FragmentLayout.BYTES : 0);
        if (headerBytes + queue.totalBytes > 0xFFFF) {
            return PacketHandle.NONE;
        }
        final long joined = isChainable(queue) ? chain(queue) : copy(queue);
        if (joined == PacketHandle.NONE) {
            return PacketHandle.NONE;
        }
        packets.gso(PacketHandle.index(joined), PacketLayout.GSO_NONE, 0);
        final long ip = packets.address(joined) + networkOffset;
        if (queue.ipv6) {
            if (congested) {
                memory.putByte(ip + 1, (byte) (memory.getByte(ip + 1) | CONGESTION_EXPERIENCED << 4));
            }
            return withoutFragmentHeader(joined, networkOffset, dataOffset - Ipv6FragmentLayout.BYTES,
                    queue.totalBytes);
        }
        NetworkOrder.putShort(memory, ip + Ipv4Layout.TOTAL_LENGTH_OFFSET, headerBytes + queue.totalBytes);
        NetworkOrder.putShort(memory, ip + Ipv4Layout.FRAGMENT_OFFSET, 0);
        if (congested) {
            memory.putByte(ip + Ipv4Layout.TRAFFIC_CLASS_OFFSET, (byte) (Ipv4Layout.trafficClass(memory, ip)
                    | CONGESTION_EXPERIENCED));
        }
        NetworkOrder.putShort(memory, ip + Ipv4Layout.CHECKSUM_OFFSET, 0);
        NetworkOrder.putShort(memory, ip + Ipv4Layout.CHECKSUM_OFFSET,
                InternetChecksum.checksum(InternetChecksum.sum(memory, ip, headerBytes, 0)));
        unvouch(joined);
        return joined;
    }

    /** What a device said of a fragment's checksum says nothing of the datagram's. */
    private void unvouch(final long packet) {
        final int index = PacketHandle.index(packet);
        packets.flags(index, packets.flags(index)
                & ~(PacketLayout.FLAG_CHECKSUM_VALID | PacketLayout.FLAG_NEEDS_CHECKSUM));
    }

    /**
     * Moves the headers before a fragment header to where it ends.
     *
     * @param fragmentOffset of the fragment header in the frame
     * @param payloadBytes behind it
     */
    long withoutFragmentHeader(final long packet, final int networkOffset, final int fragmentOffset,
            final int payloadBytes) {
        final long frame = packets.address(packet);
        final long ip = frame + networkOffset;
        int field = Ipv6Layout.NEXT_HEADER_OFFSET;
        for (int at = Ipv6Layout.HEADER_BYTES; at < fragmentOffset - networkOffset;) {
            field = at;
            at += 8 + NetworkOrder.getByte(memory, ip + at + 1) * 8;
        }
        memory.putByte(ip + field, (byte) Ipv6FragmentLayout.nextHeader(memory, frame + fragmentOffset));
        NetworkOrder.putShort(memory, ip + Ipv6Layout.PAYLOAD_LENGTH_OFFSET, fragmentOffset - networkOffset
                - Ipv6Layout.HEADER_BYTES + payloadBytes);
        for (int i = fragmentOffset - 1; i >= 0; i--) {
            memory.putByte(frame + i + Ipv6FragmentLayout.BYTES, memory.getByte(frame + i));
        }
        unvouch(packet);
        return PacketHandle.skip(packet, Ipv6FragmentLayout.BYTES);
    }

    private boolean isChainable(final FragmentQueue queue) {
        final int first = queue.head;
        final int inHead = PacketHandle.lengthBytes(nodes.fragments[first]) - nodes.dataOffset[first];
        if (Math.min(inHead, nodes.end[first]) < Math.min(HEADER_BYTES, queue.totalBytes)) {
            return false;
        }
        int count = cut(nodes.fragments[first], 0, nodes.dataOffset[first] + nodes.end[first], false);
        for (int node = nodes.next[first]; node != Reassembler.NO_NODE; node = nodes.next[node]) {
            count += cut(nodes.fragments[node], nodes.dataOffset[node], nodes.end[node] - nodes.start[node], false);
        }
        return count <= PacketLayout.MAX_SLICES + 1;
    }

    /**
     * Counts the buffers that a range of a packet lies in, which a packet has.
     *
     * @param take also puts the handles of the parts into {@link #parts}, takes them out of the packet and releases the
     *            other buffers
     */
    private int cut(final long packet, final int from, final int lengthBytes, final boolean take) {
        final int index = PacketHandle.index(packet);
        final int slices = packets.sliceCount(index);
        int skip = from;
        int left = lengthBytes;
        int count = 0;
        long part = packet;
        for (int i = 0; i <= slices; i++) {
            final int partSkip = Math.min(skip, PacketHandle.lengthBytes(part));
            final int bytes = Math.min(left, PacketHandle.lengthBytes(part) - partSkip);
            skip -= partSkip;
            left -= bytes;
            if (bytes > 0) {
                if (take) {
                    parts[count] = PacketHandle.withRange(part, PacketHandle.offsetBytes(part) + partSkip, bytes);
                }
                count++;
            } else if (take) {
                pool.release(PacketHandle.index(part));
            }
            part = i < slices ? packets.slice(index, i) : PacketHandle.NONE;
        }
        if (take) {
            packets.clearSlices(index);
        }
        return count;
    }

    private long chain(final FragmentQueue queue) {
        final int first = queue.head;
        int count = cut(nodes.fragments[first], 0, nodes.dataOffset[first] + nodes.end[first], true);
        final long head = parts[0];
        final int index = PacketHandle.index(head);
        addSlices(index, 1, count);
        for (int node = nodes.next[first]; node != Reassembler.NO_NODE; node = nodes.next[node]) {
            count = cut(nodes.fragments[node], nodes.dataOffset[node], nodes.end[node] - nodes.start[node], true);
            addSlices(index, 0, count);
        }
        return head;
    }

    private void addSlices(final int index, final int from, final int count) {
        for (int i = from; i < count; i++) {
            packets.addSlice(index, parts[i]);
        }
    }

    private long copy(final FragmentQueue queue) {
        final int first = queue.head;
        final int headers = nodes.dataOffset[first];
        final long target = PacketBytes.allocate(pool, EthernetPort.HEADROOM_BYTES, headers + queue.totalBytes,
                PacketLayout.MAX_SLICES);
        if (target == PacketHandle.NONE) {
            return PacketHandle.NONE;
        }
        PacketBytes.copy(packets, nodes.fragments[first], 0, target, 0, headers);
        for (int node = first; node != Reassembler.NO_NODE; node = nodes.next[node]) {
            PacketBytes.copy(packets, nodes.fragments[node], nodes.dataOffset[node], target, headers
                    + nodes.start[node], nodes.end[node] - nodes.start[node]);
            pool.releasePacket(nodes.fragments[node]);
        }
        return target;
    }
}
