package io.netchannel.tcpip.script.packet;

import io.netchannel.tcpip.script.syntax.PacketSpec.Icmp;
import io.netchannel.tcpip.script.syntax.PacketSpec.IpSpec;
import io.netchannel.tcpip.script.syntax.PacketSpec.SequenceForm;
import io.netchannel.tcpip.script.syntax.PacketSpec.Tcp;
import io.netchannel.tcpip.script.syntax.PacketSpec.TosCheck;
import io.netchannel.tcpip.script.syntax.PacketSpec.Transport;
import io.netchannel.tcpip.script.syntax.PacketSpec.Udp;
import io.netchannel.tcpip.script.syntax.TcpFlags;
import io.netchannel.tcpip.script.syntax.TcpOption;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpProtocol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A packet that the stack has sent, numbers as on the wire.
 *
 * @param transport ICMP with its type and code as {@code type_3}, {@code code_1}
 * @param gsoSizeBytes payload of the segments that the link was to cut, 0 if it is one segment
 */
public record WirePacket(long timeNs, Endpoints ends, IpSpec ip, Transport transport, int gsoSizeBytes) {

    private static final int TYPE_IPV4 = 0x0800;
    private static final int TYPE_IPV6 = 0x86DD;
    private static final int LINK_HEADER_BYTES = 14;

    /** @return null for what is neither TCP, UDP nor ICMP, and for ICMPv6's neighbour discovery */
    public static WirePacket parse(final byte[] frame, final int gsoSizeBytes, final long timeNs) {
        final ByteBuffer bytes = ByteBuffer.wrap(frame);
        if (frame.length < LINK_HEADER_BYTES + 20) {
            return null;
        }
        final int type = bytes.getShort(12) & 0xFFFF;
        final int ip = LINK_HEADER_BYTES;
        if (type == TYPE_IPV4) {
            final int tos = frame[ip + 1] & 0xFF;
            return transport(bytes, ip + (frame[ip] & 0xF) * 4, ip + (bytes.getShort(ip + 2) & 0xFFFF),
                    frame[ip + 9] & 0xFF, new IpSpec(TosCheck.TOS, tos, frame[ip + 8] & 0xFF, 0),
                    ipv4(bytes, ip + 12), ipv4(bytes, ip + 16), gsoSizeBytes, timeNs);
        }
        if (type == TYPE_IPV6) {
            final int word = bytes.getInt(ip);
            return transport(bytes, ip + 40, ip + 40 + (bytes.getShort(ip + 4) & 0xFFFF), frame[ip + 6] & 0xFF,
                    new IpSpec(TosCheck.TOS, word >>> 20 & 0xFF, frame[ip + 7] & 0xFF, word & 0xF_FFFF),
                    ipv6(bytes, ip + 8), ipv6(bytes, ip + 24), gsoSizeBytes, timeNs);
        }
        return null;
    }

    private static IpAddress ipv4(final ByteBuffer bytes, final int offset) {
        return IpAddress.ofIpv4(bytes.getInt(offset));
    }

    private static IpAddress ipv6(final ByteBuffer bytes, final int offset) {
        return new IpAddress(bytes.getLong(offset), bytes.getLong(offset + 8));
    }

    private static WirePacket transport(final ByteBuffer bytes, final int start, final int end, final int protocol,
            final IpSpec ip, final IpAddress source, final IpAddress destination, final int gsoSizeBytes,
            final long timeNs) {
        if (end > bytes.capacity() || start + 8 > end) {
            return null;
        }
        final boolean ported = protocol == IpProtocol.TCP || protocol == IpProtocol.UDP;
        final Endpoints ends = new Endpoints(source, ported ? bytes.getShort(start) & 0xFFFF : 0, destination,
                ported ? bytes.getShort(start + 2) & 0xFFFF : 0);
        final Transport transport = switch (protocol) {
            case IpProtocol.TCP -> tcp(bytes, start, end, ends);
            case IpProtocol.UDP -> new Udp(ends.sourcePort(), ends.destinationPort(), end - start - 8);
            case IpProtocol.ICMP -> icmp(bytes, start);
            case IpProtocol.ICMPV6 -> isNeighborDiscovery(bytes.get(start) & 0xFF) ? null : icmp(bytes, start);
            default -> null;
        };
        return transport == null ? null : new WirePacket(timeNs, ends, ip, transport, gsoSizeBytes);
    }

    private static boolean isNeighborDiscovery(final int type) {
        return type >= 130 && type <= 143;
    }

    private static Icmp icmp(final ByteBuffer bytes, final int start) {
        return new Icmp("type_" + (bytes.get(start) & 0xFF), "code_" + (bytes.get(start + 1) & 0xFF), Icmp.ABSENT,
                bytes.getShort(start + 4) & 0xFFFF, null);
    }

    private static Tcp tcp(final ByteBuffer bytes, final int start, final int end, final Endpoints ends) {
        final int headerBytes = (bytes.get(start + 12) & 0xF0) >> 2;
        if (headerBytes < 20 || start + headerBytes > end) {
            return null;
        }
        final int flags = bytes.getShort(start + 12) & 0x1FF;
        final long acknowledgment = (flags & TcpFlags.ACK) == 0 ? 0 : bytes.getInt(start + 8) & 0xFFFF_FFFFL;
        return new Tcp(ends.sourcePort(), ends.destinationPort(), flags, Tcp.ABSENT, SequenceForm.RELATIVE,
                bytes.getInt(start + 4) & 0xFFFF_FFFFL, end - start - headerBytes, acknowledgment,
                bytes.getShort(start + 14) & 0xFFFF, bytes.getShort(start + 18) & 0xFFFF,
                options(bytes, start + 20, start + headerBytes));
    }

    private static List<TcpOption> options(final ByteBuffer bytes, final int start, final int end) {
        final List<TcpOption> options = new ArrayList<>();
        for (int at = start; at < end;) {
            final int kind = bytes.get(at) & 0xFF;
            final int length = kind <= TcpOption.NOP || at + 1 == end ? 1 : bytes.get(at + 1) & 0xFF;
            if (kind > TcpOption.NOP && length < 2 || at + length > end) {
                // Malformed: the rest is shown as one.
                options.add(new TcpOption(kind, new byte[end - at - 1]));
                break;
            }
            final byte[] value = new byte[Math.max(0, length - 2)];
            bytes.get(at + Math.min(2, length), value);
            options.add(new TcpOption(kind, value));
            at += length;
        }
        return List.copyOf(options);
    }

    public int payloadBytes() {
        return switch (transport) {
            case final Tcp tcp -> tcp.payloadBytes();
            case final Udp udp -> udp.payloadBytes();
            case final Icmp _ -> 0;
        };
    }

    private WirePacket with(final Tcp tcp, final int newGsoSizeBytes) {
        return new WirePacket(timeNs, ends, ip, tcp, newGsoSizeBytes);
    }

    // -- super-frames: how one burst is cut is not what a script is about

    /**
     * The first {@code bytes} of the payload; what is finished is so by the {@linkplain #tail tail}.
     *
     * @param push whether it is to have PSH, which depends on nothing but the cut
     */
    public WirePacket head(final int bytes, final boolean push) {
        final Tcp tcp = (Tcp) transport;
        return with(new Tcp(tcp.sourcePort(), tcp.destinationPort(),
                tcp.flags() & ~(TcpFlags.FIN | TcpFlags.PSH) | (push ? TcpFlags.PSH : 0), tcp.ace(), tcp.form(),
                tcp.sequence(), bytes, tcp.acknowledgment(), tcp.window(),
                tcp.urgentPointer(), tcp.options()), gsoSizeBytes);
    }

    /** What is behind the first {@code bytes} of the payload. */
    public WirePacket tail(final int bytes) {
        final Tcp tcp = (Tcp) transport;
        return with(new Tcp(tcp.sourcePort(), tcp.destinationPort(), tcp.flags() & ~TcpFlags.CWR, tcp.ace(),
                tcp.form(), tcp.sequence() + bytes & 0xFFFF_FFFFL, tcp.payloadBytes() - bytes, tcp.acknowledgment(),
                tcp.window(), tcp.urgentPointer(), tcp.options()), gsoSizeBytes);
    }

    /** Whether {@code next} follows without a gap and differs only in what a super-frame has from its last part. */
    public boolean continuesWith(final WirePacket next) {
        return transport instanceof final Tcp a && next.transport instanceof final Tcp b && ends.equals(next.ends)
                && (int) (a.sequence() + a.payloadBytes()) == (int) b.sequence() && b.payloadBytes() > 0
                && !a.has(TcpFlags.FIN) && a.acknowledgment() == b.acknowledgment() && !b.has(TcpFlags.SYN);
    }

    /** Both as one; FIN and PSH are the last one's. */
    public WirePacket joined(final WirePacket next) {
        final Tcp a = (Tcp) transport;
        final Tcp b = (Tcp) next.transport;
        final int flags = a.flags() & ~TcpFlags.PSH | b.flags() & (TcpFlags.PSH | TcpFlags.FIN);
        return with(new Tcp(a.sourcePort(), a.destinationPort(), flags, a.ace(), a.form(), a.sequence(),
                a.payloadBytes() + b.payloadBytes(), a.acknowledgment(), a.window(), a.urgentPointer(), a.options()),
                gsoSizeBytes == 0 ? a.payloadBytes() : gsoSizeBytes);
    }
}
