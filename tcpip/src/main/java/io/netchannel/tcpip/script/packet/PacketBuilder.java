package io.netchannel.tcpip.script.packet;

import io.netchannel.tcpip.script.syntax.PacketSpec.Icmp;
import io.netchannel.tcpip.script.syntax.PacketSpec.IpSpec;
import io.netchannel.tcpip.script.syntax.PacketSpec.Quoted;
import io.netchannel.tcpip.script.syntax.PacketSpec.Tcp;
import io.netchannel.tcpip.script.syntax.PacketSpec.TosCheck;
import io.netchannel.tcpip.script.syntax.PacketSpec.Udp;
import io.netchannel.tcpip.script.syntax.TcpOption;
import io.netchannel.tcpip.wire.IpProtocol;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Builds IP packets byte by byte, with correct lengths and checksums. Independent of the stack's own writers, so that
 * one mistake can't hide the other. Payload is zeros.
 */
public final class PacketBuilder {

    private static final int IPV4_HEADER_BYTES = 20;
    private static final int IPV6_HEADER_BYTES = 40;
    private static final int TCP_HEADER_BYTES = 20;
    private static final int UDP_HEADER_BYTES = 8;
    private static final int ICMP_HEADER_BYTES = 8;
    private static final int MAX_PACKET_BYTES = 65_535;
    /** packetdrill's; so no packet dies on the way. */
    private static final int HOP_LIMIT = 255;
    private static final int ICMPV6_FIRST_INFORMATIONAL = 128;

    private PacketBuilder() {
    }

    /**
     * @param tcp with numbers as on the wire
     * @return null if the packet would be longer than IP allows
     */
    public static byte[] tcp(final Endpoints ends, final IpSpec ip, final Tcp tcp) {
        final byte[] options = options(tcp.options());
        final int headerBytes = TCP_HEADER_BYTES + options.length;
        if (networkHeaderBytes(ends) + headerBytes + tcp.payloadBytes() > MAX_PACKET_BYTES) {
            return null;
        }
        final ByteBuffer segment = ByteBuffer.allocate(headerBytes + tcp.payloadBytes());
        segment.putShort((short) ends.sourcePort()).putShort((short) ends.destinationPort())
                .putInt((int) tcp.sequence()).putInt((int) tcp.acknowledgment())
                .putShort((short) (headerBytes << 10 | tcp.flags())).putShort((short) Math.max(0, tcp.window()))
                .putShort((short) 0).putShort((short) tcp.urgentPointer()).put(options);
        segment.putShort(16, (short) checksum(segment.array(), pseudo(ends, IpProtocol.TCP, segment.capacity())));
        return network(ends, ip, IpProtocol.TCP, segment.array());
    }

    /** @return null if the packet would be longer than IP allows */
    public static byte[] udp(final Endpoints ends, final IpSpec ip, final Udp udp) {
        final int bytes = UDP_HEADER_BYTES + udp.payloadBytes();
        if (networkHeaderBytes(ends) + bytes > MAX_PACKET_BYTES) {
            return null;
        }
        final ByteBuffer datagram = ByteBuffer.allocate(bytes);
        datagram.putShort((short) ends.sourcePort()).putShort((short) ends.destinationPort()).putShort((short) bytes);
        final int sum = checksum(datagram.array(), pseudo(ends, IpProtocol.UDP, bytes));
        // RFC 768: zero means that there is none.
        datagram.putShort(6, (short) (sum == 0 ? 0xFFFF : sum));
        return network(ends, ip, IpProtocol.UDP, datagram.array());
    }

    /**
     * @param ends of the message; what it quotes went the other way
     * @param quotedSequence as on the wire
     * @return null if there is no such type or code
     */
    public static byte[] icmp(final Endpoints ends, final IpSpec ip, final Icmp icmp, final long quotedSequence) {
        final boolean ipv6 = ends.isIpv6();
        final int type = IcmpNames.type(icmp.type(), ipv6);
        final int code = IcmpNames.code(icmp.code(), ipv6);
        if (type == IcmpNames.UNKNOWN || code == IcmpNames.UNKNOWN) {
            return null;
        }
        final byte[] quote = isError(type, ipv6) ? quote(ends.reversed(), icmp.quoted(), quotedSequence) : new byte[0];
        final ByteBuffer message = ByteBuffer.allocate(ICMP_HEADER_BYTES + quote.length);
        message.put((byte) type).put((byte) code).putShort((short) 0);
        if (icmp.mtuBytes() != Icmp.ABSENT) {
            message.putInt((int) icmp.mtuBytes());
        } else {
            message.putInt(icmp.identifier() << 16);
        }
        message.put(ICMP_HEADER_BYTES, quote);
        final int protocol = ipv6 ? IpProtocol.ICMPV6 : IpProtocol.ICMP;
        final int initial = ipv6 ? pseudo(ends, protocol, message.capacity()) : 0;
        message.putShort(2, (short) checksum(message.array(), initial));
        return network(ends, ip, protocol, message.array());
    }

    /** A message of ICMPv6 as it is, but for its checksum. */
    public static byte[] icmpv6(final Endpoints ends, final byte[] message) {
        final ByteBuffer copy = ByteBuffer.wrap(message.clone());
        copy.putShort(2, (short) 0);
        copy.putShort(2, (short) checksum(copy.array(), pseudo(ends, IpProtocol.ICMPV6, message.length)));
        return network(ends, IpSpec.UNSPECIFIED, IpProtocol.ICMPV6, copy.array());
    }

    private static boolean isError(final int type, final boolean ipv6) {
        return ipv6 ? type < ICMPV6_FIRST_INFORMATIONAL : type >= 3 && type <= 5 || type == 11 || type == 12;
    }

    /** The head of the packet that the error is about: its headers, in the original direction. */
    private static byte[] quote(final Endpoints original, final Quoted given, final long sequence) {
        final Quoted quoted = given == null ? new Quoted(Quoted.Kind.TCP, 0, 0) : given;
        final boolean udp = quoted.kind() == Quoted.Kind.UDP;
        final ByteBuffer transport = ByteBuffer.allocate(udp ? UDP_HEADER_BYTES : TCP_HEADER_BYTES);
        transport.putShort((short) original.sourcePort()).putShort((short) original.destinationPort());
        if (udp) {
            transport.putShort((short) (UDP_HEADER_BYTES + quoted.payloadBytes()));
        } else {
            transport.putInt((int) sequence).putInt(0).putShort((short) (TCP_HEADER_BYTES << 10 | 0x10));
        }
        final byte[] packet = network(original, IpSpec.UNSPECIFIED, udp ? IpProtocol.UDP : IpProtocol.TCP,
                transport.array());
        final int totalBytes = Math.min(packet.length + quoted.payloadBytes(), MAX_PACKET_BYTES);
        final ByteBuffer header = ByteBuffer.wrap(packet);
        if (original.isIpv6()) {
            header.putShort(4, (short) (totalBytes - IPV6_HEADER_BYTES));
        } else {
            header.putShort(2, (short) totalBytes).putShort(10, (short) 0);
            header.putShort(10, (short) checksum(packet, IPV4_HEADER_BYTES, 0));
        }
        return packet;
    }

    // -- parts

    private static int networkHeaderBytes(final Endpoints ends) {
        return ends.isIpv6() ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES;
    }

    private static byte[] network(final Endpoints ends, final IpSpec ip, final int protocol, final byte[] transport) {
        final int tos = ip.check() == TosCheck.NONE ? 0 : ip.tos();
        final int ttl = ip.ttl() == IpSpec.ANY ? HOP_LIMIT : ip.ttl();
        final int headerBytes = networkHeaderBytes(ends);
        final ByteBuffer packet = ByteBuffer.allocate(headerBytes + transport.length);
        if (ends.isIpv6()) {
            packet.putInt(6 << 28 | tos << 20 | Math.max(0, ip.flowLabel())).putShort((short) transport.length)
                    .put((byte) protocol).put((byte) ttl);
        } else {
            packet.put((byte) 0x45).put((byte) tos).putShort((short) packet.capacity()).putInt(0).put((byte) ttl)
                    .put((byte) protocol).putShort((short) 0);
        }
        packet.put(ends.source().toBytes()).put(ends.destination().toBytes()).put(transport);
        if (!ends.isIpv6()) {
            packet.putShort(10, (short) checksum(packet.array(), IPV4_HEADER_BYTES, 0));
        }
        return packet.array();
    }

    /** Padded with EOL to words. */
    private static byte[] options(final List<TcpOption> options) {
        int bytes = 0;
        for (final TcpOption option : options) {
            bytes += option.lengthBytes();
        }
        final ByteBuffer buffer = ByteBuffer.allocate(bytes + 3 & ~3);
        for (final TcpOption option : options) {
            buffer.put((byte) option.kind());
            if (!option.isPadding()) {
                buffer.put((byte) option.lengthBytes()).put(option.value());
            }
        }
        return buffer.array();
    }

    private static int pseudo(final Endpoints ends, final int protocol, final int lengthBytes) {
        final byte[] source = ends.source().toBytes();
        final byte[] destination = ends.destination().toBytes();
        return sum(source, source.length, sum(destination, destination.length, 0)) + protocol + lengthBytes;
    }

    private static int checksum(final byte[] bytes, final int initial) {
        return checksum(bytes, bytes.length, initial);
    }

    private static int checksum(final byte[] bytes, final int length, final int initial) {
        int sum = sum(bytes, length, initial);
        while (sum >>> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return ~sum & 0xFFFF;
    }

    private static int sum(final byte[] bytes, final int length, final int initial) {
        int sum = initial;
        for (int i = 0; i < length; i++) {
            sum += (i & 1) == 0 ? (bytes[i] & 0xFF) << 8 : bytes[i] & 0xFF;
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }
}
