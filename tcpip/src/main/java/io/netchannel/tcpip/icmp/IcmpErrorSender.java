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
import io.netchannel.tcpip.wire.Ipv6Layout;
import io.netchannel.tcpip.wire.NetworkOrder;

/**
 * Errors about packets that we received: who may be sent one (RFC 1122, 3.2.2; RFC 4443, 2.4 (e)), and how often.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class IcmpErrorSender {

    /** As Linux: icmp_msgs_per_sec, icmp_msgs_burst. */
    static final int ERRORS_PER_SECOND = 1000;
    static final int ERRORS_BURST = 50;

    private static final int NEXT_HEADER_POINTER = Ipv6Layout.NEXT_HEADER_OFFSET;

    private final IpLayer ip;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final OrderedMemory memory;
    private final Counters counters;
    private final TokenBucket bucket;
    private final boolean answersRequests;

    /** @param answersRequests false for a stack that must not send any, because another of the same station does */
    public IcmpErrorSender(final IpLayer ip, final Counters counters, final boolean answersRequests,
            final long startNs) {
        this.ip = ip;
        this.pool = ip.pool();
        this.packets = pool.packets();
        this.memory = packets.memory();
        this.counters = counters;
        this.bucket = new TokenBucket(ERRORS_PER_SECOND, ERRORS_BURST, startNs);
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
        } else if (datagram.transportOffset() - datagram.networkOffset() == Ipv6Layout.HEADER_BYTES
                && datagram.protocol() != IpProtocol.NO_NEXT_HEADER) {
            // Behind extension headers we would have to find out which field was the wrong one.
            send(datagram, Icmpv6Layout.PARAMETER_PROBLEM, Icmpv6Layout.UNRECOGNIZED_NEXT_HEADER, NEXT_HEADER_POINTER,
                    nowNs);
        }
    }

    private void send(final IpDatagram about, final int type, final int code, final int rest, final long nowNs) {
        if (!answersRequests || !mayAnswer(about)) {
            return;
        }
        final boolean ipv6 = about.isIpv6();
        if (!bucket.take(nowNs)) {
            counters.increment(ipv6 ? Counter.ICMP6_OUT_RATE_LIMIT : Counter.ICMP_OUT_RATE_LIMIT);
            return;
        }
        final Path path = ip.transientPathTo(about.destinationHigh(), about.destinationLow(), about.sourceHigh(),
                about.sourceLow());
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
            final boolean unreachable = ipv6
                    ? type == Icmpv6Layout.DESTINATION_UNREACHABLE
                    : type == Icmpv4Layout.DESTINATION_UNREACHABLE;
            count(ipv6, unreachable);
        }
    }

    private void count(final boolean ipv6, final boolean unreachable) {
        counters.increment(ipv6 ? Counter.ICMP6_OUT_MSGS : Counter.ICMP_OUT_MSGS);
        if (unreachable) {
            counters.increment(ipv6 ? Counter.ICMP6_OUT_DEST_UNREACHS : Counter.ICMP_OUT_DEST_UNREACHS);
        }
    }

    /** Never about an error, about what many received, about a later fragment, or to what isn't one host. */
    private boolean mayAnswer(final IpDatagram about) {
        if (about.isToGroup() || IpAddress.isUnspecified(about.sourceHigh(), about.sourceLow())
                || IpAddress.isMulticast(about.sourceHigh(), about.sourceLow())) {
            return false;
        }
        if (!about.isIpv6() && (Ipv4Layout.fragmentField(memory,
                about.networkAddress()) & Ipv4Layout.FRAGMENT_MASK) != 0) {
            return false;
        }
        final int protocol = about.protocol();
        final boolean icmp = protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
        if (!icmp || about.contiguousBytes() < 1) {
            return !icmp;
        }
        final int type = NetworkOrder.getByte(memory, about.transportAddress());
        return protocol == IpProtocol.ICMP ? !Icmpv4Layout.isError(type) : !Icmpv6Layout.isError(type);
    }
}
