package io.netchannel.tcpip.script.packet;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.script.syntax.Action;
import io.netchannel.tcpip.script.syntax.PacketSpec;
import io.netchannel.tcpip.script.syntax.PacketSpec.Tcp;
import io.netchannel.tcpip.script.syntax.ScriptParser;
import io.netchannel.tcpip.script.syntax.ScriptSyntaxException;
import io.netchannel.tcpip.wire.IpAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketComparisonTest {

    private static final PacketComparison EXACT = new PacketComparison(false, 0, 4000, false);
    private static final Endpoints ENDS = new Endpoints(IpAddress.parse("192.168.0.1"), 8080,
            IpAddress.parse("192.0.2.1"), 40_001);

    private static PacketSpec packet(final String text) throws ScriptSyntaxException {
        return ((Action.Packet) ScriptParser.parse("s.pkt", "0 " + text, Map.of()).events().getFirst().action()).spec();
    }

    private static Tcp tcp(final String text) throws ScriptSyntaxException {
        return (Tcp) packet(text).transport();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"> . 1:1(0) ack 1|> . 1:1(0) ack 1 win 9|",
        "> . 1:1(0) ack 1 win 8|> . 1:1(0) ack 1 win 9|window",
        "> P. 1:2(1) ack 1|> . 1:2(1) ack 1|flags", "> .0 1:1(0) ack 1|> E. 1:1(0) ack 1|ace flags",
        "> . 1:2(1) ack 1|> . 1:3(2) ack 1|length", "> . 1:2(1) ack 1|> . 2:3(1) ack 1|sequence",
        "> . 1:2(1) ack 1|> . 1:2(1) ack 2|ack", "> . 1:1(0) ack 1 <...>|> . 1:1(0) ack 1 <nop,nop,TS val 1 ecr 2>|",
        "> . 1:1(0) ack 1|> . 1:1(0) ack 1 <nop,nop,TS val 1 ecr 2>|options", "> . ...(0)|> . 5:5(0)|"})
    void shouldNameTheFirstDifference(final String expected, final String actual, final String field)
            throws ScriptSyntaxException {
        final PacketComparison.Difference difference = EXACT.difference(packet(expected), packet(actual));
        assertThat(difference == null ? null : difference.field()).isEqualTo(field);
    }

    @Test
    void shouldCompareOptionsInAnyOrderIfAsked() throws ScriptSyntaxException {
        final PacketSpec expected = packet("> S 0:0(0) <mss 1460,nop,wscale 6,sackOK,TS val 100 ecr 0>");
        final PacketSpec actual = packet("> S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 6>");
        assertThat(EXACT.difference(expected, actual)).isNotNull();
        assertThat(new PacketComparison(true, 0, 4000, false).difference(expected, actual)).isNull();
    }

    @Test
    void shouldCompareTimestampsOnlyWithATick() throws ScriptSyntaxException {
        final PacketSpec expected = packet("> . 1:1(0) ack 1 <nop,nop,TS val 100 ecr 5>");
        final PacketSpec actual = packet("> . 1:1(0) ack 1 <nop,nop,TS val 110 ecr 5>");
        assertThat(EXACT.difference(expected, actual)).isNull();
        assertThat(new PacketComparison(false, 1000, 4000, false).difference(expected, actual)).isNotNull();
        assertThat(new PacketComparison(false, 1000, 10_000, false).difference(expected, actual)).isNull();
    }

    @Test
    void shouldCompareEchoesIfAsked() throws ScriptSyntaxException {
        final PacketSpec expected = packet("> . 1:1(0) ack 1 <nop,nop,TS val 100 ecr 5>");
        final PacketSpec actual = packet("> . 1:1(0) ack 1 <nop,nop,TS val 100 ecr 6>");
        assertThat(EXACT.difference(expected, actual)).isNull();
        assertThat(new PacketComparison(false, 0, 4000, true).difference(expected, actual)).isNotNull();
    }

    // -- mapping between wire and script

    @Test
    void shouldMapSequenceNumbersAndTimestamps() throws ScriptSyntaxException {
        final Conversation conversation = Conversation.passive(ENDS);
        assertThat(conversation.toWire(tcp("< S 700:700(0) win 1 <TS val 9 ecr 0>"), false).sequence()).isEqualTo(700);
        final Tcp synAck = conversation.toScript(tcp("> S. 5000:5000(0) ack 701 <TS val 4000 ecr 9>"),
                tcp("> S. 0:0(0) ack 701 <TS val 100 ecr 9>"));
        assertThat(PacketText.format(new PacketSpec(false, java.util.List.of(), PacketSpec.IpSpec.UNSPECIFIED, synAck)))
                .isEqualTo("> S. 0:0(0) ack 701 <TS val 100 ecr 9>");
        final Tcp wire = conversation.toWire(
                tcp("< . 1:11(10) ack 1 win 1 <nop,nop,TS val 10 ecr 100,nop,nop,sack 3:5>"), false);
        assertThat(wire.sequence()).isEqualTo(701);
        assertThat(wire.acknowledgment()).isEqualTo(5001);
        assertThat(wire.options().get(2).intAt(4)).isEqualTo(4000);
        assertThat(wire.options().get(5).intAt(0)).isEqualTo(5003);
        assertThat(conversation.toWire(tcp("< . 1:1(0) ack 1 win 1 <TS val 10 ecr 120>"), false)).isNull();
        assertThat(conversation.toWire(tcp("< . 1:1(0) ack 1 win 1 <TS val 10 ecr 120>"), true).options().getFirst()
                .intAt(4)).isEqualTo(4020);
        assertThat(conversation.quotedSequence(1)).isEqualTo(5001);
    }

    // -- super-frames

    @Test
    void shouldJoinAndCutSuperFrames() throws ScriptSyntaxException {
        final WirePacket whole = new WirePacket(0, ENDS, PacketSpec.IpSpec.UNSPECIFIED,
                tcp("> FP. 1:3001(3000) ack 1"), 1000);
        final WirePacket head = whole.head(2000, false);
        final WirePacket tail = whole.tail(2000);
        assertThat(head.transport()).isEqualTo(tcp("> . 1:2001(2000) ack 1"));
        assertThat(tail.transport()).isEqualTo(tcp("> FP. 2001:3001(1000) ack 1"));
        assertThat(head.continuesWith(tail)).isTrue();
        assertThat(tail.continuesWith(head)).isFalse();
        assertThat(head.joined(tail).transport()).isEqualTo(whole.transport());
    }

    // -- building and reading are inverse

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"< S 7:7(0) win 32792 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>",
        "< FP. 1:101(100) ack 9 win 3", "< SEWA 1:1(0) win 3 <nop,nop,sack 1:2 3:4>"})
    void shouldReadWhatItBuilds(final String text) throws ScriptSyntaxException {
        for (final String remote : new String[]{"192.0.2.1", "2001:db8::1"}) {
            final Endpoints ends = new Endpoints(IpAddress.parse(remote), 1,
                    IpAddress.parse(remote.replaceFirst("1$", "7")), 2);
            final byte[] packet = PacketBuilder.tcp(ends, PacketSpec.IpSpec.UNSPECIFIED, tcp(text));
            final byte[] frame = new byte[14 + packet.length];
            frame[12] = (byte) (ends.isIpv6() ? 0x86 : 0x08);
            frame[13] = (byte) (ends.isIpv6() ? 0xDD : 0x00);
            System.arraycopy(packet, 0, frame, 14, packet.length);
            final WirePacket read = WirePacket.parse(frame, 0, 0);
            assertThat(read.ends()).isEqualTo(ends);
            assertThat(EXACT.difference(packet(">" + text.substring(1)), new PacketSpec(false, java.util.List.of(),
                    PacketSpec.IpSpec.UNSPECIFIED, read.transport()))).isNull();
        }
    }

    @Test
    void shouldRefusePacketsLongerThanIpAllows() throws ScriptSyntaxException {
        assertThat(PacketBuilder.tcp(ENDS, PacketSpec.IpSpec.UNSPECIFIED, tcp("< . 1:65536(65535) ack 1 win 1")))
                .isNull();
    }
}
