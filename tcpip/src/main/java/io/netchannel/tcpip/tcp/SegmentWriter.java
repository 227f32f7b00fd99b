package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.channels.LinkCapabilities;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * Builds segments and hands them to the IP layer: {@link #begin}, options, payload, {@link #send}.
 *
 * <p>A small payload is copied behind the header, so that the frame is one descriptor; a larger one is slices over the
 * send queue. One that is longer than a segment is left to the link to cut (GSO).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SegmentWriter {

    /** Taken over by the IP layer, or dropped by it: either way the segment counts as sent. */
    static final int SENT = 0;
    /** Nothing happened: the link has no room. */
    static final int LINK_FULL = 1;
    /** Nothing happened: the pool has no buffer. */
    static final int NO_BUFFER = 2;

    /** Payload up to which a copy is cheaper than a descriptor. */
    private static final int COPY_BYTES = 256;

    private final IpOutput output;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final TcpCounters counters;
    private final LinkCapabilities capabilities;
    private final int slices;
    private final int copyBytes;

    // What maxPayloadBytes last answered, since most flows ask the same: a division less for each frame.
    private int knownMssBytes;
    private int knownHeaderBytes;
    private int knownMaxPayloadBytes;
    private Path path;
    private int index;
    private long header;
    private int headerBytes;
    private int inlineBytes;
    private int payloadBytes;
    private int gsoSizeBytes;
    private int trafficClass;

    SegmentWriter(final IpOutput output, final TcpCounters counters) {
        this.output = output;
        this.pool = output.pool();
        this.packets = pool.packets();
        this.memory = packets.memory();
        this.counters = counters;
        this.capabilities = output.capabilities();
        this.slices = Math.min(capabilities.maxSlices(), PacketLayout.MAX_SLICES);
        final int roomBytes = packets.bufferBytes() - IpOutput.TRANSPORT_OFFSET - MAX_HEADER_BYTES;
        if (roomBytes < 1) {
            throw new IllegalArgumentException("bufferBytes=" + packets.bufferBytes() + " < MIN="
                    + (IpOutput.TRANSPORT_OFFSET + MAX_HEADER_BYTES + 1));
        }
        // Without slices a copy is all there is.
        this.copyBytes = slices == 0 ? roomBytes : Math.min(COPY_BYTES, roomBytes);
    }

    /** Payload that one call may send: a multiple of {@code mssBytes}, more than one if the link cuts super-frames. */
    int maxPayloadBytes(final Path to, final int mssBytes) {
        final boolean cuts = capabilities.transmitChecksum()
                && (to.isIpv6() ? capabilities.tsoIpv6() : capabilities.tsoIpv4());
        if (!cuts) {
            return mssBytes;
        }
        if (mssBytes != knownMssBytes || to.networkHeaderBytes() != knownHeaderBytes) {
            knownMssBytes = mssBytes;
            knownHeaderBytes = to.networkHeaderBytes();
            final int bytes = capabilities.maxGsoBytes() - knownHeaderBytes - MAX_HEADER_BYTES;
            knownMaxPayloadBytes = Math.max(1, bytes / mssBytes) * mssBytes;
        }
        return knownMaxPayloadBytes;
    }

    /** Payload that is copied behind the header, in whatever pieces it lies. */
    int copyBytes() {
        return copyBytes;
    }

    /** Bytes from {@code position} of the queue that fit in one frame. */
    int sliceableBytes(final SendQueue queue, final int position) {
        return slices == 0 ? copyBytes : queue.sliceableBytes(position, slices);
    }

    /** Starts a segment. @return {@link #SENT} if it can be built; then {@link #send} must follow */
    int begin(final TcpEndpoint flow, final int sequence, final int acknowledgment, final int flags) {
        final int started = begin(flow.path());
        if (started == SENT) {
            TcpHeader.put(memory, header, flow.localPort(), flow.remotePort(), sequence, acknowledgment,
                    MIN_HEADER_BYTES, flags, 0);
        }
        return started;
    }

    private int begin(final Path to) {
        if (output.space() == 0) {
            counters.increment(TcpCounter.OUT_LINK_FULL);
            return LINK_FULL;
        }
        index = pool.allocate();
        if (index == PacketPool.EMPTY) {
            counters.increment(TcpCounter.OUT_NO_BUFFER);
            return NO_BUFFER;
        }
        path = to;
        header = packets.bufferAddress(index) + IpOutput.TRANSPORT_OFFSET;
        headerBytes = MIN_HEADER_BYTES;
        inlineBytes = 0;
        payloadBytes = 0;
        gsoSizeBytes = 0;
        trafficClass = 0;
        return SENT;
    }

    /** The window field; asked for last, because to advertise a window is to promise it. */
    void window(final int window) {
        NetworkOrder.putShort(memory, header + WINDOW_OFFSET, window);
    }

    void mssOption(final int mssBytes) {
        headerBytes += TcpOptions.putMss(memory, header + headerBytes, mssBytes);
    }

    void windowScaleOption(final int shift) {
        headerBytes += TcpOptions.putWindowScale(memory, header + headerBytes, shift);
    }

    void sackPermittedOption() {
        headerBytes += TcpOptions.putSackPermitted(memory, header + headerBytes);
    }

    void sackPermittedAndTimestampsOption(final int value, final int echo) {
        headerBytes += TcpOptions.putSackPermittedAndTimestamps(memory, header + headerBytes, value, echo);
    }

    /** Head of a SACK option of {@code blocks} blocks, each added by {@link #sackBlock}. */
    void sackOption(final int blocks) {
        headerBytes += TcpOptions.putSack(memory, header + headerBytes, blocks);
    }

    void sackBlock(final int start, final int end) {
        headerBytes += TcpOptions.putSackBlock(memory, header + headerBytes, start, end);
    }

    /** The DS field of the packet, ECN bits included; 0 if not called. */
    void trafficClass(final int dsField) {
        trafficClass = dsField;
    }

    void timestampsOption(final int value, final int echo) {
        headerBytes += TcpOptions.putTimestamps(memory, header + headerBytes, value, echo);
    }

    /** Adds payload from the queue, after all options. */
    void payload(final SendQueue queue, final int position, final int lengthBytes, final int mssBytes) {
        if (lengthBytes <= copyBytes) {
            queue.copyTo(header + headerBytes, position, lengthBytes);
            inlineBytes = lengthBytes;
        } else {
            queue.addSlices(index, position, lengthBytes);
        }
        payloadBytes = lengthBytes;
        gsoSizeBytes = lengthBytes > mssBytes ? mssBytes : 0;
    }

    int send(final long nowNs) {
        memory.putByte(header + DATA_OFFSET_OFFSET, (byte) (headerBytes << 2));
        final long packet = PacketHandle.of(index, IpOutput.TRANSPORT_OFFSET, headerBytes + inlineBytes);
        putChecksum(packet);
        if (gsoSizeBytes != 0) {
            packets.gso(index, path.isIpv6() ? PacketLayout.GSO_TCPV6 : PacketLayout.GSO_TCPV4, gsoSizeBytes);
            packets.headerLengthBytes(index, headerBytes);
        }
        return switch (output.send(packet, path, IpProtocol.TCP, trafficClass, nowNs)) {
            case SENT -> sent();
            case DROPPED -> {
                counters.increment(TcpCounter.OUT_DROPPED);
                yield sent();
            }
            case LINK_FULL -> {
                counters.increment(TcpCounter.OUT_LINK_FULL);
                pool.releasePacket(packet);
                yield LINK_FULL;
            }
        };
    }

    private int sent() {
        counters.add(TcpCounter.OUT_SEGS, gsoSizeBytes == 0 ? 1 : (payloadBytes + gsoSizeBytes - 1) / gsoSizeBytes);
        return SENT;
    }

    private void putChecksum(final long packet) {
        final int lengthBytes = headerBytes + payloadBytes;
        final int pseudo = InternetChecksum.pseudoHeader(path.localHigh(), path.localLow(), path.remoteHigh(),
                path.remoteLow(), IpProtocol.TCP, lengthBytes);
        if (capabilities.transmitChecksum()) {
            NetworkOrder.putShort(memory, header + CHECKSUM_OFFSET, pseudo);
            packets.checksum(index, 0, CHECKSUM_OFFSET);
            packets.flags(index, PacketLayout.FLAG_NEEDS_CHECKSUM);
        } else {
            final int sum = InternetChecksum.transportSum(packets, packet, 0, lengthBytes, pseudo);
            NetworkOrder.putShort(memory, header + CHECKSUM_OFFSET, InternetChecksum.checksum(sum));
        }
    }

    /** A segment without options, best effort: a RST or a reply that nobody retries. */
    int sendPlain(final TcpEndpoint flow, final int sequence, final int acknowledgment, final int flags,
            final long nowNs) {
        final int started = begin(flow, sequence, acknowledgment, flags);
        if (started != SENT) {
            return started;
        }
        if ((flags & RST) != 0) {
            counters.increment(TcpCounter.OUT_RSTS);
        }
        return send(nowNs);
    }

    /**
     * RFC 9293, 3.10.7.1: the RST for a segment that belongs to no connection; none for a RST.
     *
     * @param dsField of the packet
     */
    void resetFor(final TcpSegment segment, final int dsField, final long nowNs) {
        if (segment.has(RST)) {
            return;
        }
        final Path back = output.pathTo(segment.destinationHigh(), segment.destinationLow(), segment.sourceHigh(),
                segment.sourceLow());
        if (back == null || begin(back) != SENT) {
            return;
        }
        final boolean acknowledges = segment.has(ACK);
        TcpHeader.put(memory, header, segment.destinationPort(), segment.sourcePort(),
                acknowledges ? segment.acknowledgment() : 0, acknowledges ? 0 : segment.sequenceEnd(), MIN_HEADER_BYTES,
                acknowledges ? RST : RST | ACK, 0);
        trafficClass(dsField);
        counters.increment(TcpCounter.OUT_RSTS);
        send(nowNs);
    }
}
