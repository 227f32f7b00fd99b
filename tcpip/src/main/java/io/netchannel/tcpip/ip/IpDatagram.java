package io.netchannel.tcpip.ip;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6Layout;

/**
 * A received packet whose IP header {@link IpInput} has accepted. One object per stack, used again for each packet.
 *
 * <p>Threading: confined to the thread of its stack; holds until the next packet.
 */
public final class IpDatagram {

    private final PacketMemory packets;
    long packet;
    long frame;
    int networkOffset;
    int networkBytes;
    int transportOffset;
    int protocol;
    boolean ipv6;
    boolean toGroup;
    boolean fragment;
    long sourceHigh;
    long sourceLow;
    long destinationHigh;
    long destinationLow;

    IpDatagram(final PacketMemory packets) {
        this.packets = packets;
    }

    public PacketMemory packets() {
        return packets;
    }

    public OrderedMemory memory() {
        return packets.memory();
    }

    public long packet() {
        return packet;
    }

    /** Address of the Ethernet header. */
    public long frameAddress() {
        return frame;
    }

    /** Address of the IP header. */
    public long networkAddress() {
        return frame + networkOffset;
    }

    public int networkOffset() {
        return networkOffset;
    }

    /** Length of the whole network packet. */
    public int networkBytes() {
        return networkBytes;
    }

    /** Address of the transport header. */
    public long transportAddress() {
        return frame + transportOffset;
    }

    /** From the first byte of the frame. */
    public int transportOffset() {
        return transportOffset;
    }

    /** Transport header and payload, by the IP header's length. */
    public int transportBytes() {
        return networkOffset + networkBytes - transportOffset;
    }

    /** How many of {@link #transportBytes} lie in the head, from {@link #transportAddress} on. */
    public int contiguousBytes() {
        return Math.min(transportBytes(), PacketHandle.lengthBytes(packet) - transportOffset);
    }

    /** Upper-layer protocol, behind any extension headers. */
    public int protocol() {
        return protocol;
    }

    public boolean isIpv6() {
        return ipv6;
    }

    /** Sent to several: a multicast or broadcast address, of IP or of the link. */
    public boolean isToGroup() {
        return toGroup;
    }

    /** Only a part of a datagram; of IPv6 also one that is the whole, but has a fragment header (RFC 6946). */
    public boolean isFragment() {
        return fragment;
    }

    /** The DS field, ECN bits included. */
    public int trafficClass() {
        return ipv6
                ? Ipv6Layout.trafficClass(packets.memory(), networkAddress())
                : Ipv4Layout.trafficClass(packets.memory(), networkAddress());
    }

    /** Time to live, or hop limit. */
    public int hopLimit() {
        return ipv6
                ? Ipv6Layout.hopLimit(packets.memory(), networkAddress())
                : Ipv4Layout.timeToLive(packets.memory(), networkAddress());
    }

    public long sourceHigh() {
        return sourceHigh;
    }

    public long sourceLow() {
        return sourceLow;
    }

    public long destinationHigh() {
        return destinationHigh;
    }

    public long destinationLow() {
        return destinationLow;
    }

    /**
     * Whether the device vouches for a TCP or UDP checksum, or there is none because the data never left a host's
     * memory.
     */
    public boolean isChecksumVouched() {
        return (packets.flags(PacketHandle.index(packet))
                & (PacketLayout.FLAG_CHECKSUM_VALID | PacketLayout.FLAG_NEEDS_CHECKSUM)) != 0;
    }

    /** Whether the checksum over the pseudo header and the transport's bytes is right. */
    public boolean verifyChecksum() {
        return InternetChecksum.verifyTransport(packets, packet, transportOffset, transportBytes(), protocol,
                sourceHigh, sourceLow, destinationHigh, destinationLow);
    }

    /** Whether a checksum that covers no pseudo header is right: ICMP for IPv4. */
    public boolean verifyPlainChecksum() {
        return InternetChecksum.transportSum(packets, packet, transportOffset, transportBytes(),
                0) == InternetChecksum.VALID;
    }
}
