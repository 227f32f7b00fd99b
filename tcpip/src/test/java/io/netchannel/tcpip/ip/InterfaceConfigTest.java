package io.netchannel.tcpip.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.netchannel.tcpip.link.LocalAddresses;
import io.netchannel.tcpip.wire.IpAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InterfaceConfigTest {

    private static final String MAC = "02:00:00:00:00:01";

    @ParameterizedTest
    @CsvSource({"10.7.0.0/24,network address", "10.7.0.255/24,broadcast", "224.0.0.1/24,multicast",
        "127.0.0.1/8,loopback",
        "0.0.0.0/24,unspecified", "::/64,unspecified", "ff02::1/64,multicast", "::1/128,loopback",
        "240.0.0.1/8,reserved"})
    void shouldRefuseAddressesThatAreNotAHosts(final String address, final String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> InterfaceConfig.of(MAC, address))
                .withMessageContaining(address).withMessageContaining(why).withMessageContaining("10.7.0.2/24");
    }

    @Test
    void shouldNameTheValueAndTheLimit() {
        final InterfaceConfig config = InterfaceConfig.of(MAC, "10.7.0.1/24");
        final InterfaceConfig dual = InterfaceConfig.of(MAC, "10.7.0.1/24", "fd00::1/64");
        assertThatIllegalArgumentException().isThrownBy(() -> InterfaceConfig.of("01:00:00:00:00:01", "10.7.0.1/24"))
                .withMessageContaining("mac=01:00:00:00:00:01");
        assertThatIllegalArgumentException().isThrownBy(() -> InterfaceConfig.of(MAC, "10.7.0.1/24", "10.7.0.1/16"))
                .withMessageContaining("twice");
        assertThatIllegalArgumentException().isThrownBy(() -> config.withMtuBytes(67))
                .withMessageContaining("mtuBytes=67");
        assertThatIllegalArgumentException().isThrownBy(() -> dual.withMtuBytes(1279)).withMessageContaining("1280");
        assertThatIllegalArgumentException().isThrownBy(() -> config.withMtuBytes(65536))
                .withMessageContaining("65535");
        assertThatIllegalArgumentException().isThrownBy(() -> config.withVlanId(4095))
                .withMessageContaining("vlanId=4095");
        assertThatIllegalArgumentException().isThrownBy(() -> config.withVlanId(0)).withMessageContaining("vlanId=0");
        assertThatIllegalArgumentException().isThrownBy(() -> config.withGateway("10.8.0.1"))
                .withMessageContaining("ipv4Gateway=10.8.0.1").withMessageContaining("10.7.0.1/24");
        assertThatIllegalArgumentException().isThrownBy(() -> config.withGateway("10.7.0.1"))
                .withMessageContaining("is an address of this interface");
        assertThat(config.withMtuBytes(68).withVlanId(4094).withGateway("10.7.0.254").vlanId()).isEqualTo(4094);
        assertThat(dual.withGateway("fe80::1").ipv6Gateway()).hasToString("fe80::1");
    }

    @Test
    void shouldFormALinkLocalAddressOnlyWithIpv6() {
        assertThat(InterfaceConfig.of(MAC, "10.7.0.1/24").allAddresses()).hasSize(1);
        assertThat(InterfaceConfig.of("52:54:00:12:34:56", "fd00::1/64").allAddresses()).last()
                .hasToString("fe80::5054:ff:fe12:3456/64");
        assertThat(InterfaceConfig.of(MAC, "fe80::7/64").allAddresses()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"10.7.0.9,10.7.0.1", "10.7.5.9,10.7.5.1", "192.0.2.1,10.7.0.1", "fd00::9,fd00::1",
        "2001:db8::1,fd00::1",
        "fe80::9,fe80::ff:fe00:1", "ff02::1,fe80::ff:fe00:1", "ff05::1,fd00::1", "255.255.255.255,10.7.0.1"})
    void shouldChooseTheSourceAddress(final String destination, final String source) {
        final LocalAddresses addresses = new LocalAddresses(
                InterfaceConfig.of(MAC, "10.7.0.1/16", "10.7.5.1/24", "fd00::1/64").allAddresses());
        final IpAddress to = IpAddress.parse(destination);
        final int index = addresses.sourceFor(to.high(), to.low());
        assertThat(IpAddress.format(addresses.high(index), addresses.low(index))).isEqualTo(source);
    }
}
