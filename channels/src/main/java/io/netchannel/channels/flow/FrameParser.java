package io.netchannel.channels.flow;

import static io.netchannel.channels.flow.HeaderLayout.*;

import io.netchannel.channels.DropReason;
import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;

/**
 * Validates a frame's headers, from the link to the transport, and holds what they say until the next frame.
 *
 * <p>Nothing is believed before it was checked, and each header word that a check depends on is read once: the device
 * may still write to the buffer. What has not been checked against {@code headBytes} is not read.
 *
 * <p>Threading: one thread.
 */
final class FrameParser {

    /** {@link #parse}: TCP or UDP, and all is well. */
    static final int TRANSPORT = 0;
    /** {@link #parse}: for the IP layers of all stacks. */
    static final int CONTROL = 1;
    /** {@link #parse}: for the IP layer of one stack, which may have to answer. */
    static final int ANSWER = 2;
    static final int FRAGMENT = 3;
    /** {@link #parse}: {@link #dropReason} says why. */
    static final int BAD = 4;

    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final Ipv6Extensions extensions;
    final FlowKey key = new FlowKey();

    private long packet;
    private long base;
    private int headBytes;
    private int frameBytes;

    DropReason dropReason;
    int networkOffset;
    int networkBytes;
    int transportOffset;
    int payloadOffset;
    int protocol;
    int vlanTag;
    boolean tagged;
    boolean ip;

    FrameParser(final PacketMemory packets) {
        this.packets = packets;
        this.memory = packets.memory();
        this.extensions = new Ipv6Extensions(memory);
    }

    int parse(final long frame) {
        packet = frame;
        base = packets.address(frame);
        headBytes = PacketHandle.lengthBytes(frame);
        frameBytes = packets.frameBytes(frame);
        networkBytes = 0;
        transportOffset = 0;
        payloadOffset = 0;
        protocol = 0;
        vlanTag = 0;
        tagged = false;
        ip = false;
        if (frameBytes < ETHERNET_BYTES || headBytes < ETHERNET_BYTES) {
            return missing(ETHERNET_BYTES, frameBytes, DropReason.TRUNCATED_ETHERNET);
        }
        final int type = word16(ETHERNET_TYPE_OFFSET);
        if (type == TYPE_8021Q || type == TYPE_8021AD) {
            return parseTags(type);
        }
        key.vlanId(0);
        return parseNetwork(type, ETHERNET_BYTES);
    }

    // One customer tag, one service tag, or a service tag and then a customer tag (IEEE 802.1Q-2022, 9.5).
    private int parseTags(final int outerType) {
        int end = ETHERNET_BYTES + VLAN_TAG_BYTES;
        if (headBytes < end) {
            return missing(end, frameBytes, DropReason.TRUNCATED_ETHERNET);
        }
        final int outer = word16(end - 4);
        int type = word16(end - 2);
        int inner = 0;
        if (outerType == TYPE_8021AD && type == TYPE_8021Q) {
            end += VLAN_TAG_BYTES;
            if (headBytes < end) {
                return missing(end, frameBytes, DropReason.TRUNCATED_ETHERNET);
            }
            inner = word16(end - 4);
            type = word16(end - 2);
        }
        final int outerId = outer & VLAN_ID_MASK;
        final int innerId = inner & VLAN_ID_MASK;
        if (type == TYPE_8021Q || type == TYPE_8021AD || outerId == VLAN_ID_RESERVED || innerId == VLAN_ID_RESERVED) {
            return drop(DropReason.BAD_VLAN_TAG);
        }
        tagged = true;
        vlanTag = outerType == TYPE_8021AD ? inner : outer;
        key.vlanId(outerType == TYPE_8021AD ? outerId << 12 | innerId : outerId);
        return parseNetwork(type, end);
    }

    private int parseNetwork(final int type, final int offset) {
        networkOffset = offset;
        return switch (type) {
            case TYPE_IPV4 -> parseIpv4();
            case TYPE_IPV6 -> parseIpv6();
            case TYPE_ARP -> parseArp();
            default -> drop(DropReason.UNSUPPORTED_ETHERTYPE);
        };
    }

    private int parseArp() {
        if (headBytes < networkOffset + ARP_BYTES) {
            return missing(networkOffset + ARP_BYTES, frameBytes, DropReason.TRUNCATED_ARP);
        }
        networkBytes = ARP_BYTES;
        return CONTROL;
    }

    private int parseIpv4() {
        final int fixedEnd = networkOffset + IPV4_MIN_BYTES;
        if (headBytes < fixedEnd) {
            return missing(fixedEnd, frameBytes, DropReason.TRUNCATED_IP);
        }
        // The five words are read once: what is summed is what is believed.
        final long at = base + networkOffset;
        final long words01 = Long.reverseBytes(memory.getLong(at));
        final long words23 = Long.reverseBytes(memory.getLong(at + 8));
        final int destination = Integer.reverseBytes(memory.getInt(at + 16));
        final int headerBytes = (int) (words01 >>> 56 & 0xF) * 4;
        final int totalBytes = (int) (words01 >>> 32) & 0xFFFF;
        if (words01 >>> 60 != 4) {
            return drop(DropReason.BAD_IP_VERSION);
        }
        if (headerBytes < IPV4_MIN_BYTES) {
            return drop(DropReason.BAD_IP_HEADER_LENGTH);
        }
        if (totalBytes < headerBytes || totalBytes > frameBytes - networkOffset) {
            return drop(DropReason.BAD_IP_TOTAL_LENGTH);
        }
        if (headBytes < networkOffset + headerBytes) {
            return drop(DropReason.HEADERS_NOT_IN_FIRST_BUFFER);
        }
        final int optionsSum = InternetChecksum.sum(memory, at + IPV4_MIN_BYTES, headerBytes - IPV4_MIN_BYTES, 0);
        if (InternetChecksum.sumWords(words01, words23, destination, optionsSum) != InternetChecksum.VALID) {
            return drop(DropReason.BAD_IP_CHECKSUM);
        }
        ip = true;
        networkBytes = totalBytes;
        transportOffset = networkOffset + headerBytes;
        protocol = (int) (words23 >>> 48) & 0xFF;
        key.remoteV4((int) words23, 0).localV4(destination, 0).protocol(protocol);
        if (AddressRules.isBadIpv4((int) words23, destination, protocol)) {
            return drop(DropReason.BAD_ADDRESS);
        }
        if ((words01 & IPV4_FRAGMENT_MASK) != 0) {
            return FRAGMENT;
        }
        return switch (protocol) {
            case FlowKey.TCP -> parseTcp();
            case FlowKey.UDP -> parseUdp();
            case PROTOCOL_ICMP, PROTOCOL_IGMP -> CONTROL;
            default -> ANSWER;
        };
    }

    private int parseIpv6() {
        final int fixedEnd = networkOffset + IPV6_BYTES;
        if (headBytes < fixedEnd) {
            return missing(fixedEnd, frameBytes, DropReason.TRUNCATED_IP);
        }
        final long at = base + networkOffset;
        final long first = Long.reverseBytes(memory.getLong(at));
        if (first >>> 60 != 6) {
            return drop(DropReason.BAD_IP_VERSION);
        }
        final int totalBytes = IPV6_BYTES + ((int) (first >>> 16) & 0xFFFF);
        if (totalBytes > frameBytes - networkOffset || totalBytes > MAX_NETWORK_BYTES) {
            return drop(DropReason.BAD_IP_TOTAL_LENGTH);
        }
        key.remote(word64(at + IPV6_SOURCE_OFFSET), word64(at + IPV6_SOURCE_OFFSET + 8), 0)
                .local(word64(at + IPV6_DESTINATION_OFFSET), word64(at + IPV6_DESTINATION_OFFSET + 8), 0);
        networkBytes = totalBytes;
        final int end = networkOffset + totalBytes;
        final int result = extensions.skip(base, fixedEnd, Math.min(headBytes, end), (int) (first >>> 8) & 0xFF);
        protocol = extensions.protocol();
        transportOffset = extensions.offset();
        key.protocol(protocol);
        if (result == Ipv6Extensions.BAD) {
            return drop(DropReason.BAD_EXTENSION_HEADER);
        }
        if (result == Ipv6Extensions.TRUNCATED) {
            return missing(extensions.missingEnd(), end, DropReason.TRUNCATED_IP);
        }
        ip = true;
        if (AddressRules.isBadIpv6(key, protocol)) {
            return drop(DropReason.BAD_ADDRESS);
        }
        if (result == Ipv6Extensions.ANSWER) {
            return ANSWER;
        }
        return switch (protocol) {
            case FlowKey.TCP -> parseTcp();
            case FlowKey.UDP -> parseUdp();
            case PROTOCOL_FRAGMENT -> FRAGMENT;
            case PROTOCOL_ICMPV6 -> CONTROL;
            default -> ANSWER;
        };
    }

    private int parseTcp() {
        final int end = networkOffset + networkBytes;
        if (transportOffset + TCP_MIN_BYTES > Math.min(end, headBytes)) {
            return missing(transportOffset + TCP_MIN_BYTES, end, DropReason.TRUNCATED_TRANSPORT);
        }
        readPorts();
        final int headerBytes = (memory.getByte(base + transportOffset + TCP_DATA_OFFSET_OFFSET) & 0xF0) >>> 2;
        payloadOffset = transportOffset + headerBytes;
        if (headerBytes < TCP_MIN_BYTES || payloadOffset > end) {
            return drop(DropReason.BAD_DATA_OFFSET);
        }
        if (payloadOffset > headBytes) {
            return drop(DropReason.HEADERS_NOT_IN_FIRST_BUFFER);
        }
        return isTransportChecksumBad(end - transportOffset) ? drop(DropReason.BAD_TRANSPORT_CHECKSUM) : TRANSPORT;
    }

    private int parseUdp() {
        final int end = networkOffset + networkBytes;
        payloadOffset = transportOffset + UDP_BYTES;
        if (payloadOffset > Math.min(end, headBytes)) {
            return missing(payloadOffset, end, DropReason.TRUNCATED_TRANSPORT);
        }
        readPorts();
        final int lengthBytes = word16(transportOffset + UDP_LENGTH_OFFSET);
        if (lengthBytes < UDP_BYTES || lengthBytes > end - transportOffset) {
            return drop(DropReason.BAD_UDP_LENGTH);
        }
        if (word16(transportOffset + UDP_CHECKSUM_OFFSET) == 0 && !isPartialChecksum()) {
            // RFC 768: the sender made none. RFC 8200, 8.1: over IPv6 it must.
            return key.isIpv4() ? TRANSPORT : drop(DropReason.BAD_TRANSPORT_CHECKSUM);
        }
        return isTransportChecksumBad(lengthBytes) ? drop(DropReason.BAD_TRANSPORT_CHECKSUM) : TRANSPORT;
    }

    private void readPorts() {
        final int ports = Integer.reverseBytes(memory.getInt(base + transportOffset));
        key.remote(key.remoteHigh(), key.remoteLow(), ports >>> 16);
        key.local(key.localHigh(), key.localLow(), ports);
    }

    private boolean isPartialChecksum() {
        return (packets.flags(PacketHandle.index(packet)) & PacketLayout.FLAG_NEEDS_CHECKSUM) != 0;
    }

    // VirtIO 1.3, 5.1.6.4: with NEEDS_CSUM the data never left the host's memory; with DATA_VALID the device has
    // checked it.
    private boolean isTransportChecksumBad(final int lengthBytes) {
        final int vouched = PacketLayout.FLAG_NEEDS_CHECKSUM | PacketLayout.FLAG_CHECKSUM_VALID;
        return (packets.flags(PacketHandle.index(packet)) & vouched) == 0
                && !InternetChecksum.verifyTransport(packets, packet, transportOffset, lengthBytes, protocol,
                        key.remoteHigh(), key.remoteLow(), key.localHigh(), key.localLow());
    }

    // A header that ends behind the head: cut off, if it ends behind what holds it too; else in a further buffer.
    private int missing(final int endBytes, final int limitBytes, final DropReason truncated) {
        return drop(endBytes > limitBytes ? truncated : DropReason.HEADERS_NOT_IN_FIRST_BUFFER);
    }

    private int drop(final DropReason reason) {
        dropReason = reason;
        return BAD;
    }

    private int word16(final int offset) {
        return Short.reverseBytes(memory.getShort(base + offset)) & 0xFFFF;
    }

    private long word64(final long address) {
        return Long.reverseBytes(memory.getLong(address));
    }
}
