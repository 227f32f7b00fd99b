package io.netchannel.virtio.device;

import io.netchannel.cpu.OrderedMemory;

/**
 * A router's mark (RFC 3168, 5): the two low bits of the traffic class, 01 or 10 for a capable transport, become 11.
 *
 * <pre>
 *  IPv4, word 0:  version(4) IHL(4) | traffic class(8) | total length(16)
 *  IPv6, word 0:  version(4) traffic class(8) flow label(20)
 * </pre>
 */
final class EcnMark {

    private static final int ETHERNET_TYPE_OFFSET = 12;
    private static final int IP_OFFSET = 14;
    private static final int IPV4_CHECKSUM_OFFSET = 10;
    private static final int IPV6_ECN_SHIFT = 20;
    private static final int CONGESTION_EXPERIENCED = 3;

    private EcnMark() {
    }

    /** @return whether the frame is an IP packet of a capable transport; it is marked then */
    static boolean set(final OrderedMemory memory, final long frame) {
        final int type = Short.toUnsignedInt(Short.reverseBytes(memory.getShort(frame + ETHERNET_TYPE_OFFSET)));
        final long ip = frame + IP_OFFSET;
        return switch (type) {
            case 0x0800 -> setIpv4(memory, ip);
            case 0x86DD -> setIpv6(memory, ip);
            default -> false;
        };
    }

    private static boolean setIpv4(final OrderedMemory memory, final long ip) {
        final int before = Short.toUnsignedInt(Short.reverseBytes(memory.getShort(ip)));
        if ((before & CONGESTION_EXPERIENCED) == 0) {
            return false;
        }
        final int after = before | CONGESTION_EXPERIENCED;
        memory.putShort(ip, Short.reverseBytes((short) after));
        // RFC 1624, 3: HC' = ~(~HC + ~m + m').
        final long checksum = ip + IPV4_CHECKSUM_OFFSET;
        int sum = (~memory.getShort(checksum) & 0xFFFF);
        sum = Short.toUnsignedInt(Short.reverseBytes((short) sum)) + (~before & 0xFFFF) + after;
        sum = (sum & 0xFFFF) + (sum >>> 16);
        sum = (sum & 0xFFFF) + (sum >>> 16);
        memory.putShort(checksum, Short.reverseBytes((short) ~sum));
        return true;
    }

    private static boolean setIpv6(final OrderedMemory memory, final long ip) {
        final int word = Integer.reverseBytes(memory.getInt(ip));
        if ((word >>> IPV6_ECN_SHIFT & CONGESTION_EXPERIENCED) == 0) {
            return false;
        }
        memory.putInt(ip, Integer.reverseBytes(word | CONGESTION_EXPERIENCED << IPV6_ECN_SHIFT));
        return true;
    }
}
