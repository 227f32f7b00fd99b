package io.netchannel.channels.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class FlowKeyTest {

    private static FlowKey key() {
        return new FlowKey().remote(1, 2, 3).local(4, 5, 6).protocol(7).vlanId(8);
    }

    @Test
    void shouldDifferInEachField() {
        final List<Consumer<FlowKey>> changes = List.of(key -> key.remote(0, 2, 3), key -> key.remote(1, 0, 3),
                key -> key.remote(1, 2, 0), key -> key.local(0, 5, 6), key -> key.local(4, 0, 6),
                key -> key.local(4, 5, 0), key -> key.protocol(0), key -> key.vlanId(0), key -> key.vlanId(8 << 12));
        assertThat(key()).isEqualTo(key()).hasSameHashCodeAs(key());
        for (final Consumer<FlowKey> change : changes) {
            final FlowKey other = key();
            change.accept(other);
            assertThat(other).isNotEqualTo(key());
            assertThat(other.copyFrom(key())).isEqualTo(key());
        }
    }

    @Test
    void shouldKeepTheExtremesOfItsFieldsApart() {
        final FlowKey key = new FlowKey().remote(-1, -1, 0xFFFF).local(-1, -1, 0xFFFF).protocol(0xFF).vlanId(0xFF_FFFF);
        assertThat(key.portsWord()).isEqualTo(-1L);
        final FlowKey ports = new FlowKey().remote(0, 0, 0xFFFF);
        assertThat(ports.portsWord()).isEqualTo(0xFFFFL << 48);
        assertThat(ports.remotePort()).isEqualTo(0xFFFF);
        assertThat(new FlowKey().local(0, 0, 0x1_8000).localPort()).isEqualTo(0x8000);
    }

    @Test
    void shouldMapIpv4() {
        final FlowKey key = new FlowKey().remoteV4(0xC0A8_0101, 1).localV4(-2, 2).protocol(6);
        assertThat(key.isIpv4()).isTrue();
        assertThat(key.localLow()).isEqualTo(0xFFFF_FFFF_FFFEL);
        assertThat(key).hasToString("protocol 6 local 255.255.255.254:2 remote 192.168.1.1:1");
        assertThat(new FlowKey().remote(0x2001_0DB8L << 32, 1, 9).vlanId(3).toString())
                .contains("[2001:db8:0:0:0:0:0:1]:9").endsWith("vlan 3");
    }
}
