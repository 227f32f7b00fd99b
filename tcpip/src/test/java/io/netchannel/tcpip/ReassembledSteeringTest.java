package io.netchannel.tcpip;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.channels.flow.FlowFilter;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.ListenerTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.Region;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of four loops goes on with a datagram that each of them has put together. */
class ReassembledSteeringTest {

    private static final int LOOPS = 4;
    private static final int FLOWS = 256;

    private final Region region = Region.create("test", PacketMemory.requiredBytes(8, 2048)
            + FlowTable.sizeBytes(FLOWS) * LOOPS + (1 << 16));
    private final PacketMemory packets = new PacketMemory(region, 8, 2048);
    private final RssHash hash = new RssHash(new byte[RssHash.KEY_BYTES]);
    private final RssIndirection indirection = new RssIndirection(LOOPS);
    private final ListenerTable listeners = new ListenerTable();
    private final FlowTable[] flows = new FlowTable[LOOPS];
    private final Counters counters = new Counters();
    private final ReassembledSteering[] loops = new ReassembledSteering[LOOPS];

    ReassembledSteeringTest() {
        for (int i = 0; i < LOOPS; i++) {
            flows[i] = new FlowTable(region.memory(), region.allocate(FlowTable.sizeBytes(FLOWS), 128), FLOWS,
                    indirection, i);
        }
        for (int i = 0; i < LOOPS; i++) {
            loops[i] = new ReassembledSteering(packets, new FlowSteering(flows[i], hash, indirection, i)
                    .withClassifier(new FlowClassifier(packets, hash, indirection, listeners, flows,
                            FlowFilter.PERMIT_ALL, new DropCounters())),
                    counters);
        }
    }

    @AfterEach
    void close() {
        region.close();
    }

    /** Bit n: loop n takes it. */
    private int takers(final byte[] ip) {
        final byte[] frame = Frames.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02", 0x0800, ip);
        int takers = 0;
        for (int i = 0; i < LOOPS; i++) {
            final long packet = PacketHandle.of(i, 128, frame.length);
            packets.resetMetadata(i);
            packets.memory().copyFromArray(frame, 0, packets.address(packet), frame.length);
            takers |= loops[i].isOurs(packet) ? 1 << i : 0;
        }
        return takers;
    }

    private static byte[] datagram(final int port) {
        return Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.UDP,
                Frames.udp("10.7.0.2", "10.7.0.1", port, 7, new byte[9]));
    }

    @Test
    void shouldBeOfOneLoopOnlyWhateverItIs() {
        assertThat(takers(datagram(5000))).as("nobody's: loop 0 refuses it").isEqualTo(1);
        listeners.listen(Frames.UDP, 0, 0, 7, ListenerTable.ANY_VLAN, 2);
        listeners.listen(Frames.UDP, 0, 0, 7, ListenerTable.ANY_VLAN, 3);
        for (int port = 5000; port < 5064; port++) {
            assertThat(takers(datagram(port))).as("port %d", port).isIn(1 << 2, 1 << 3);
        }
        final FlowKey key = new FlowKey().remoteV4(0x0A070002, 5000).localV4(0x0A070001, 7).protocol(FlowKey.UDP)
                .vlanId(0);
        final int home = indirection.loopOf(hash.hash(key));
        flows[home].insert(key, hash.hash(key), 1);
        assertThat(takers(datagram(5000))).as("an exact flow").isEqualTo(1 << home);
    }

    @Test
    void shouldBeOfEveryLoopIfItIsControl() {
        assertThat(takers(Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.ICMP, Frames.icmpv4(8, 0, 1, new byte[8]))))
                .isEqualTo(0xF);
    }

    @Test
    void shouldBeOfNobodyIfItIsBroken() {
        final byte[] bad = datagram(5000);
        bad[35]++;
        assertThat(takers(bad)).isZero();
        assertThat(counters.get(Counter.UDP_IN_CSUM_ERRORS)).isEqualTo(LOOPS);
        assertThat(takers(Frames.ipv4("10.7.0.2", "10.7.0.1", Frames.TCP, new byte[9]))).isZero();
        assertThat(counters.get(Counter.IP_IN_DISCARDS)).isEqualTo(LOOPS);
    }
}
