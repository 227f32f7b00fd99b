package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioFeature.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import io.netchannel.virtio.support.Frame;
import io.netchannel.virtio.support.FrameFactory;
import io.netchannel.virtio.support.Receiver;
import io.netchannel.virtio.support.TestNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SwitchTest {

    private static final int PORTS = 3;
    private static final long BROADCAST = 0xFFFF_FFFF_FFFFL;
    private static final VirtioNetDriverConfig DRIVER = VirtioNetDriverConfig.DEFAULT.withPromiscuous(true);

    private final TestNode[] nodes = new TestNode[PORTS];
    private final Receiver[] receivers = new Receiver[PORTS];
    private final FrameFactory[] factories = new FrameFactory[PORTS];
    private Switch hub;

    private static long mac(final int node) {
        return 0x0200_0000_0010L + node;
    }

    private void open(final SwitchConfig config, final VirtioNetDriverConfig third, final ImpairmentConfig toThird) {
        hub = new Switch(config);
        for (int i = 0; i < PORTS; i++) {
            nodes[i] = new TestNode(VirtioNetDeviceConfig.of(mac(i)));
            assertThat(hub.addPort(nodes[i].device(), i == 2 ? toThird : null)).isEqualTo(i);
            nodes[i].open(i == 2 ? third : DRIVER);
            receivers[i] = new Receiver(nodes[i].pool());
            factories[i] = new FrameFactory(nodes[i].pool()).finished(true);
        }
    }

    @AfterEach
    void close() {
        for (final TestNode node : nodes) {
            node.closeAndCheck();
            node.close();
        }
    }

    private void send(final int from, final long destination, final int sequence) {
        factories[from].macs(mac(from), destination);
        nodes[from].pair().transmit(factories[from].tcp(sequence, 20));
        nodes[from].pair().flush();
    }

    private void poll(final long nowNs) {
        hub.poll(nowNs);
        for (int i = 0; i < PORTS; i++) {
            nodes[i].pair().pollReceive(receivers[i], 64);
        }
    }

    private List<Integer> at(final int node) {
        return receivers[node].frames().stream().map(Frame::sequence).toList();
    }

    @Test
    void shouldFloodUntilItHasLearnt() {
        open(SwitchConfig.defaults(), DRIVER, null);
        send(0, mac(1), 1);
        poll(0);
        assertThat(at(1)).containsExactly(1);
        assertThat(at(2)).containsExactly(1);
        send(1, mac(0), 2);
        poll(0);
        send(0, mac(1), 3);
        poll(0);
        assertThat(at(0)).containsExactly(2);
        assertThat(at(1)).containsExactly(1, 3);
        assertThat(at(2)).containsExactly(1);
    }

    @Test
    void shouldFloodGroupsAndNeverSendBack() {
        open(SwitchConfig.defaults(), DRIVER, null);
        send(0, BROADCAST, 1);
        send(0, 0x0100_5E00_0001L, 2);
        poll(0);
        assertThat(at(0)).isEmpty();
        assertThat(at(1)).containsExactly(1, 2);
        assertThat(at(2)).containsExactly(1, 2);
        send(0, mac(0), 3);
        poll(0);
        assertThat(at(0)).isEmpty();
        assertThat(nodes[0].device().transmitCounters(0).get(DeviceCounter.DROPPED_FILTERED)).isEqualTo(1);
    }

    @Test
    void shouldForgetWhatHasAged() {
        open(SwitchConfig.defaults().withAgeingNs(1000), DRIVER, null);
        send(1, BROADCAST, 1);
        poll(0);
        assertThat(hub.portOf(mac(1), 999)).isEqualTo(1);
        assertThat(hub.portOf(mac(1), 1000)).isEqualTo(-1);
        send(0, mac(1), 2);
        poll(1000);
        assertThat(at(2)).containsExactly(1, 2);
    }

    @Test
    void shouldFollowAStationThatMoves() {
        open(SwitchConfig.defaults(), DRIVER, null);
        send(1, BROADCAST, 1);
        poll(0);
        factories[2].macs(mac(1), BROADCAST);
        nodes[2].pair().transmit(factories[2].tcp(2, 20));
        nodes[2].pair().flush();
        poll(1);
        assertThat(hub.portOf(mac(1), 2)).isEqualTo(2);
    }

    @Test
    void shouldNotLearnGroupAddresses() {
        open(SwitchConfig.defaults(), DRIVER, null);
        factories[0].macs(0x0300_0000_0001L, BROADCAST);
        nodes[0].pair().transmit(factories[0].tcp(2, 20));
        nodes[0].pair().flush();
        poll(1);
        assertThat(hub.portOf(0x0300_0000_0001L, 2)).isEqualTo(-1);
    }

    @Test
    void shouldCutAFloodedSuperFrameOnlyForThoseThatDoNotTakeIt() {
        open(SwitchConfig.defaults(), DRIVER.without(GUEST_TSO4, GUEST_CSUM), null);
        factories[0].macs(mac(0), BROADCAST).finished(false).gso(1000, false);
        nodes[0].pair().transmit(factories[0].tcp(0, 5000));
        nodes[0].pair().flush();
        poll(0);
        assertThat(receivers[1].frames()).hasSize(1);
        assertThat(receivers[2].frames()).hasSize(5).allMatch(Frame::isTransportChecksumRight);
    }

    @Test
    void shouldDropForAPortWithoutBuffersAfterAWhile() {
        open(SwitchConfig.defaults().withMaxWaitPolls(2), DRIVER.withQueueSizes(16, 16), null);
        send(2, BROADCAST, 0);
        hub.poll(0);
        for (int i = 0; i < 18; i++) {
            send(0, mac(2), i);
        }
        int turns = 0;
        while (turns < 100 && !hub.arm()) {
            hub.poll(turns++);
        }
        assertThat(turns).as("three polls until a frame is dropped; the last is the next one's first").isEqualTo(5);
        assertThat(nodes[0].device().transmitCounters(0).get(DeviceCounter.DROPPED_NO_BUFFER)).isEqualTo(2);
        assertThat(hub.arm()).isTrue();
    }

    @Test
    void shouldImpairThePortThatItIsToldTo() {
        open(SwitchConfig.defaults(), DRIVER, ImpairmentConfig.none(1).withDelay(1000, 0));
        send(0, BROADCAST, 1);
        poll(0);
        assertThat(at(1)).containsExactly(1);
        assertThat(at(2)).isEmpty();
        assertThat(hub.nextDeadlineNs()).isEqualTo(1000);
        poll(1000);
        assertThat(at(2)).containsExactly(1);
        assertThat(hub.impairment(2).counters().get(ImpairmentCounter.DELIVERED)).isEqualTo(1);
    }
}
