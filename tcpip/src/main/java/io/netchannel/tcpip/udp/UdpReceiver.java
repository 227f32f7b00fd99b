package io.netchannel.tcpip.udp;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.icmp.IcmpErrorSender;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.ip.PacketBytes;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.UdpLayout;
import java.lang.foreign.Arena;

/** Received datagrams, from the header to the handler. Confined to one thread. */
final class UdpReceiver {

    private static final int MAX_PAYLOAD_BYTES = 65535;

    private final PacketMemory packets;
    private final UdpPorts ports;
    private final IcmpErrorSender icmp;
    private final Counters counters;
    private final boolean verifyChecksums;
    /** For datagrams that are spread over slices; made when the first one comes. */
    private Arena scratchArena;
    private long scratch;
    private boolean delivering;
    private boolean closed;

    UdpReceiver(final PacketMemory packets, final UdpPorts ports, final IcmpErrorSender icmp, final Counters counters,
            final boolean verifyChecksums) {
        this.packets = packets;
        this.ports = ports;
        this.icmp = icmp;
        this.counters = counters;
        this.verifyChecksums = verifyChecksums;
    }

    void input(final IpDatagram datagram, final long nowNs) {
        if (datagram.contiguousBytes() < UdpLayout.HEADER_BYTES) {
            counters.increment(Counter.UDP_IN_ERRORS);
            return;
        }
        final long udp = datagram.transportAddress();
        final int lengthBytes = UdpLayout.lengthBytes(packets.memory(), udp);
        if (lengthBytes < UdpLayout.HEADER_BYTES || lengthBytes > datagram.transportBytes()) {
            counters.increment(Counter.UDP_IN_ERRORS);
            return;
        }
        if (verifyChecksums && !isChecksumGood(datagram, udp, lengthBytes)) {
            counters.increment(Counter.UDP_IN_CSUM_ERRORS);
            counters.increment(Counter.UDP_IN_ERRORS);
            return;
        }
        final int remotePort = UdpLayout.sourcePort(packets.memory(), udp);
        final int localPort = UdpLayout.destinationPort(packets.memory(), udp);
        delivering = true;
        try {
            final int payloadBytes = lengthBytes - UdpLayout.HEADER_BYTES;
            if (datagram.isToGroup()) {
                deliverToAll(datagram, localPort, remotePort, payloadBytes);
            } else {
                deliverToBest(datagram, localPort, remotePort, payloadBytes, nowNs);
            }
        } finally {
            delivering = false;
            if (closed) {
                close();
            }
        }
    }

    private void deliverToBest(final IpDatagram datagram, final int localPort, final int remotePort,
            final int payloadBytes, final long nowNs) {
        final UdpSocket socket = ports.find(datagram.destinationHigh(), datagram.destinationLow(), localPort,
                datagram.sourceHigh(), datagram.sourceLow(), remotePort);
        if (socket == null) {
            counters.increment(Counter.UDP_NO_PORTS);
            icmp.portUnreachable(datagram, nowNs);
            return;
        }
        deliver(socket, datagram, remotePort, payloadBytes);
    }

    /** What is sent to a group or to all goes to every socket that it fits (RFC 1122, 4.1.3.5; SO_REUSEADDR). */
    private void deliverToAll(final IpDatagram datagram, final int localPort, final int remotePort,
            final int payloadBytes) {
        final long toHigh = datagram.destinationHigh();
        final long toLow = datagram.destinationLow();
        final long fromHigh = datagram.sourceHigh();
        final long fromLow = datagram.sourceLow();
        final boolean multicast = IpAddress.isMulticast(toHigh, toLow);
        boolean wanted = false;
        UdpSocket socket = ports.first(localPort);
        while (socket != null) {
            // A handler may close any socket; one that is closed still knows who came after it.
            final UdpSocket following = socket.next;
            if (socket.open && socket.score(toHigh, toLow, fromHigh, fromLow, remotePort) > 0
                    && (!multicast || socket.wantsGroup(toHigh, toLow))) {
                wanted = true;
                deliver(socket, datagram, remotePort, payloadBytes);
            }
            socket = following;
        }
        if (!wanted) {
            counters.increment(ports.first(localPort) == null ? Counter.UDP_NO_PORTS : Counter.UDP_IGNORED_MULTI);
        }
    }

    private boolean isChecksumGood(final IpDatagram d, final long udp, final int lengthBytes) {
        if (d.isChecksumVouched()) {
            return true;
        }
        if (UdpLayout.checksum(packets.memory(), udp) == 0) {
            return !d.isIpv6();
        }
        return InternetChecksum.verifyTransport(packets, d.packet(), d.transportOffset(), lengthBytes, IpProtocol.UDP,
                d.sourceHigh(), d.sourceLow(), d.destinationHigh(), d.destinationLow());
    }

    /** One datagram, or a super-frame of equal ones of which only the last may be shorter (VirtIO GSO_UDP_L4). */
    private void deliver(final UdpSocket socket, final IpDatagram d, final int remotePort, final int payloadBytes) {
        final int index = PacketHandle.index(d.packet());
        final int gsoBytes = packets.gsoType(index) == PacketLayout.GSO_UDP_L4 ? packets.gsoSizeBytes(index) : 0;
        final int eachBytes = gsoBytes == 0 ? payloadBytes : gsoBytes;
        final int payloadOffset = d.transportOffset() + UdpLayout.HEADER_BYTES;
        final long remoteHigh = d.sourceHigh();
        final long remoteLow = d.sourceLow();
        final long packet = d.packet();
        socket.datagramLocalHigh = d.destinationHigh();
        socket.datagramLocalLow = d.destinationLow();
        socket.datagramTrafficClass = d.trafficClass();
        socket.datagramHopLimit = d.hopLimit();
        if (gsoBytes != 0 && socket.options.coalescing) {
            deliverCoalesced(socket, remoteHigh, remoteLow, remotePort, contiguous(packet, payloadOffset, payloadBytes),
                    payloadBytes, gsoBytes);
            return;
        }
        int done = 0;
        do {
            final int bytes = Math.min(eachBytes, payloadBytes - done);
            final long address = contiguous(packet, payloadOffset + done, bytes);
            counters.increment(Counter.UDP_IN_DATAGRAMS);
            try {
                socket.handler().onDatagram(socket, remoteHigh, remoteLow, remotePort, address, bytes);
            } catch (final RuntimeException failure) {
                socket.handler().onFailure(socket, failure);
            }
            done += bytes;
        } while (done < payloadBytes && socket.isOpen());
    }

    private void deliverCoalesced(final UdpSocket socket, final long remoteHigh, final long remoteLow,
            final int remotePort, final long address, final int lengthBytes, final int segmentBytes) {
        counters.add(Counter.UDP_IN_DATAGRAMS, (lengthBytes + segmentBytes - 1) / segmentBytes);
        try {
            socket.handler().onCoalesced(socket, remoteHigh, remoteLow, remotePort, address, lengthBytes,
                    segmentBytes);
        } catch (final RuntimeException failure) {
            socket.handler().onFailure(socket, failure);
        }
    }

    private long contiguous(final long packet, final int offsetBytes, final int lengthBytes) {
        if (offsetBytes + lengthBytes <= PacketHandle.lengthBytes(packet)) {
            return packets.address(packet) + offsetBytes;
        }
        int start = PacketHandle.lengthBytes(packet);
        final int index = PacketHandle.index(packet);
        for (int i = 0; i < packets.sliceCount(index); i++) {
            final long slice = packets.slice(index, i);
            final int end = start + PacketHandle.lengthBytes(slice);
            if (offsetBytes >= start && offsetBytes + lengthBytes <= end) {
                return packets.address(slice) + offsetBytes - start;
            }
            start = end;
        }
        if (scratchArena == null) {
            scratchArena = Arena.ofShared();
            scratch = scratchArena.allocate(MAX_PAYLOAD_BYTES).address();
        }
        PacketBytes.copyOut(packets, packet, offsetBytes, scratch, lengthBytes);
        return scratch;
    }

    /** From within a handler, which may still read the scratch memory, it takes effect when that returns. */
    void close() {
        closed = true;
        if (!delivering && scratchArena != null) {
            scratchArena.close();
            scratchArena = null;
        }
    }
}
