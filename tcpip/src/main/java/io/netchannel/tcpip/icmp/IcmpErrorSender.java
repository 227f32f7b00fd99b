package io.netchannel.tcpip.icmp;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.Counter;
import io.netchannel.tcpip.Counters;
import io.netchannel.tcpip.ip.IpDatagram;
import io.netchannel.tcpip.ip.IpLayer;
import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.ip.PacketBytes;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.wire.Icmpv4Layout;
import io.netchannel.tcpip.wire.Icmpv6Layout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import io.netchannel.tcpip.wire.Ipv4Layout;
import io.netchannel.tcpip.wire.Ipv6FragmentLayout;
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * Errors about packets that we received: who may be sent one (RFC 1122, 3.2.2; RFC 4443, 2.4 (e)), and how often.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class IcmpErrorSender {

    private static final int NO_QUOTED_TYPE = -1;

    private final IpLayer ip;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final Counters counters;
    private final ErrorRateLimit rateLimit;
    private final boolean answersRequests;

    /** @param answersRequests false for a stack that must not send any, because another of the same station does */
    public IcmpErrorSender(final IpLayer ip, final Counters counters, final boolean answersRequests,
            final long hashSecret, final long startNs) {
        this.ip = ip;
        this.pool = ip.pool();
        this.packets = pool.packets();
        this.memory = packets.memory();
        this.counters = counters;
        this.rateLimit = new ErrorRateLimit(hashSecret, startNs);
        this.answersRequests = answersRequests;
    }

    /** Nobody has the port that a UDP datagram is for. */
    public void portUnreachable(final IpDatagram datagram, final long nowNs) {
        if (datagram.isIpv6()) {
            send(datagram, Icmpv6Layout.DESTINATION_UNREACHABLE, Icmpv6Layout.PORT_UNREACHABLE, 0, nowNs);
        } else {
            send(datagram, Icmpv4Layout.DESTINATION_UNREACHABLE, Icmpv4Layout.PORT_UNREACHABLE, 0, nowNs);
        }
    }

    /** The transport protocol is none that we speak. */
    public void protocolUnreachable(final IpDatagram datagram, final long nowNs) {
        if (!datagram.isIpv6()) {
            send(datagram, Icmpv4Layout.DESTINATION_UNREACHABLE, Icmpv4Layout.PROTOCOL_UNREACHABLE, 0, nowNs);
        } else {
            Ipv6HeaderProblem.report(datagram, this, nowNs);
        }
    }

    /** A datagram's rest did not come in time; this is its first fragment (RFC 792; RFC 4443, 3.3). */
    public void reassemblyTimeExceeded(final IpDatagram firstFragment, final long nowNs) {
        if (firstFragment.isIpv6()) {
            send(firstFragment, Icmpv6Layout.TIME_EXCEEDED, Icmpv6Layout.REASSEMBLY_TIME_EXCEEDED, 0, nowNs);
        } else {
            send(firstFragment, Icmpv4Layout.TIME_EXCEEDED, Icmpv4Layout.REASSEMBLY_TIME_EXCEEDED, 0, nowNs);
        }
    }

    /**
     * A field of an IPv6 packet makes no sense (RFC 4443, 3.4).
     *
     * @param pointer its offset from the IPv6 header
     */
    public void parameterProblem(final IpDatagram datagram, final int code, final int pointer, final long nowNs) {
        send(datagram, Icmpv6Layout.PARAMETER_PROBLEM, code, pointer, nowNs);
    }

    private void send(final IpDatagram about, final int type, final int code, final int rest, final long nowNs) {
        final boolean ipv6 = about.isIpv6();
        final boolean ofOption = ipv6 && type == Icmpv6Layout.PARAMETER_PROBLEM
                && code == Icmpv6Layout.UNRECOGNIZED_OPTION;
        // What comes from a loopback address was sent on this loop, which alone knows of it; there is no limit to that (as in Linux).
        final boolean own = IpAddress.isLoopback(about.sourceHigh(), about.sourceLow());
        if (!answersRequests && !own || !mayAnswer(about, ofOption)) {
            return;
        }
        switch (own ? ErrorRateLimit.Limit.NONE : rateLimit.take(about.sourceHigh(), about.sourceLow(), nowNs)) {
            case GLOBAL -> {
                counters.increment(ipv6 ? Counter.ICMP6_OUT_RATE_LIMIT : Counter.ICMP_OUT_RATE_LIMIT);
                return;
            }
            case HOST -> {
                counters.increment(ipv6 ? Counter.ICMP6_OUT_RATE_LIMIT_HOST : Counter.ICMP_OUT_RATE_LIMIT_HOST);
                return;
            }
            case NONE -> {
            }
        }
        // RFC 4443, 2.2: an error about what was sent to a group comes from an address of ours.
        final boolean group = about.isToGroup();
        final Path path = ip.transientPathTo(group ? 0 : about.destinationHigh(), group ? 0 : about.destinationLow(),
                about.sourceHigh(), about.sourceLow());
        if (path == null) {
            return;
        }
        final int room = Math.min(packets.bufferBytes() - IpOutput.TRANSPORT_OFFSET,
                (ipv6 ? Ipv6Layout.MIN_MTU_BYTES : Icmpv4Layout.MAX_ERROR_PACKET_BYTES) - path.networkHeaderBytes());
        final int quoted = Math.min(about.networkBytes(), Math.min(room, path.mtuBytes() - path.networkHeaderBytes())
                - Icmpv4Layout.HEADER_BYTES);
        final long packet = PacketBytes.allocate(pool, IpOutput.TRANSPORT_OFFSET, Icmpv4Layout.HEADER_BYTES + quoted,
                0);
        if (packet == PacketHandle.NONE) {
            counters.increment(Counter.LINK_OUT_NO_BUFFER);
            return;
        }
        final long icmp = packets.address(packet);
        Icmpv4Layout.put(memory, icmp, type, code, rest);
        PacketBytes.copyOut(packets, about.packet(), about.networkOffset(), icmp + Icmpv4Layout.HEADER_BYTES, quoted);
        IcmpMessages.fillChecksum(packets, packet, path);
        if (IcmpMessages.send(ip, packet, path, counters, nowNs)) {
            count(ipv6, type);
        }
    }

    private void count(final boolean ipv6, final int type) {
        counters.increment(ipv6 ? Counter.ICMP6_OUT_MSGS : Counter.ICMP_OUT_MSGS);
        counters.increment(ipv6 ? switch (type) {
            case Icmpv6Layout.DESTINATION_UNREACHABLE -> Counter.ICMP6_OUT_DEST_UNREACHS;
            case Icmpv6Layout.TIME_EXCEEDED -> Counter.ICMP6_OUT_TIME_EXCDS;
            default -> Counter.ICMP6_OUT_PARM_PROBLEMS;
        }
                : type == Icmpv4Layout.DESTINATION_UNREACHABLE
                        ? Counter.ICMP_OUT_DEST_UNREACHS
                        : Counter.ICMP_OUT_TIME_EXCDS);
    }

    /**
     * Never about an error, about what many received, about a later fragment, or to what isn't one host.
     *
     * @param ofOption the one error that also answers groups: about an option whose type asks for it (RFC 4443, 2.4 (e.3))
     */
    private boolean mayAnswer(final IpDatagram about, final boolean ofOption) {
        if (about.isToGroup() && !ofOption || IpAddress.isUnspecified(about.sourceHigh(), about.sourceLow())
                || IpAddress.isMulticast(about.sourceHigh(), about.sourceLow())) {
            return false;
        }
        if (!about.isIpv6() && (Ipv4Layout.fragmentField(memory,
                about.networkAddress()) & Ipv4Layout.FRAGMENT_OFFSET_MASK) != 0) {
            return false;
        }
        final int protocol = about.isIpv6() && about.protocol() == IpProtocol.FRAGMENT
                && about.contiguousBytes() >= Ipv6FragmentLayout.BYTES
                        ? Ipv6FragmentLayout.nextHeader(memory, about.transportAddress())
                        : about.protocol();
        if (protocol != IpProtocol.ICMP && protocol != IpProtocol.ICMPV6) {
            return true;
        }
        final int type = quotedType(about);
        return type != NO_QUOTED_TYPE && (protocol == IpProtocol.ICMP
                ? !Icmpv4Layout.isError(type)
                : !Icmpv6Layout.isError(type));
    }

    /** Of the ICMP message that a packet is, which a later fragment doesn't say. */
    private int quotedType(final IpDatagram about) {
        if (!about.isIpv6() || about.protocol() != IpProtocol.FRAGMENT) {
            return about.contiguousBytes() < 1
                    ? NO_QUOTED_TYPE
                    : NetworkOrder.getByte(memory, about.transportAddress());
        }
        final long fragment = about.transportAddress();
        return about.contiguousBytes() <= Ipv6FragmentLayout.BYTES
                || Ipv6FragmentLayout.offsetBytes(memory, fragment) != 0
                        ? NO_QUOTED_TYPE
                        : NetworkOrder.getByte(memory, fragment + Ipv6FragmentLayout.BYTES);
    }
}
