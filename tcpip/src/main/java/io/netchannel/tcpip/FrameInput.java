package io.netchannel.tcpip;

import io.netchannel.channels.PacketSink;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.capture.CapturePoint;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.ip.IpInput;
import io.netchannel.tcpip.ip.Reassembler;
import io.netchannel.tcpip.link.Arp;
import io.netchannel.tcpip.link.EthernetPort;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.MacAddress;

/**
 * Frames from the link: whether they are for this interface, and on to the protocol that their type names.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class FrameInput implements PacketSink {

    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final CapturePoint captures;
    private final Counters counters;
    private final long mac;
    private final int vlanId;
    private final Arp arp;
    private final IpInput ipInput;
    private final Reassembler reassembler;
    private final ReassembledSteering reassembledSteering;
    private final TransportInput transports;
    private long nowNs;
    private boolean closed;

    FrameInput(final EthernetPort ethernet, final CapturePoint captures, final Counters counters, final Arp arp,
            final IpInput ipInput, final Reassembler reassembler, final ReassembledSteering reassembledSteering,
            final TransportInput transports) {
        this.pool = ethernet.pool();
        this.packets = pool.packets();
        this.memory = packets.memory();
        this.captures = captures;
        this.counters = counters;
        this.mac = ethernet.mac();
        this.vlanId = ethernet.vlanId();
        this.arp = arp;
        this.ipInput = ipInput;
        this.reassembler = reassembler;
        this.reassembledSteering = reassembledSteering;
        this.transports = transports;
    }

    void beginTurn(final long turnNs) {
        nowNs = turnNs;
    }

    /** From here on all is dropped. */
    void close() {
        closed = true;
    }

    @Override
    public void accept(final long packet) {
        counters.increment(Counter.LINK_IN_FRAMES);
        if (captures.isActive()) {
            captures.received(packet);
        }
        final int headBytes = PacketHandle.lengthBytes(packet);
        boolean kept = false;
        if (closed) {
            counters.increment(Counter.LINK_IN_CLOSED);
        } else if (headBytes < EthernetLayout.HEADER_BYTES) {
            counters.increment(Counter.LINK_IN_TOO_SHORT);
        } else {
            kept = input(packet, headBytes);
        }
        if (!kept) {
            pool.releasePacket(packet);
        }
    }

    /** @return whether the packet was kept */
    private boolean input(final long packet, final int headBytes) {
        final long frame = packets.address(packet);
        final long destination = EthernetLayout.destination(memory, frame);
        final boolean toGroup = MacAddress.isMulticast(destination);
        if (!toGroup && destination != mac || EthernetLayout.source(memory, frame) == mac) {
            counters.increment(Counter.LINK_IN_OTHER_HOST);
            return false;
        }
        final int index = PacketHandle.index(packet);
        final int networkOffset = packets.networkOffset(index);
        if (!isOurVlan(index, networkOffset)) {
            counters.increment(Counter.LINK_IN_OTHER_VLAN);
            return false;
        }
        final int type = networkOffset > headBytes
                ? 0
                : networkOffset == EthernetLayout.HEADER_BYTES
                        ? EthernetLayout.type(memory, frame)
                        : EthernetLayout.taggedType(memory, frame);
        switch (type) {
            case EthernetLayout.TYPE_IPV4, EthernetLayout.TYPE_IPV6 -> {
                final IpDatagram datagram = ipInput.accept(packet, toGroup, false);
                return datagram != null && (datagram.isFragment()
                        ? reassemble(datagram, toGroup)
                        : transports.deliver(datagram, nowNs));
            }
            case EthernetLayout.TYPE_ARP -> arp.input(frame + networkOffset, headBytes - networkOffset, nowNs);
            default -> counters.increment(Counter.LINK_IN_UNKNOWN_TYPE);
        }
        return false;
    }

    /** @return true: the packet is kept, or part of what is */
    private boolean reassemble(final IpDatagram fragment, final boolean toGroup) {
        final long whole = reassembler.input(fragment, nowNs);
        if (whole == PacketHandle.NONE) {
            return true;
        }
        final IpDatagram datagram = reassembledSteering.isOurs(whole)
                ? ipInput.acceptReassembled(whole, toGroup)
                : null;
        if (datagram == null || !transports.deliver(datagram, nowNs)) {
            pool.releasePacket(whole);
        }
        return true;
    }

    /** One tag or none, as configured; a tag of VLAN 0 only carries a priority (IEEE 802.1Q, 9.6). */
    private boolean isOurVlan(final int index, final int networkOffset) {
        final boolean tagged = (packets.flags(index) & PacketLayout.FLAG_VLAN) != 0;
        if (networkOffset != EthernetLayout.HEADER_BYTES + (tagged ? EthernetLayout.TAG_BYTES : 0)) {
            return false;
        }
        final int id = tagged ? packets.vlanTag(index) & 0xFFF : 0;
        return id == Math.max(0, vlanId);
    }

    @Override
    public void endOfBurst() {
        // Answers go out with the turn's flush.
    }
}
