package io.netchannel.tcpip.script;

import io.netchannel.tcpip.script.syntax.ScriptParser;
import io.netchannel.tcpip.script.syntax.ScriptSyntaxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The language of packet scripts: whatever a file holds, it is understood or the place of the error is named. */
public final class ScriptFuzzTarget {

    private static final List<String> LINES = List.of("--ip_version=ipv6 --define=N=7\n0 f(N, M, T) = 0",
            "0 `sysctl -w net.ipv4.tcp_sack=1`\n+.1~+.2 > S. 0:0(0) ack 1 win 5 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>",
            "* > . 1:1(0) ack 1 <nop,nop,sack 1:2 3:4>\n+0 < F. 1:1(0) ack 1 win 257 urg 3 <FO 0123456789abcdef,nop>",
            "0...0.1 sendmsg(4, {msg_name(...)=..., msg_iov(1)=[{\"ab\\x41\\n\", 3}], msg_flags=0}, MSG_A|MSG_B<<2) = -1 EAGAIN (x)",
            "+0 < icmp unreachable frag_needed mtu 1400 [1:1(0)]\n+0 %{ assert 1 == 1 }%\n+0 < udp (5) sport 1",
            "+0 < [ect0] SEWA 0:0(0) win 1 <eol,unknown 254 0xf989> /* c */ // d\n#ifdef X\n1\n#endif",
            "0 < ipv4 192.0.2.1 > 192.0.2.2: ipv6 ::1 > fd00::2: P. 1:2(1)");

    private ScriptFuzzTarget() {
    }

    public static List<byte[]> seeds() {
        final List<byte[]> seeds = new ArrayList<>();
        LINES.forEach(line -> seeds.add(line.getBytes(StandardCharsets.ISO_8859_1)));
        try {
            for (final PacketScripts.Case script : PacketScripts.in(Path.of("src/test/resources/packetscripts"))
                    .toList()) {
                seeds.add(Files.readAllBytes(script.file()));
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return seeds;
    }

    public static void fuzzerTestOneInput(final byte[] input) {
        try {
            ScriptParser.parse("fuzz.pkt", new String(input, StandardCharsets.ISO_8859_1), Map.of());
        } catch (final ScriptSyntaxException expected) {
            if (expected.line() < 1 || expected.column() < 1) {
                throw new AssertionError("nowhere: " + expected.getMessage());
            }
        }
    }
}
