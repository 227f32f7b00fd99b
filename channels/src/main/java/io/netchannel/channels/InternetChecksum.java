package io.netchannel.channels;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;

/**
 * The Internet checksum (RFC 1071) and its incremental update (RFC 1624).
 *
 * <p>A <em>sum</em> here is a ones-complement sum of 16-bit words in network order, folded: 0..0xFFFF. Sums are added
 * by {@link #add}. A <em>checksum</em> is the complement of a sum, as it stands in a header. A range whose checksum
 * field is right sums up to {@link #VALID}.
 *
 * <p>Addresses are two longs, IPv4 as IPv4-mapped; because the 0xFFFF of a mapped address is a zero of ones-complement
 * arithmetic, one pseudo header serves both families.
 *
 * <p>Threading: stateless.
 */
public final class InternetChecksum {

    /** Sum of a range, pseudo header included, that carries the right checksum. */
    public static final int VALID = 0xFFFF;
    /** No sum: the packet is shorter than the range asked for. */
    public static final int OUT_OF_RANGE = -1;

    private static final long LOW_32 = 0xFFFF_FFFFL;

    private InternetChecksum() {
    }

    /**
     * Sums a range that begins at an even position of what is checksummed; an odd last byte is padded with zero.
     *
     * @param initial another sum, to be added
     */
    public static int sum(final OrderedMemory memory, final long address, final int lengthBytes, final int initial) {
        // Words are summed as the CPU loads them, and the bytes swapped once at the end: RFC 1071, 2(B).
        // 64-bit words are split in halves, so that carries gather in the upper 32 bits: enough for 2^31 words.
        long even = 0;
        long odd = 0;
        long at = address;
        int left = lengthBytes;
        for (; left >= 32; left -= 32, at += 32) {
            final long a = memory.getLong(at);
            final long b = memory.getLong(at + 8);
            final long c = memory.getLong(at + 16);
            final long d = memory.getLong(at + 24);
            even += (a & LOW_32) + (b & LOW_32) + (c & LOW_32) + (d & LOW_32);
            odd += (a >>> 32) + (b >>> 32) + (c >>> 32) + (d >>> 32);
        }
        for (; left >= 8; left -= 8, at += 8) {
            final long word = memory.getLong(at);
            even += word & LOW_32;
            odd += word >>> 32;
        }
        return add(swap(fold(even + odd + sumTail(memory, at, left))), initial);
    }

    // The last 0..7 bytes. Little-endian: an odd last byte is the low half of a word whose other half is zero.
    private static long sumTail(final OrderedMemory memory, final long address, final int lengthBytes) {
        long sum = 0;
        long at = address;
        if ((lengthBytes & 4) != 0) {
            sum += memory.getInt(at) & LOW_32;
            at += 4;
        }
        if ((lengthBytes & 2) != 0) {
            sum += memory.getShort(at) & 0xFFFF;
            at += 2;
        }
        if ((lengthBytes & 1) != 0) {
            sum += memory.getByte(at) & 0xFF;
        }
        return sum;
    }

    /** Sums 64 + 64 + 32 bits that were loaded already, as numbers in network order. */
    public static int sumWords(final long first, final long second, final int third, final int initial) {
        return fold((first & LOW_32) + (first >>> 32) + (second & LOW_32) + (second >>> 32)
                + (third & LOW_32) + initial);
    }

    /** The sum of both. */
    public static int add(final int sum, final int other) {
        final int total = sum + other;
        return (total & 0xFFFF) + (total >>> 16);
    }

    /** The sum of {@code sum} and of a range that begins {@code offsetBytes} into what is checksummed. */
    public static int addAt(final int sum, final int rangeSum, final int offsetBytes) {
        // A range at an odd offset has its bytes in the other halves of the words.
        return add(sum, (offsetBytes & 1) == 0 ? rangeSum : swap(rangeSum));
    }

    /**
     * Sum of the pseudo header of TCP, UDP and ICMPv6 (RFC 9293, 3.1; RFC 768; RFC 8200, 8.1).
     *
     * @param protocol IPv4 protocol, or the IPv6 next header of the transport
     * @param lengthBytes of the transport header and payload
     */
    public static int pseudoHeader(final long sourceHigh, final long sourceLow, final long destinationHigh,
            final long destinationLow, final int protocol, final int lengthBytes) {
        return fold((sourceHigh & LOW_32) + (sourceHigh >>> 32) + (sourceLow & LOW_32) + (sourceLow >>> 32)
                + (destinationHigh & LOW_32) + (destinationHigh >>> 32) + (destinationLow & LOW_32)
                + (destinationLow >>> 32) + protocol + lengthBytes);
    }

    /** The checksum to be put into a header, whose field was zero or not part of the sum. */
    public static int checksum(final int sum) {
        return ~sum & 0xFFFF;
    }

    /** The checksum for UDP, in which 0 means that there is none (RFC 768). */
    public static int udpChecksum(final int sum) {
        final int checksum = ~sum & 0xFFFF;
        return checksum == 0 ? 0xFFFF : checksum;
    }

    /** The checksum after a 16-bit word has changed: RFC 1624, equation 3. */
    public static int update(final int checksum, final int oldWord, final int newWord) {
        return ~add(add(~checksum & 0xFFFF, ~oldWord & 0xFFFF), newWord & 0xFFFF) & 0xFFFF;
    }

    /** The checksum after a 32-bit word at an even offset has changed. */
    public static int updateInt(final int checksum, final int oldWord, final int newWord) {
        return update(update(checksum, oldWord >>> 16, newWord >>> 16), oldWord, newWord);
    }

    /**
     * Sums part of a packet, across its head and slices.
     *
     * @param offsetBytes from the first byte of the frame; what is checksummed begins here
     * @param initial another sum, such as that of the pseudo header
     * @return the sum, or {@link #OUT_OF_RANGE} if the packet ends before
     */
    public static int transportSum(final PacketMemory packets, final long packet, final int offsetBytes,
            final int lengthBytes, final int initial) {
        final int headBytes = PacketHandle.lengthBytes(packet);
        if (offsetBytes + lengthBytes <= headBytes) {
            return sum(packets.memory(), packets.address(packet) + offsetBytes, lengthBytes, initial);
        }
        return sumOverSlices(packets, packet, offsetBytes, lengthBytes, initial);
    }

    private static int sumOverSlices(final PacketMemory packets, final long packet, final int offsetBytes,
            final int lengthBytes, final int initial) {
        final int index = PacketHandle.index(packet);
        final int slices = packets.sliceCount(index);
        int sum = initial;
        int skip = offsetBytes;
        int done = 0;
        long part = packet;
        for (int next = 0; done < lengthBytes; next++) {
            final int partBytes = PacketHandle.lengthBytes(part);
            final int from = Math.min(skip, partBytes);
            final int count = Math.min(partBytes - from, lengthBytes - done);
            sum = addAt(sum, sum(packets.memory(), packets.address(part) + from, count, 0), done);
            skip -= from;
            done += count;
            if (done < lengthBytes) {
                if (next == slices) {
                    return OUT_OF_RANGE;
                }
                part = packets.slice(index, next);
            }
        }
        return sum;
    }

    /**
     * Whether the checksum of a packet's transport header and payload is right.
     *
     * @param transportOffset from the first byte of the frame
     * @param transportBytes header and payload, which may be spread over the packet's slices
     * @return false also if the packet is shorter
     */
    public static boolean verifyTransport(final PacketMemory packets, final long packet, final int transportOffset,
            final int transportBytes, final int protocol, final long sourceHigh, final long sourceLow,
            final long destinationHigh, final long destinationLow) {
        final int pseudo = pseudoHeader(sourceHigh, sourceLow, destinationHigh, destinationLow, protocol,
                transportBytes);
        return transportSum(packets, packet, transportOffset, transportBytes, pseudo) == VALID;
    }

    private static int fold(final long sum) {
        long folded = (sum & LOW_32) + (sum >>> 32);
        folded = (folded & LOW_32) + (folded >>> 32);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        folded = (folded & 0xFFFF) + (folded >>> 16);
        return (int) folded;
    }

    private static int swap(final int sum) {
        return (sum << 8 | sum >>> 8) & 0xFFFF;
    }
}
