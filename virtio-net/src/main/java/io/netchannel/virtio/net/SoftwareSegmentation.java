package io.netchannel.virtio.net;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.cpu.OrderedMemory;

/**
 * Cuts a TCP super-frame into segments with complete checksums, as a device with TSO does (VirtIO 1.3, 5.1.6.2).
 *
 * <p>Every segment gets the super-frame's headers, with its own IPv4 total length, identification and checksum or IPv6
 * payload length, sequence number, flags and TCP checksum. FIN and PSH belong to the last segment only; CWR to the
 * first only, or the sender would be taken to have reduced its window once for each (RFC 3168, 6.1.2).
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

    private static final int TCP_SEQUENCE_OFFSET = 4;
    private static final int TCP_DATA_OFFSET_OFFSET = 12;
    private static final int TCP_FLAGS_OFFSET = 13;
    private static final int TCP_CHECKSUM_OFFSET = 16;
    private static final int FLAG_FIN = 0x01;
    private static final int FLAG_PSH = 0x08;
    private static final int FLAG_CWR = 0x80;

    private final Scratch scratch = new Scratch(MAX_HEADERS_BYTES, 128);
    private final OrderedMemory memory = scratch.memory();
    private final long headers = scratch.address();
    private final VirtioNetHeader finished = new VirtioNetHeader();

    private boolean ipv6;
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
        final boolean typeFits = header.gsoType() == VirtioNetHeaderLayout.GSO_TCPV4
                ? etherType == ETHERTYPE_IPV4
                : header.gsoType() == VirtioNetHeaderLayout.GSO_TCPV6 && ipv6;
        if (!typeFits || header.checksumOffset() != TCP_CHECKSUM_OFFSET || transportOffset + 20 > copied
                || !(ipv6 ? parseIpv6() : parseIpv4())) {
            return false;
        }
        return parseTcp(copied);
    }

    private boolean parseIpv4() {
        final int versionAndLength = getByte(networkOffset);
        final int fragment = getShort(networkOffset + 6) & 0x3FFF;
        firstId = getShort(networkOffset + 4);
        addressSum = InternetChecksum.sum(memory, headers + networkOffset + 12, 8, 0);
        return versionAndLength >>> 4 == 4 && (versionAndLength & 0xF) >= 5
                && networkOffset + (versionAndLength & 0xF) * 4 == transportOffset && fragment == 0
                && getByte(networkOffset + 9) == PROTOCOL_TCP;
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
        return getByte(networkOffset) >>> 4 == 6 && at == transportOffset && next == PROTOCOL_TCP;
    }

    private boolean parseTcp(final int copied) {
        final int tcpBytes = (getByte(transportOffset + TCP_DATA_OFFSET_OFFSET) >>> 4) * 4;
        headersBytes = transportOffset + tcpBytes;
        firstSequence = Integer.reverseBytes(memory.getInt(headers + transportOffset + TCP_SEQUENCE_OFFSET));
        flags = getByte(transportOffset + TCP_FLAGS_OFFSET);
        return tcpBytes >= 20 && headersBytes <= copied;
    }

    // -- writing those of one segment

    private void writeHeaders(final FrameView frame, final int segment, final int offset, final int payloadBytes,
            final boolean last) {
        final int tcpBytes = headersBytes - transportOffset + payloadBytes;
        if (ipv6) {
            putShort(networkOffset + 4, transportOffset - networkOffset - 40 + tcpBytes);
        } else {
            writeIpv4(segment, transportOffset - networkOffset + tcpBytes);
        }
        int segmentFlags = flags;
        segmentFlags &= last ? segmentFlags : ~(FLAG_FIN | FLAG_PSH);
        segmentFlags &= segment == 0 ? segmentFlags : ~FLAG_CWR;
        memory.putByte(headers + transportOffset + TCP_FLAGS_OFFSET, (byte) segmentFlags);
        memory.putInt(headers + transportOffset + TCP_SEQUENCE_OFFSET, Integer.reverseBytes(firstSequence + offset));
        putShort(transportOffset + TCP_CHECKSUM_OFFSET, 0);
        int sum = InternetChecksum.add(addressSum, PROTOCOL_TCP);
        sum = InternetChecksum.add(sum, tcpBytes);
        sum = InternetChecksum.sum(memory, headers + transportOffset, headersBytes - transportOffset, sum);
        sum = frame.sum(headersBytes + offset, payloadBytes, sum);
        putShort(transportOffset + TCP_CHECKSUM_OFFSET, InternetChecksum.checksum(sum));
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
