package io.netchannel.tcpip.script.packet;

import io.netchannel.tcpip.script.syntax.PacketSpec;
import io.netchannel.tcpip.script.syntax.PacketSpec.Icmp;
import io.netchannel.tcpip.script.syntax.PacketSpec.IpSpec;
import io.netchannel.tcpip.script.syntax.PacketSpec.Quoted;
import io.netchannel.tcpip.script.syntax.PacketSpec.SequenceForm;
import io.netchannel.tcpip.script.syntax.PacketSpec.Tcp;
import io.netchannel.tcpip.script.syntax.PacketSpec.Udp;
import io.netchannel.tcpip.script.syntax.TcpFlags;
import io.netchannel.tcpip.script.syntax.TcpOption;
import java.util.StringJoiner;

/** Packets as scripts write them. */
public final class PacketText {

    private static final String[] ECN = {"noecn", "ect1", "ect0", "ce"};

    private PacketText() {
    }

    public static String format(final PacketSpec packet) {
        final StringJoiner text = new StringJoiner(" ", packet.inbound() ? "< " : "> ", "");
        packet.encapsulations().forEach(name -> text.add(name + ":"));
        final String ip = ip(packet.ip());
        if (!ip.isEmpty()) {
            text.add("[" + ip + "]");
        }
        switch (packet.transport()) {
            case final Tcp tcp -> tcp(text, tcp);
            case final Udp udp -> text.add("udp" + ports(udp.sourcePort(), udp.destinationPort()) + " ("
                    + udp.payloadBytes() + ")");
            case final Icmp icmp -> icmp(text, icmp);
        }
        return text.toString();
    }

    private static String ip(final IpSpec ip) {
        final StringJoiner text = new StringJoiner(", ");
        switch (ip.check()) {
            case ECN -> text.add(ECN[ip.tos() & 3]);
            case ECT01 -> text.add("ect01");
            case TOS -> text.add("tos 0x" + Integer.toHexString(ip.tos()));
            case NONE -> {
            }
        }
        if (ip.ttl() != IpSpec.ANY) {
            text.add("ttl " + ip.ttl());
        }
        if (ip.flowLabel() != IpSpec.ANY) {
            text.add("flowlabel 0x" + Integer.toHexString(ip.flowLabel()));
        }
        return text.toString();
    }

    private static String ports(final int source, final int destination) {
        return source == 0 && destination == 0 ? "" : " " + source + " > " + destination;
    }

    private static void tcp(final StringJoiner text, final Tcp tcp) {
        final String ports = ports(tcp.sourcePort(), tcp.destinationPort());
        if (!ports.isEmpty()) {
            text.add(ports.strip());
        }
        text.add(tcp.ace() == Tcp.ABSENT
                ? TcpFlags.format(tcp.flags())
                : (tcp.flags() & 0xF) == 0
                        ? "." + tcp.ace()
                        : TcpFlags.format(tcp.flags() & ~(TcpFlags.ACK | TcpFlags.ACE_MASK)) + "." + tcp.ace());
        text.add(tcp.form() == SequenceForm.ANY
                ? "...(" + tcp.payloadBytes() + ")"
                : tcp.sequence() + ":" + (tcp.sequence() + tcp.payloadBytes() & 0xFFFF_FFFFL) + "("
                        + tcp.payloadBytes() + ")" + (tcp.form() == SequenceForm.ABSOLUTE ? "!" : ""));
        if (tcp.has(TcpFlags.ACK)) {
            text.add("ack " + tcp.acknowledgment());
        }
        if (tcp.window() != Tcp.ABSENT) {
            text.add("win " + tcp.window());
        }
        if (tcp.urgentPointer() != 0) {
            text.add("urg " + tcp.urgentPointer());
        }
        if (tcp.options() == null) {
            text.add("<...>");
        } else if (!tcp.options().isEmpty()) {
            final StringJoiner options = new StringJoiner(",", "<", ">");
            for (final TcpOption option : tcp.options()) {
                options.add(option.toString());
            }
            text.add(options.toString());
        }
    }

    private static void icmp(final StringJoiner text, final Icmp icmp) {
        text.add("icmp " + icmp.type());
        if (icmp.code() != null) {
            text.add(icmp.code());
        }
        if (icmp.mtuBytes() != Icmp.ABSENT) {
            text.add("mtu " + icmp.mtuBytes());
        }
        if (icmp.identifier() != 0) {
            text.add("id " + icmp.identifier());
        }
        final Quoted quoted = icmp.quoted();
        if (quoted != null) {
            final int bytes = quoted.payloadBytes();
            text.add(switch (quoted.kind()) {
                case TCP -> "[" + quoted.sequence() + ":" + (quoted.sequence() + bytes & 0xFFFF_FFFFL) + "(" + bytes
                        + ")]";
                case UDP -> "[udp (" + bytes + ")]";
                case RAW -> "[raw (" + bytes + ")]";
            });
        }
    }
}
