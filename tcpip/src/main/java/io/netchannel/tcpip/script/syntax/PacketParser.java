package io.netchannel.tcpip.script.syntax;

import io.netchannel.tcpip.script.syntax.PacketSpec.Icmp;
import io.netchannel.tcpip.script.syntax.PacketSpec.IpSpec;
import io.netchannel.tcpip.script.syntax.PacketSpec.Quoted;
import io.netchannel.tcpip.script.syntax.PacketSpec.SequenceForm;
import io.netchannel.tcpip.script.syntax.PacketSpec.Tcp;
import io.netchannel.tcpip.script.syntax.PacketSpec.TosCheck;
import io.netchannel.tcpip.script.syntax.PacketSpec.Transport;
import io.netchannel.tcpip.script.syntax.PacketSpec.Udp;
import io.netchannel.tcpip.script.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Parses packets. */
final class PacketParser {

    private static final long MAX_SHORT = 0xFFFF;
    private static final long MAX_INT = 0xFFFF_FFFFL;
    private static final int MAX_FLOW_LABEL = 0xF_FFFF;

    private final Tokens tokens;
    private final TcpOptionParser options;

    PacketParser(final Tokens tokens) {
        this.tokens = tokens;
        this.options = new TcpOptionParser(tokens);
    }

    PacketSpec packet() throws ScriptSyntaxException {
        final Token direction = tokens.next();
        final boolean inbound = direction.is("<");
        final List<String> encapsulations = encapsulations();
        final IpSpec ip = ip();
        if (inbound && ip.check() == TosCheck.ECT01) {
            throw tokens.error(direction, "[ect01] is for expected packets only");
        }
        if (tokens.accept("encap")) {
            tokens.expect("psp");
            tokens.expect("spi");
            number();
            encapsulations.add("PSP");
        }
        final Transport transport = tokens.at("udp")
                ? udp()
                : tokens.at("icmp") ? icmp(encapsulations) : tcp(inbound, encapsulations);
        return new PacketSpec(inbound, List.copyOf(encapsulations), ip, transport);
    }

    private void number() throws ScriptSyntaxException {
        if (!tokens.at(Kind.HEX) && !tokens.at(Kind.INTEGER)) {
            throw tokens.expected("a number");
        }
        tokens.next();
    }

    // -- outer headers: we know where they end, and no more

    private List<String> encapsulations() throws ScriptSyntaxException {
        final List<String> names = new ArrayList<>();
        while (true) {
            final Token token = tokens.peek();
            final String name = switch (token.text()) {
                case "ipv4", "ipv6" -> token.text().replace("ip", "IP");
                case "gre", "GREv0" -> "GRE";
                case "mpls" -> "MPLS";
                default -> null;
            };
            if (name == null || token.kind() != Kind.WORD) {
                return names;
            }
            for (int open = 0; open > 0 || !tokens.at(":");) {
                if (tokens.at(Kind.END)) {
                    throw tokens.expected("':' behind the " + name + " header");
                }
                open += tokens.at("(") || tokens.at("[") ? 1 : tokens.at(")") || tokens.at("]") ? -1 : 0;
                tokens.next();
            }
            tokens.expect(":");
            names.add(name);
        }
    }

    // -- IP

    private IpSpec ip() throws ScriptSyntaxException {
        final String close = tokens.accept("(") ? ")" : tokens.accept("[") ? "]" : null;
        if (close == null) {
            return IpSpec.UNSPECIFIED;
        }
        IpSpec ip = IpSpec.UNSPECIFIED;
        do {
            ip = ipField(ip);
        } while (tokens.accept(","));
        tokens.expect(close);
        return ip;
    }

    private IpSpec ipField(final IpSpec ip) throws ScriptSyntaxException {
        final Token token = tokens.peek();
        final TosCheck ecn = TosCheck.ECN;
        if (token.kind() == Kind.WORD) {
            tokens.next();
            switch (token.text()) {
                case "noecn" -> {
                    return new IpSpec(ecn, 0, ip.ttl(), ip.flowLabel());
                }
                case "ect1" -> {
                    return new IpSpec(ecn, 1, ip.ttl(), ip.flowLabel());
                }
                case "ect0" -> {
                    return new IpSpec(ecn, 2, ip.ttl(), ip.flowLabel());
                }
                case "ce" -> {
                    return new IpSpec(ecn, 3, ip.ttl(), ip.flowLabel());
                }
                case "ect01" -> {
                    return new IpSpec(TosCheck.ECT01, 0, ip.ttl(), ip.flowLabel());
                }
                case "tos", "class" -> {
                    return new IpSpec(TosCheck.TOS, (int) tokens.hexNumber("tos", 0xFF), ip.ttl(), ip.flowLabel());
                }
                case "ttl", "hlim" -> {
                    return new IpSpec(ip.check(), ip.tos(), (int) tokens.number("ttl", 0xFF), ip.flowLabel());
                }
                case "flowlabel" -> {
                    return new IpSpec(ip.check(), ip.tos(), ip.ttl(), (int) tokens.hexNumber("flowlabel",
                            MAX_FLOW_LABEL));
                }
                default -> {
                }
            }
        }
        throw tokens.error(token,
                "expected noecn, ect0, ect1, ect01, ce, tos, class, ttl, hlim or flowlabel, not " + token);
    }

    // -- UDP and ICMP

    private Udp udp() throws ScriptSyntaxException {
        tokens.expect("udp");
        final int[] ports = ports();
        tokens.expect("(");
        final int bytes = (int) tokens.number("UDP payload", MAX_SHORT);
        tokens.expect(")");
        return new Udp(ports[0], ports[1], bytes);
    }

    private Icmp icmp(final List<String> encapsulations) throws ScriptSyntaxException {
        tokens.expect("icmp");
        final String type = tokens.expect(Kind.WORD, "a type of ICMP").text();
        String code = null;
        if (tokens.at(Kind.WORD) && !tokens.at("mtu") && !tokens.at("id")) {
            code = tokens.next().text();
        }
        final long mtuBytes = tokens.accept("mtu") ? tokens.number("mtu", MAX_INT) : Icmp.ABSENT;
        final int identifier = tokens.accept("id") ? (int) tokens.number("id", MAX_SHORT) : 0;
        Quoted quoted = null;
        if (tokens.accept("[")) {
            quoted = quoted(encapsulations);
            tokens.expect("]");
        }
        return new Icmp(type, code, mtuBytes, identifier, quoted);
    }

    private Quoted quoted(final List<String> encapsulations) throws ScriptSyntaxException {
        final Quoted.Kind kind = tokens.accept("udp")
                ? Quoted.Kind.UDP
                : tokens.accept("raw") ? Quoted.Kind.RAW : Quoted.Kind.TCP;
        if (kind == Quoted.Kind.TCP) {
            final long[] range = range();
            udpEncapsulation(encapsulations);
            return new Quoted(kind, range[0], (int) range[1]);
        }
        tokens.expect("(");
        final int bytes = (int) tokens.number("payload", MAX_SHORT);
        tokens.expect(")");
        return new Quoted(kind, 0, bytes);
    }

    /** {@code source > destination}, or zeros. */
    private int[] ports() throws ScriptSyntaxException {
        if (!tokens.at(Kind.INTEGER) || !tokens.peek(1).is(">")) {
            return new int[2];
        }
        final int source = (int) tokens.number("source port", MAX_SHORT);
        tokens.expect(">");
        return new int[]{source, (int) tokens.number("destination port", MAX_SHORT)};
    }

    // -- TCP

    private Tcp tcp(final boolean inbound, final List<String> encapsulations) throws ScriptSyntaxException {
        final int[] ports = ports();
        final int[] flags = flags();
        final boolean any = tokens.accept("...");
        final long[] range = any ? new long[]{0, payload()} : range();
        final SequenceForm form = any
                ? SequenceForm.ANY
                : tokens.accept("!") ? SequenceForm.ABSOLUTE : SequenceForm.RELATIVE;
        final long acknowledgment = tokens.accept("ack") ? tokens.number("ack", MAX_INT) : 0;
        final int window = tokens.accept("win") ? (int) tokens.number("win", MAX_SHORT) : Tcp.ABSENT;
        final int urgent = tokens.accept("urg") ? (int) tokens.number("urg", MAX_SHORT) : 0;
        List<TcpOption> list = List.of();
        if (tokens.at("<") && !tokens.peek(1).is("[")) {
            final Token start = tokens.peek();
            list = options.options();
            if (options.needsKey()) {
                encapsulations.add("TCP MD5 signatures");
            }
            if (list == null && inbound) {
                throw tokens.error(start, "<...> is for expected packets only");
            }
        }
        udpEncapsulation(encapsulations);
        return new Tcp(ports[0], ports[1], flags[0], flags[1], form, range[0], (int) range[1], acknowledgment, window,
                urgent, list);
    }

    /** {@code /udp(9811 > 1)}: TCP over UDP, of FreeBSD's packetdrill. */
    private void udpEncapsulation(final List<String> encapsulations) throws ScriptSyntaxException {
        if (tokens.at("/") && tokens.peek(1).is("udp")) {
            tokens.next();
            tokens.next();
            tokens.expect("(");
            ports();
            tokens.expect(")");
            encapsulations.add("UDP");
        }
    }

    /** @return bits and ACE */
    private int[] flags() throws ScriptSyntaxException {
        final Token token = tokens.peek();
        if (tokens.accept("-")) {
            return new int[]{0, Tcp.ABSENT};
        }
        String letters = "";
        if (token.kind() == Kind.WORD) {
            letters = tokens.next().text();
        }
        if (tokens.at(Kind.DECIMAL) && tokens.peek().text().startsWith(".")) {
            return ace(token, letters);
        }
        final boolean ack = tokens.accept(".");
        final int bits = TcpFlags.parse(letters);
        if (bits < 0 || letters.isEmpty() && !ack) {
            throw tokens.error(token, "expected TCP flags, some of FSRP.EWUA or -, not " + token);
        }
        return new int[]{bits | (ack ? TcpFlags.ACK : 0), Tcp.ABSENT};
    }

    /** {@code .5}: ACK, and AccECN's counter of three bits. */
    private int[] ace(final Token token, final String letters) throws ScriptSyntaxException {
        final Token number = tokens.next();
        final int bits = TcpFlags.parse(letters);
        if (bits < 0 || !number.text().matches("[.][0-7]")) {
            throw tokens.error(token, "expected TCP flags with a counter .0 to .7, not " + token);
        }
        final int ace = number.text().charAt(1) - '0';
        final int wire = (ace & 1) * TcpFlags.ECE | (ace >> 1 & 1) * TcpFlags.CWR | (ace >> 2) * TcpFlags.AE;
        return new int[]{bits | TcpFlags.ACK | wire, ace};
    }

    /** {@code 1:1001(1000)}. @return first number and bytes */
    private long[] range() throws ScriptSyntaxException {
        final Token token = tokens.peek();
        final long start = tokens.number("sequence number", MAX_INT);
        tokens.expect(":");
        final long end = tokens.number("sequence number", MAX_INT);
        final long bytes = payload();
        if ((start + bytes & MAX_INT) != end) {
            throw tokens.error(token, start + ":" + end + "(" + bytes + "): the last number isn't the difference");
        }
        return new long[]{start, bytes};
    }

    private long payload() throws ScriptSyntaxException {
        tokens.expect("(");
        final long bytes = tokens.number("TCP payload", MAX_SHORT);
        tokens.expect(")");
        return bytes;
    }
}
