package io.netchannel.virtio.net;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;

/**
 * Cuts a super-frame into TCP segments or UDP datagrams with complete checksums, as a device with TSO or USO does
 * (VirtIO 1.3, 5.1.6.2).
 *
 * <p>Every segment gets the super-frame's headers, with its own IPv4 total length, identification and checksum or IPv6
 * payload length, and transport checksum. A TCP segment gets its sequence number and flags: FIN and PSH belong to the
 * last segment only; CWR to the first only, or the sender would be taken to have reduced its window once for each (RFC
 * 3168, 6.1.2). A datagram gets its UDP length.
 *
 * <p>The headers are copied before they are parsed. What they say of lengths is ignored: the frame's length counts.
 *
 * <p>Threading: confined to one thread.
 */
final class SoftwareSegmentation {

    private static final int MAX_HEADERS_BYTES = 512;

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86DD;
    private static final int ETHERTYPE_VLAN = 0x8100;
    private static final int ETHERTYPE_SERVICE_VLAN = 0x88A8;
    private static final int PROTOCOL_TCP = 6;
    private static final int PROTOCOL_UDP = 17;

    private static final int TCP_SEQUENCE_OFFSET = 4;
    private static final int TCP_DATA_OFFSET_OFFSET = 12;
    private static final int TCP_FLAGS_OFFSET = 13;
    private static final int TCP_CHECKSUM_OFFSET = 16;
    private static final int TCP_HEADER_BYTES = 20;
    private static final int FLAG_FIN = 0x01;
    private static final int FLAG_PSH = 0x08;
    private static final int FLAG_CWR = 0x80;

    private static final int UDP_LENGTH_OFFSET = 4;
    private static final int UDP_CHECKSUM_OFFSET = 6;
    private static final int UDP_HEADER_BYTES = 8;

    private final Scratch scratch = new Scratch(MAX_HEADERS_BYTES, 128);
    private final OrderedMemory memory = scratch.memory();
    private final long headers = scratch.address();
    private final VirtioNetHeader finished = new VirtioNetHeader();

    private boolean ipv6;
    private boolean udp;
    private int networkOffset;
    private int transportOffset;
    private int headersBytes;
    private int firstId;
    private int firstSequence;
    private int flags;
    private int addressSum;
    // Of the super-frame that was offered last and found no room for all segments.
    private int segmentsDone;

    void forget() {
        segmentsDone = 0;
    }

    int copy(final FrameView frame, final VirtioNetHeader header, final FrameTarget target) {
        if (!parse(frame, header)) {
            segmentsDone = 0;
            return FrameCopier.BAD_GSO;
        }
        final int payload = frame.lengthBytes() - headersBytes;
        final int size = header.gsoSizeBytes();
        final int segments = Math.max(1, (payload + size - 1) / size);
        for (int i = segmentsDone; i < segments; i++) {
            final int offset = i * size;
            final int bytes = Math.min(size, payload - offset);
            final int answer = target.begin(headersBytes + bytes, finished);
            if (answer != FrameTarget.READY) {
                segmentsDone = answer == FrameTarget.NO_ROOM ? i : 0;
                return answer;
            }
            writeHeaders(frame, i, offset, bytes, i == segments - 1);
            target.write(headers, headersBytes);
            frame.copy(headersBytes + offset, bytes, target);
            target.end();
        }
        segmentsDone = 0;
        return FrameTarget.READY;
    }

    // -- parsing the copied headers

    private boolean parse(final FrameView frame, final VirtioNetHeader header) {
        final int copied = Math.min(frame.lengthBytes(), MAX_HEADERS_BYTES);
        frame.copy(0, copied, headers);
        int offset = 12;
        int etherType = getShort(offset);
        while ((etherType == ETHERTYPE_VLAN || etherType == ETHERTYPE_SERVICE_VLAN) && offset < 20) {
            offset += 4;
            etherType = getShort(offset);
        }
        networkOffset = offset + 2;
        transportOffset = header.checksumStart();
        ipv6 = etherType == ETHERTYPE_IPV6;
        udp = header.gsoType() == VirtioNetHeaderLayout.GSO_UDP_L4;
        final boolean typeFits = switch (header.gsoType()) {
            case VirtioNetHeaderLayout.GSO_TCPV4 -> etherType == ETHERTYPE_IPV4;
            case VirtioNetHeaderLayout.GSO_TCPV6 -> ipv6;
            case VirtioNetHeaderLayout.GSO_UDP_L4 -> ipv6 || etherType == ETHERTYPE_IPV4;
            default -> false;
        };
        final int leastBytes = udp ? UDP_HEADER_BYTES : TCP_HEADER_BYTES;
        if (!typeFits || header.checksumOffset() != checksumOffset() || transportOffset + leastBytes > copied
                || !(ipv6 ? parseIpv6() : parseIpv4())) {
            return false;
        }
        return udp ? parseUdp() : parseTcp(copied);
    }

    private int protocol() {
        return udp ? PROTOCOL_UDP : PROTOCOL_TCP;
    }

    private int checksumOffset() {
        return udp ? UDP_CHECKSUM_OFFSET : TCP_CHECKSUM_OFFSET;
    }

    private boolean parseIpv4() {
        final int versionAndLength = getByte(networkOffset);
        final int fragment = getShort(networkOffset + 6) & 0x3FFF;
        firstId = getShort(networkOffset + 4);
        addressSum = InternetChecksum.sum(memory, headers + networkOffset + 12, 8, 0);
        return versionAndLength >>> 4 == 4 && (versionAndLength & 0xF) >= 5
                && networkOffset + (versionAndLength & 0xF) * 4 == transportOffset && fragment == 0
                && getByte(networkOffset + 9) == protocol();
    }

    // Extension headers are walked only to see that they end where the transport header is said to begin.
    private boolean parseIpv6() {
        int next = getByte(networkOffset + 6);
        int at = networkOffset + 40;
        while (at < transportOffset && (next == 0 || next == 43 || next == 60)) {
            next = getByte(at);
            at += (getByte(at + 1) + 1) * 8;
        }
        addressSum = InternetChecksum.sum(memory, headers + networkOffset + 8, 32, 0);
        return getByte(networkOffset) >>> 4 == 6 && at == transportOffset && next == protocol();
    }

    private boolean parseTcp(final int copied) {
        final int tcpBytes = (getByte(transportOffset + TCP_DATA_OFFSET_OFFSET) >>> 4) * 4;
        headersBytes = transportOffset + tcpBytes;
        firstSequence = Integer.reverseBytes(memory.getInt(headers + transportOffset + TCP_SEQUENCE_OFFSET));
        flags = getByte(transportOffset + TCP_FLAGS_OFFSET);
        return tcpBytes >= TCP_HEADER_BYTES && headersBytes <= copied;
    }

    private boolean parseUdp() {
        headersBytes = transportOffset + UDP_HEADER_BYTES;
        return true;
    }

    // -- writing those of one segment

    private void writeHeaders(final FrameView frame, final int segment, final int offset, final int payloadBytes,
            final boolean last) {
        final int transportBytes = headersBytes - transportOffset + payloadBytes;
        if (ipv6) {
            putShort(networkOffset + 4, transportOffset - networkOffset - 40 + transportBytes);
        } else {
            writeIpv4(segment, transportOffset - networkOffset + transportBytes);
        }
        if (udp) {
            putShort(transportOffset + UDP_LENGTH_OFFSET, transportBytes);
        } else {
            writeTcp(segment, offset, last);
        }
        putShort(transportOffset + checksumOffset(), 0);
        int sum = InternetChecksum.add(addressSum, protocol());
        sum = InternetChecksum.add(sum, transportBytes);
        sum = InternetChecksum.sum(memory, headers + transportOffset, headersBytes - transportOffset, sum);
        sum = frame.sum(headersBytes + offset, payloadBytes, sum);
        // 0 would mean "no checksum" in UDP (RFC 768).
        putShort(transportOffset + checksumOffset(),
                udp ? InternetChecksum.udpChecksum(sum) : InternetChecksum.checksum(sum));
    }

    private void writeTcp(final int segment, final int offset, final boolean last) {
        int segmentFlags = flags;
        segmentFlags &= last ? segmentFlags : ~(FLAG_FIN | FLAG_PSH);
        segmentFlags &= segment == 0 ? segmentFlags : ~FLAG_CWR;
        memory.putByte(headers + transportOffset + TCP_FLAGS_OFFSET, (byte) segmentFlags);
        memory.putInt(headers + transportOffset + TCP_SEQUENCE_OFFSET, Integer.reverseBytes(firstSequence + offset));
    }

    private void writeIpv4(final int segment, final int totalBytes) {
        putShort(networkOffset + 2, totalBytes);
        putShort(networkOffset + 4, firstId + segment);
        putShort(networkOffset + 10, 0);
        final int sum = InternetChecksum.sum(memory, headers + networkOffset, transportOffset - networkOffset, 0);
        putShort(networkOffset + 10, InternetChecksum.checksum(sum));
    }

    private int getByte(final int offset) {
        return memory.getByte(headers + offset) & 0xFF;
    }

    private int getShort(final int offset) {
        return Short.reverseBytes(memory.getShort(headers + offset)) & 0xFFFF;
    }

    private void putShort(final int offset, final int value) {
        memory.putShort(headers + offset, Short.reverseBytes((short) value));
    }
}
