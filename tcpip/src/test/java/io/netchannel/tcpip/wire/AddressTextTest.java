package io.netchannel.tcpip.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTextTest {

    @Test
    void shouldParseAndFormatMacAddresses() {
        assertThat(MacAddress.parse("02:00:5e:10:00:fF")).hasToString("02:00:5e:10:00:ff");
        assertThat(MacAddress.parse("02-00-5E-10-00-FF").value()).isEqualTo(0x0200_5E10_00FFL);
        assertThat(MacAddress.isMulticast(MacAddress.BROADCAST)).isTrue();
        assertThat(MacAddress.isStation(0)).isFalse();
        assertThat(MacAddress.format(MacAddress.ofIpv4Multicast(0xE080_0001))).isEqualTo("01:00:5e:00:00:01");
        assertThat(MacAddress.format(MacAddress.ofIpv6Multicast(0x1_FF12_3456L))).isEqualTo("33:33:ff:12:34:56");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02:00:00:00:00", "02:00:00:00:00:0g", "02:00-00:00:00:01", "2:0:0:0:0:1",
        "02:00:00:00:00:011", "020000000001-----", "02:00:00:00:00:٠١"})
    void shouldRefuseWhatIsNoMacAddress(final String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.parse(text)).withMessageContaining(text)
                .withMessageContaining("write it like 02:00:00:00:00:01");
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0,0.0.0.0", "255.255.255.255,255.255.255.255", "10.7.0.2,10.7.0.2", "::,::", "::1,::1",
        "2001:db8:0:0:0:0:2:1,2001:db8::2:1", "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1,2001:0:0:1::1", "2001:db8:0:0:1:0:0:1,2001:db8::1:0:0:1", "FE80::A:0,fe80::a:0",
        "::ffff:10.7.0.2,10.7.0.2", "64:ff9b::192.0.2.33,64:ff9b::c000:221", "1::,1::",
        "1:2:3:4:5:6:7::,1:2:3:4:5:6:7:0",
        "0:0:0:0:0:0:0:0,::"})
    void shouldWriteAddressesAsRfc5952Says(final String text, final String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
        assertThat(IpAddress.parse(canonical)).isEqualTo(IpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "10.7.0", "10.7.0.2.1", "10.7.0.256", "10.7.0.02", "10.7.0.-1",
        "0x0a.7.0.2",
        "10.7.0.2 ", "10..0.2", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::",
        "1:2:3:4:5:6:7:8::", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "fe80::1%eth0", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7",
        "1.2.3.4::"})
    void shouldRefuseWhatIsNoAddress(final String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpAddress.parse(text))
                .withMessageContaining('"' + text + '"').withMessageContaining("names are not looked up");
    }

    @Test
    void shouldAgreeWithTheJdkOnRandomAddresses() throws UnknownHostException {
        final long seed = 5;
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 20_000; i++) {
            final long mask = random.nextLong() & random.nextLong();
            final IpAddress address = new IpAddress(random.nextLong() & mask,
                    random.nextLong() & (mask >>> 3 | mask << 20));
            final InetAddress theirs = InetAddress.getByAddress(address.toBytes());
            assertThat(IpAddress.parse(theirs.getHostAddress())).as("seed=%d i=%d", seed, i).isEqualTo(address);
            assertThat(IpAddress.parse(address.toString())).as("seed=%d i=%d", seed, i).isEqualTo(address);
        }
    }

    @Test
    void shouldClassifyAddresses() {
        assertThat(is("224.0.0.1", IpAddress::isMulticast)).isTrue();
        assertThat(is("223.255.255.255", IpAddress::isMulticast)).isFalse();
        assertThat(is("ff02::1", IpAddress::isMulticast)).isTrue();
        assertThat(is("fe80::1", IpAddress::isMulticast)).isFalse();
        assertThat(is("127.9.9.9", IpAddress::isLoopback)).isTrue();
        assertThat(is("::1", IpAddress::isLoopback)).isTrue();
        assertThat(is("::2", IpAddress::isLoopback)).isFalse();
        assertThat(is("0.0.0.0", IpAddress::isUnspecified)).isTrue();
        assertThat(is("::", IpAddress::isUnspecified)).isTrue();
        assertThat(is("240.0.0.1", IpAddress::isIpv4Reserved)).isTrue();
        assertThat(is("255.255.255.255", IpAddress::isIpv4Reserved)).isFalse();
        assertThat(IpAddress.isIpv6LinkLocal(IpAddress.parse("febf::1").high())).isTrue();
        assertThat(IpAddress.isIpv6LinkLocal(IpAddress.parse("fec0::1").high())).isFalse();
        assertThat(new IpAddress(IpAddress.LINK_MULTICAST_HIGH, IpAddress.solicitedNodeLow(0x12_3456_789AL)))
                .hasToString("ff02::1:ff56:789a");
    }

    private interface Question {
        boolean ask(long high, long low);
    }

    private static boolean is(final String text, final Question question) {
        final IpAddress address = IpAddress.parse(text);
        return question.ask(address.high(), address.low());
    }

    @Test
    void shouldSayWhatToWriteWhenThePrefixIsMissing() {
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.parse("10.7.0.2"))
                .withMessage("address \"10.7.0.2\" has no prefix; write 10.7.0.2/24");
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.parse("fd00::2"))
                .withMessage("address \"fd00::2\" has no prefix; write fd00::2/64");
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.parse("10.7.0.2/33"))
                .withMessageContaining("/33").withMessageContaining("0..32");
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.parse("10.7.0.2/x"))
                .withMessageContaining("\"x\"");
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.parse("10.7.0.2/"))
                .withMessageContaining("10.7.0.2/24");
    }

    @ParameterizedTest
    @CsvSource({"10.7.0.2/24,10.7.0.255,true", "10.7.0.2/24,10.7.1.0,false", "10.7.0.2/0,1.2.3.4,true",
        "10.7.0.2/0,::1,false", "10.7.0.2/32,10.7.0.2,true", "10.7.0.2/32,10.7.0.3,false",
        "fd00::2/64,fd00::ffff:1,true",
        "fd00::2/64,fd00:0:0:1::2,false", "fd00::2/128,fd00::3,false", "::2/0,fd00::3,true", "::2/0,10.0.0.1,false",
        "fd00::2/65,fd00::8000:0:0:0,false", "fd00::2/63,fd00:0:0:1::2,true"})
    void shouldKnowWhichAddressesAPrefixHolds(final String prefix, final String address, final boolean expected) {
        final IpAddress parsed = IpAddress.parse(address);
        assertThat(IpPrefix.parse(prefix).contains(parsed.high(), parsed.low())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"10.7.0.2/24,10.7.0.255,true", "10.7.0.2/24,10.7.0.254,false", "10.7.0.2/31,10.7.0.3,false",
        "10.7.0.2/30,10.7.0.3,true", "10.7.0.2/16,10.7.0.255,false", "fd00::2/64,fd00::ffff:ffff:ffff:ffff,false"})
    void shouldKnowDirectedBroadcast(final String prefix, final String address, final boolean expected) {
        final IpAddress parsed = IpAddress.parse(address);
        assertThat(IpPrefix.parse(prefix).isIpv4DirectedBroadcast(parsed.high(), parsed.low())).isEqualTo(expected);
    }
}
