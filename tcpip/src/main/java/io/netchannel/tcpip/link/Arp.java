package io.netchannel.tcpip.link;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.wire.ArpLayout;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;
import io.netchannel.tcpip.wire.NdpLayout;

/**
 * ARP (RFC 826), with the messages of RFC 5227; its rules are those of the {@link ConflictListener}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Arp {

    private final EthernetPort port;
    private final LocalAddresses addresses;
    private final NeighborCache cache;
    private final Counters counters;
    private final boolean answersRequests;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private ConflictListener conflicts = ConflictListener.NONE;

    /** @param answersRequests false for stacks that only learn, because another of the same station answers */
    public Arp(final EthernetPort port, final LocalAddresses addresses, final NeighborCache cache,
            final Counters counters, final boolean answersRequests) {
        this.port = port;
        this.addresses = addresses;
        this.cache = cache;
        this.counters = counters;
        this.answersRequests = answersRequests;
        this.packets = port.packets();
        this.memory = packets.memory();
    }

    /** Who is told of others that claim our addresses. */
    public void conflicts(final ConflictListener listener) {
        conflicts = listener;
    }

    /**
     * Handles the ARP packet of a frame, and leaves the frame to the caller.
     *
     * @param arp address of the packet
     * @param lengthBytes of what is there of it
     */
    public void input(final long arp, final int lengthBytes, final long nowNs) {
        if (lengthBytes < ArpLayout.BYTES || !ArpLayout.isValid(memory, arp)) {
            counters.increment(Counter.ARP_IN_ERRORS);
            return;
        }
        final boolean request = ArpLayout.operation(memory, arp) == ArpLayout.REQUEST;
        counters.increment(request ? Counter.ARP_IN_REQUESTS : Counter.ARP_IN_REPLIES);
        final long senderMac = ArpLayout.senderMac(memory, arp);
        final int sender = ArpLayout.senderAddress(memory, arp);
        final long senderLow = IpAddress.lowOfIpv4(sender);
        final long targetLow = IpAddress.lowOfIpv4(ArpLayout.targetAddress(memory, arp));
        if (senderMac == port.mac()) {
            return;
        }
        if (!MacAddress.isStation(senderMac)) {
            counters.increment(Counter.ARP_IN_ERRORS);
            return;
        }
        // RFC 5227, 2.1.1 and 2.4: an address that is ours, or is about to be.
        if (addresses.indexOf(0, senderLow) != LocalAddresses.NONE) {
            counters.increment(Counter.ARP_CONFLICTS);
            conflicts.onClaimed(0, senderLow, senderMac, nowNs);
            return;
        }
        final boolean forUs = addresses.isLocal(0, targetLow);
        if (sender == 0 && request && conflicts.isBeingProbed(0, targetLow)) {
            conflicts.onProbed(0, targetLow, senderMac, NdpLayout.NO_OPTION, nowNs);
            return;
        }
        // A probe (RFC 5227, 1.1) comes from 0.0.0.0: it is answered, and teaches nothing.
        if (sender != 0) {
            if (!isPlausible(senderLow)) {
                counters.increment(Counter.ARP_IN_ERRORS);
                return;
            }
            learn(arp, senderMac, senderLow, request, forUs, nowNs);
        }
        if (request && forUs && answersRequests) {
            send(ArpLayout.REPLY, senderMac, (int) targetLow, senderMac, sender);
            counters.increment(Counter.ARP_OUT_REPLIES);
        }
    }

    private boolean isPlausible(final long senderLow) {
        return addresses.isOnLink(0, senderLow) && !addresses.isBroadcast(0, senderLow);
    }

    private void learn(final long arp, final long senderMac, final long senderLow, final boolean request,
            final boolean forUs, final long nowNs) {
        // Whoever asks for us is about to be talked to; others only refresh what we have.
        final Neighbor entry = request && forUs ? cache.findOrCreate(0, senderLow) : cache.find(0, senderLow);
        if (entry != null) {
            final boolean answer = !request && forUs && ArpLayout.targetMac(memory, arp) == port.mac();
            cache.onArp(entry, senderMac, answer, nowNs);
        }
    }

    /** Asks whether anybody has an address that we want (RFC 5227, 2.1). */
    public void probe(final long low) {
        send(ArpLayout.REQUEST, MacAddress.BROADCAST, 0, 0, (int) low);
        counters.increment(Counter.ARP_OUT_REQUESTS);
    }

    /** Says that an address is ours (RFC 5227, 2.3). */
    public void announce(final long low) {
        send(ArpLayout.REQUEST, MacAddress.BROADCAST, (int) low, 0, (int) low);
        counters.increment(Counter.ARP_OUT_REQUESTS);
    }

    /** Asks for a neighbour's address; to the known one only, if {@code unicast} (RFC 1122, 2.3.2.1). */
    void request(final Neighbor neighbor, final boolean unicast) {
        final int source = addresses.sourceFor(neighbor.high(), neighbor.low());
        if (source == LocalAddresses.NONE) {
            return;
        }
        send(ArpLayout.REQUEST, unicast ? neighbor.mac() : MacAddress.BROADCAST, (int) addresses.low(source), 0,
                (int) neighbor.low());
        counters.increment(Counter.ARP_OUT_REQUESTS);
    }

    private void send(final int operation, final long destination, final int senderAddress, final long targetMac,
            final int targetAddress) {
        final long packet = port.newFrame(destination, EthernetLayout.TYPE_ARP, ArpLayout.BYTES);
        if (packet != PacketHandle.NONE) {
            ArpLayout.put(memory, packets.address(packet) + port.headerBytes(), operation, port.mac(), senderAddress,
                    targetMac, targetAddress);
            port.transmitOrDrop(packet);
        }
    }
}
