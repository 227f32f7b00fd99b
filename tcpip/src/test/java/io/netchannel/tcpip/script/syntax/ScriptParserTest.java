package io.netchannel.tcpip.script.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.tcpip.script.packet.PacketText;
import io.netchannel.tcpip.script.syntax.PacketSpec.Icmp;
import io.netchannel.tcpip.script.syntax.PacketSpec.Tcp;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptParserTest {

    private static final long MS = 1_000_000;

    private static Script parse(final String source) throws ScriptSyntaxException {
        return ScriptParser.parse("s.pkt", source, Map.of());
    }

    private static Action only(final String source) throws ScriptSyntaxException {
        final Script script = parse(source);
        assertThat(script.events()).hasSize(1);
        return script.events().getFirst().action();
    }

    private static Action.Call call(final String source) throws ScriptSyntaxException {
        return (Action.Call) only("0 " + source);
    }

    // -- times

    @ParameterizedTest
    @CsvSource({"0,ABSOLUTE,0,0", "+0,RELATIVE,0,0", "+.1,RELATIVE,100,100", "1.25,ABSOLUTE,1250,1250", "*,ANY,0,0",
        "+0~+.2,RELATIVE,0,200", "0.1~0.2,ABSOLUTE,100,200", "+.5~.75,RELATIVE,500,750"})
    void shouldReadTimes(final String time, final EventTime.Kind kind, final long startMs, final long endMs)
            throws ScriptSyntaxException {
        assertThat(parse(time + " > . 1:1(0) ack 1").events().getFirst().time())
                .isEqualTo(new EventTime(kind, startMs * MS, endMs * MS));
    }

    @Test
    void shouldReadBlockingCalls() throws ScriptSyntaxException {
        final Script script = parse("+.1...0.5 connect(3, ..., ...) = 0\n0...1 read(3, ..., 1) = 1");
        assertThat(((Action.Call) script.events().get(0).action()).endNs()).isEqualTo(500 * MS);
        assertThat(((Action.Call) script.events().get(1).action()).endNs()).isEqualTo(1000 * MS);
    }

    // -- packets: what is read is written the same way

    @ParameterizedTest
    @ValueSource(strings = {"< S 0:0(0) win 32792 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>",
        "> S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 8>",
        "< . 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001 3001:4001>",
        "> FP. 1:1001(1000) ack 1", "< R 1:1(0) win 0", "> SEWA 0:0(0) <...>", "> - 1:1(0)",
        "< U. 1:2(1) ack 1 win 100 urg 2", "> [ect0] P. 1:11(10) ack 1", "< [ce] . 1:1(0) ack 1 win 5",
        "> [ect01] . 1:1(0) ack 1", "> [tos 0x28, flowlabel 0x1] . 1:1(0) ack 1", "> [ttl 64] . 1:1(0) ack 1",
        "> .5 1:1(0) ack 1", "> P.0 1:1(0) ack 1 <nop,ECN e0b 1 ceb 0 e1b 1>", "> S 0:0(0) <FO,nop,nop>",
        "> S 0:10(10) <mss 1460,FO 3021b9d889017eeb,nop,nop>", "< S 0:0(0) win 1 <FOEXP 12345678>",
        "< S 0:0(0) win 1 <md5 00112233445566778899aabbccddeeff>", "> R. 0:0(0)! ack 1 win 0", "> S. ...(0) ack 5",
        "< 1234 > 8080 . 1:1(0) ack 1 win 5", "< udp 1 > 2 (100)", "> udp (1472)",
        "< icmp unreachable frag_needed mtu 1200 [1:1461(1460)]", "< icmp echo_request id 7", "< icmp redirect",
        "< icmp unreachable port_unreachable [udp (8)]", "> . 4294967295:10(11) ack 4294967295"})
    void shouldReadPacketsAsTheyAreWritten(final String text) throws ScriptSyntaxException {
        assertThat(PacketText.format(((Action.Packet) only("0 " + text)).spec())).isEqualTo(text);
    }

    @Test
    void shouldTellAbsentFromZero() throws ScriptSyntaxException {
        final Tcp tcp = (Tcp) ((Action.Packet) only("0 > . 1:1(0)")).spec().transport();
        assertThat(tcp.window()).isEqualTo(Tcp.ABSENT);
        assertThat(tcp.acknowledgment()).isZero();
        final Icmp icmp = (Icmp) ((Action.Packet) only("0 < icmp unreachable")).spec().transport();
        assertThat(icmp.quoted()).isNull();
        assertThat(icmp.mtuBytes()).isEqualTo(Icmp.ABSENT);
    }

    @ParameterizedTest
    @CsvSource({"> ipv4 192.0.2.1 > 192.0.2.2: . 1:1(0),IPv4",
        "> ipv6 2001:db8::1 > 2001:db8::2: gre: . 1:1(0),IPv6+GRE",
        "'> mpls (label 0, tc 0, [S], ttl 0): . 1:1(0)',MPLS", "> S 0:0(0)/udp(9811 > 1),UDP",
        "> encap psp spi 0x17 . 1:1(0),PSP"})
    void shouldNameOuterHeaders(final String text, final String names) throws ScriptSyntaxException {
        assertThat(((Action.Packet) only("0 " + text)).spec().encapsulations()).containsExactly(names.split("\\+"));
    }

    // -- calls

    @Test
    void shouldReadExpressions() throws ScriptSyntaxException {
        final Action.Call call = call("f(..., -1, 0x10, A|B, \"x\\n\" \"y\", [1, [2]], 2+3*4) = 0x2 (flags O_RDWR)");
        assertThat(call.arguments()).containsExactly(new Expression.Any(), new Expression.Int(-1),
                new Expression.Int(16),
                new Expression.Binary("|", new Expression.Word("A"), new Expression.Word("B")),
                new Expression.Text("x\ny"),
                new Expression.Items(List.of(new Expression.Int(1),
                        new Expression.Items(List.of(new Expression.Int(2))))),
                new Expression.Binary("+", new Expression.Int(2),
                        new Expression.Binary("*", new Expression.Int(3), new Expression.Int(4))));
        assertThat(call.result()).isEqualTo(new Expression.Int(2));
        assertThat(call.errno()).isNull();
    }

    @Test
    void shouldReadStructs() throws ScriptSyntaxException {
        final Action.Call call = call("sendmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 1000}], msg_flags=0, "
                + "msg_control=[{cmsg_level=SOL_IP, cmsg_type=IP_RECVERR, cmsg_data={ee_errno=ECONNREFUSED}}]}, 0) = 1000");
        final Expression.Struct struct = (Expression.Struct) call.arguments().get(1);
        assertThat(struct.fields()).extracting(Expression.Field::name).containsExactly("msg_name", "msg_iov",
                "msg_flags", "msg_control");
        assertThat(struct.fields().get(1).count()).isEqualTo(new Expression.Int(1));
        final Action.Call bind = call(
                "bind(3, {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr(\"0.0.0.0\")}, ...) = 0");
        assertThat(((Expression.Struct) bind.arguments().get(1)).fields().get(1).value())
                .isEqualTo(new Expression.Apply("htons", List.of(new Expression.Int(80))));
        assertThat(call("poll([{fd=3, events=POLLIN, revents=POLLIN}], 1, 0) = 1").arguments()).hasSize(3);
        assertThat(call("epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, ptr=4}) = 0").arguments()).hasSize(4);
    }

    @Test
    void shouldReadErrors() throws ScriptSyntaxException {
        final Script script = parse("0 connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)\n"
                + "+0 close(3) = 0\n*  > R. 1:1(0) ack 1");
        assertThat(script.events()).hasSize(3);
        assertThat(((Action.Call) script.events().getFirst().action()).errno()).isEqualTo("EINPROGRESS");
    }

    // -- the rest

    @Test
    void shouldReadOptionsCommandsCodeAndComments() throws ScriptSyntaxException {
        final Script script = parse("""
                // first
                --ip_version=ipv6
                --tcp_ts_ecr_scaled
                /* then
                 */ `init one
                two`
                0 `sysctl -w a=1`
                # other comments
                #ifdef STANDARD
                +0 nonsense here
                #endif
                #ifdef FreeBSD
                +0 %{ assert 1 == 1 }%
                #endif
                `cleanup`
                """);
        assertThat(script.options()).extracting(Script.Option::name).containsExactly("ip_version",
                "tcp_ts_ecr_scaled");
        assertThat(script.before()).hasSize(1);
        assertThat(script.events()).hasSize(2);
        assertThat(script.events().getLast().action()).isEqualTo(new Action.Code(" assert 1 == 1 "));
        assertThat(script.after()).hasSize(1);
    }

    @Test
    void shouldReplaceDefinedSymbols() throws ScriptSyntaxException {
        final Script script = ScriptParser.parse("s.pkt", "--define=N=7\n0 f(N, M, T) = 0",
                Map.of("M", "0x8", "T", "\"text\"", "N", "1"));
        assertThat(((Action.Call) script.events().getFirst().action()).arguments()).containsExactly(
                new Expression.Int(7), new Expression.Int(8), new Expression.Text("text"));
    }

    // -- errors

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 < S 0:0(0) win|1:17|expected win", "0 > X 0:0(0)|1:5|TCP flags",
        "0 > . 1:5(3)|1:7|difference", "* < . 1:1(0) win 1|1:1|expected packets only",
        "0 < . 1:1(0) win 1 <...>|1:20|expected packets only", "0 < . 1:1(0) win 70000|1:18|win=70000",
        "0 close(3 = 0|1:11|')'", "0 close(3) = -1 EBADF|1:22|'('", "0 \"abc|1:3|no closing",
        "0 < S 0:0(0) <mss 1460,foo>|1:24|expected mss", "0 < [xx] . 1:1(0)|1:6|noecn", "x|1:1|a time",
        "0.2~0.1 > . 1:1(0)|1:1|backwards", "99999999 close(3) = 0|1:1|10000000",
        "0 < . 1:1(0) <sack 1:2 3:4 5:6 7:8 9:10>|1:14|MAX=40"})
    void shouldNameThePlaceOfAnError(final String source, final String place, final String problem) {
        assertThatThrownBy(() -> parse(source)).isInstanceOf(ScriptSyntaxException.class)
                .hasMessageStartingWith("s.pkt:" + place + ": ").hasMessageContaining(problem);
    }

    @Test
    void shouldRefuseDeepNesting() {
        assertThatThrownBy(() -> parse("0 f(" + "[".repeat(5000) + "]".repeat(5000) + ") = 0"))
                .isInstanceOf(ScriptSyntaxException.class).hasMessageContaining("MAX=64");
    }

    /** Whatever a file holds, it is parsed or refused. */
    @Test
    void shouldSurviveMutations() {
        final String seedScript = """
                --tolerance_usecs=10000
                `../defaults.sh`
                0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
                +0...0.2 accept(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("1.2.3.4")}, [16]) = 4
                +.1 < [ect0] S 0:0(0) win 32792 <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>
                * > S. 0:0(0) ack 1 <...>
                +0~+.2 > P.5 1:1001(1000) ack 1 win 5 <nop,nop,sack 1:2>
                +0 < icmp unreachable frag_needed mtu 1200 [1:1461(1460)]
                +0 write(4, "a\\x41", 2|1) = -1 EPIPE (Broken pipe)
                +0 %{ assert tcpi_snd_cwnd == 10, tcpi_snd_cwnd }%
                """;
        final String alphabet = "<>[](){}`\"%*+~.,:=|/#-0123456789abcSFRxE \n\\\0\u00e9";
        final Random random = new Random(7);
        for (int round = 0; round < 3000; round++) {
            final StringBuilder text = new StringBuilder(seedScript);
            for (int edit = random.nextInt(6); edit >= 0; edit--) {
                final int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    default -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                }
            }
            try {
                parse(text.toString());
            } catch (final ScriptSyntaxException e) {
                assertThat(e.line()).as("round %d", round).isPositive();
                assertThat(e.column()).as("round %d", round).isPositive();
            }
        }
    }
}
