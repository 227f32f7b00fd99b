package io.netchannel.tcpip.icmp;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.ip.IpLayer;
import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.ip.PacketBytes;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.link.Ndp;
import io.netchannel.tcpip.multicast.Memberships;
import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.Icmpv4Layout;
import io.netchannel.tcpip.wire.Icmpv6Layout;
import io.netchannel.tcpip.wire.MldLayout;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * Received ICMP (RFC 792; RFC 1122, 3.2.2) and ICMPv6 (RFC 4443): echo is answered, errors go to the transports,
 * neighbour discovery to {@link Ndp}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class IcmpInput {

    private final IpLayer ip;
    private final Ndp ndp;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final Counters counters;
    private final IcmpErrorReceiver errors;
    private final IcmpRedirects redirects;
    private final boolean answersRequests;
    private final Memberships memberships;

    /**
     * @param answersRequests false for a stack that doesn't answer echo, because another of the same station does
     * @param memberships null where another stack reports groups
     */
    public IcmpInput(final IpLayer ip, final Ndp ndp, final LocalAddresses addresses, final TransportErrorHandler tcp,
            final TransportErrorHandler udp, final Counters counters, final boolean answersRequests,
            final Memberships memberships) {
        this.ip = ip;
        this.ndp = ndp;
        this.packets = ip.pool().packets();
        this.memory = packets.memory();
        this.counters = counters;
        this.errors = new IcmpErrorReceiver(ip, memory, addresses, tcp, udp);
        this.redirects = new IcmpRedirects(ip, addresses, counters);
        this.answersRequests = answersRequests;
        this.memberships = memberships;
    }

    /** Handles a message for IPv4, and leaves the packet to the caller. */
    public void inputIpv4(final IpDatagram datagram, final long nowNs) {
        countReceived(Counter.ICMP_IN_MSGS);
        if (datagram.isIpv6() || datagram.contiguousBytes() < Icmpv4Layout.HEADER_BYTES) {
            countReceived(Counter.ICMP_IN_ERRORS);
            return;
        }
        if (!datagram.verifyPlainChecksum()) {
            countReceived(Counter.ICMP_IN_CSUM_ERRORS);
            countReceived(Counter.ICMP_IN_ERRORS);
            return;
        }
        switch (Icmpv4Layout.type(memory, datagram.transportAddress())) {
            case Icmpv4Layout.ECHO_REQUEST -> {
                countReceived(Counter.ICMP_IN_ECHOS);
                // RFC 1122, 3.2.2.6 allows to ignore a broadcast echo, and to answer would amplify an attack.
                if (!datagram.isToGroup() && reply(datagram, Icmpv4Layout.ECHO_REPLY, nowNs)) {
                    counters.increment(Counter.ICMP_OUT_MSGS);
                    counters.increment(Counter.ICMP_OUT_ECHO_REPS);
                }
            }
            case Icmpv4Layout.ECHO_REPLY -> countReceived(Counter.ICMP_IN_ECHO_REPS);
            case Icmpv4Layout.DESTINATION_UNREACHABLE -> ipv4Error(datagram, Counter.ICMP_IN_DEST_UNREACHS, nowNs);
            case Icmpv4Layout.TIME_EXCEEDED -> ipv4Error(datagram, Counter.ICMP_IN_TIME_EXCDS, nowNs);
            case Icmpv4Layout.PARAMETER_PROBLEM -> ipv4Error(datagram, Counter.ICMP_IN_PARM_PROBS, nowNs);
            case Icmpv4Layout.REDIRECT -> redirects.onIpv4(datagram, nowNs);
            default -> {
                // Unknown types are discarded silently: RFC 1122, 3.2.2.
            }
        }
    }

    /** Each of the station's stacks gets a copy of each message: the one that answers counts for all. */
    private void countReceived(final Counter counter) {
        if (answersRequests) {
            counters.increment(counter);
        }
    }

    private void ipv4Error(final IpDatagram datagram, final Counter kind, final long nowNs) {
        countReceived(kind);
        if (!errors.onIpv4Error(datagram, nowNs)) {
            countReceived(Counter.ICMP_IN_ERRORS);
        }
    }

    /** Handles an ICMPv6 message, and leaves the packet to the caller. */
    public void inputIpv6(final IpDatagram datagram, final long nowNs) {
        countReceived(Counter.ICMP6_IN_MSGS);
        if (!datagram.isIpv6() || datagram.contiguousBytes() < Icmpv6Layout.HEADER_BYTES) {
            countReceived(Counter.ICMP6_IN_ERRORS);
            return;
        }
        if (!datagram.verifyChecksum()) {
            countReceived(Counter.ICMP6_IN_CSUM_ERRORS);
            countReceived(Counter.ICMP6_IN_ERRORS);
            return;
        }
        final long icmp = datagram.transportAddress();
        switch (Icmpv6Layout.type(memory, icmp)) {
            case Icmpv6Layout.ECHO_REQUEST -> {
                countReceived(Counter.ICMP6_IN_ECHOS);
                if (reply(datagram, Icmpv6Layout.ECHO_REPLY, nowNs)) {
                    counters.increment(Counter.ICMP6_OUT_MSGS);
                    counters.increment(Counter.ICMP6_OUT_ECHO_REPLIES);
                }
            }
            case Icmpv6Layout.ECHO_REPLY -> countReceived(Counter.ICMP6_IN_ECHO_REPLIES);
            case Icmpv6Layout.DESTINATION_UNREACHABLE -> ipv6Error(datagram, Counter.ICMP6_IN_DEST_UNREACHS, nowNs);
            case Icmpv6Layout.PACKET_TOO_BIG -> ipv6Error(datagram, Counter.ICMP6_IN_PKT_TOO_BIGS, nowNs);
            case Icmpv6Layout.TIME_EXCEEDED -> ipv6Error(datagram, Counter.ICMP6_IN_TIME_EXCDS, nowNs);
            case Icmpv6Layout.PARAMETER_PROBLEM -> ipv6Error(datagram, Counter.ICMP6_IN_PARM_PROBLEMS, nowNs);
            case Icmpv6Layout.ROUTER_SOLICITATION, Icmpv6Layout.ROUTER_ADVERTISEMENT,
                    Icmpv6Layout.NEIGHBOR_SOLICITATION, Icmpv6Layout.NEIGHBOR_ADVERTISEMENT ->
                neighbor(datagram, nowNs);
            case MldLayout.QUERY, MldLayout.VERSION_1_REPORT, MldLayout.DONE, MldLayout.VERSION_2_REPORT -> {
                if (memberships != null) {
                    memberships.inputMld(datagram, nowNs);
                }
            }
            case Icmpv6Layout.REDIRECT -> redirects.onIpv6(datagram, nowNs);
            default -> {
                // Unknown informational types are discarded silently: RFC 4443, 2.4 (b).
            }
        }
    }

    private void neighbor(final IpDatagram datagram, final long nowNs) {
        if (datagram.contiguousBytes() < datagram.transportBytes()) {
            counters.increment(Counter.NDP_IN_ERRORS);
            return;
        }
        ndp.input(datagram.networkAddress(), datagram.transportAddress(), datagram.transportBytes(),
                EthernetLayout.source(memory, datagram.frameAddress()), nowNs);
    }

    private void ipv6Error(final IpDatagram datagram, final Counter kind, final long nowNs) {
        countReceived(kind);
        if (!errors.onIpv6Error(datagram, nowNs)) {
            countReceived(Counter.ICMP6_IN_ERRORS);
        }
    }

    /**
     * Sends identifier, sequence number and data back. The reply is a copy: the request's buffers may be shared with
     * other loops' stacks or belong to the driver.
     */
    private boolean reply(final IpDatagram request, final int type, final long nowNs) {
        if (!answersRequests) {
            return false;
        }
        // An echo to a group is answered from an address of ours (RFC 4443, 4.2).
        final boolean group = request.isToGroup();
        final Path path = ip.transientPathTo(group ? 0 : request.destinationHigh(), group
                ? 0
                : request.destinationLow(), request.sourceHigh(), request.sourceLow());
        if (path == null) {
            return false;
        }
        final int lengthBytes = request.transportBytes();
        // What is cut before it is sent may have as many slices as there can be.
        final int slices = path.networkHeaderBytes() + lengthBytes > path.mtuBytes()
                ? PacketLayout.MAX_SLICES
                : ip.capabilities().maxSlices();
        final long packet = PacketBytes.allocate(ip.pool(), IpOutput.TRANSPORT_OFFSET, lengthBytes, slices);
        if (packet == PacketHandle.NONE) {
            counters.increment(path.isIpv6() ? Counter.ICMP6_OUT_ERRORS : Counter.ICMP_OUT_ERRORS);
            return false;
        }
        PacketBytes.copy(packets, request.packet(), request.transportOffset(), packet, 0, lengthBytes);
        final long icmp = packets.address(packet);
        Icmpv4Layout.put(memory, icmp, type, 0, NetworkOrder.getInt(memory, icmp + Icmpv4Layout.REST_OFFSET));
        IcmpMessages.fillChecksum(packets, packet, path);
        return IcmpMessages.send(ip, packet, path, counters, nowNs);
    }
}
