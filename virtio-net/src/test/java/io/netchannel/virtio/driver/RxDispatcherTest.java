package io.netchannel.virtio.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.DropReason;
import io.netchannel.channels.PacketSink;
import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.channels.flow.FlowFilter;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.ListenerTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.virtio.support.FrameFactory;
import io.netchannel.virtio.support.Receiver;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RxDispatcherTest {

    private static final int LOOPS = 3;

    private final Region region = Region.create("test", 4 << 20);
    private final PacketMemory packets = new PacketMemory(region, 64, 2048);
    private final PacketPool pool = new PacketPool(packets);
    private final RssHash hash = RssHash.random(new SecureRandom());
    private final RssIndirection indirection = new RssIndirection(LOOPS);
    private final ListenerTable listeners = new ListenerTable();
    private final DropCounters drops = new DropCounters();
    private final Receiver[] loops = {new Receiver(pool), new Receiver(pool), new Receiver(pool)};
    private final FrameFactory factory = new FrameFactory(pool).finished(true).sliceBytes(0);
    private RxDispatcher dispatcher;

    private void open() {
        final FlowTable[] tables = new FlowTable[LOOPS];
        for (int i = 0; i < LOOPS; i++) {
            tables[i] = new FlowTable(region.memory(), region.allocate(FlowTable.sizeBytes(64), 128), 64,
                    indirection, i);
        }
        final FlowClassifier classifier = new FlowClassifier(packets, hash, indirection, listeners, tables,
                FlowFilter.PERMIT_ALL, drops);
        dispatcher = new RxDispatcher(classifier, pool, new PacketSink[]{loops[0], loops[1], loops[2]}, 1);
    }

    @AfterEach
    void close() {
        pool.checkNoLeaks();
        region.close();
    }

    private long arp() {
        final int head = pool.allocate();
        final byte[] bytes = new byte[60];
        Arrays.fill(bytes, 0, 6, (byte) 0xFF);
        bytes[6] = 2;
        bytes[12] = 8;
        bytes[13] = 6;
        bytes[15] = 1;
        bytes[16] = 8;
        bytes[18] = 6;
        bytes[19] = 4;
        bytes[21] = 1;
        region.memory().copyFromArray(bytes, 0, packets.bufferAddress(head) + 128, bytes.length);
        return PacketHandle.of(head, 128, bytes.length);
    }

    @Test
    void shouldDeliverToTheLoopThatTheHashChooses() {
        open();
        for (int loop = 0; loop < LOOPS; loop++) {
            listeners.listen(FlowKey.TCP, 0, 0, 80, ListenerTable.ANY_VLAN, loop);
        }
        final int[] expected = new int[LOOPS];
        final FlowKey key = new FlowKey();
        for (int port = 2000; port < 2060; port++) {
            dispatcher.accept(factory.sourcePort(port).tcp(port, 10));
            key.remoteV4(0x0A000001, port).localV4(0x0A000002, 80).protocol(FlowKey.TCP);
            expected[indirection.loopOf(hash.hash(key))]++;
        }
        dispatcher.endOfBurst();
        for (int i = 0; i < LOOPS; i++) {
            assertThat(loops[i].frames()).hasSize(expected[i]);
            assertThat(loops[i].bursts()).isEqualTo(expected[i] > 0 ? 1 : 0);
        }
    }

    @Test
    void shouldGiveWhatNobodyKnowsToLoopZero() {
        open();
        dispatcher.accept(factory.tcp(1, 10));
        dispatcher.endOfBurst();
        assertThat(loops[0].frames()).hasSize(1);
        assertThat(loops[1].bursts()).isZero();
        assertThat(loops[2].bursts()).isZero();
    }

    @Test
    void shouldCopyArpForEveryLoop() {
        open();
        dispatcher.accept(arp());
        dispatcher.endOfBurst();
        for (int i = 0; i < LOOPS; i++) {
            assertThat(loops[i].frames()).hasSize(1);
            assertThat(loops[i].frames().getFirst().u16(12)).isEqualTo(0x0806);
            assertThat(loops[i].frames().getFirst().length()).isEqualTo(60);
            assertThat(loops[i].bursts()).isEqualTo(1);
        }
        assertThat(dispatcher.counters().get(DispatchCounter.COPIED)).isEqualTo(2);
    }

    @Test
    void shouldCountCopiesThatFoundNoBuffer() {
        open();
        final long packet = arp();
        final int[] held = new int[pool.available()];
        for (int i = 0; i < held.length; i++) {
            held[i] = pool.allocate();
        }
        dispatcher.accept(packet);
        assertThat(loops[1].frames()).as("the original goes to the own loop").hasSize(1);
        // The sink has released the original, but only after the copies were due.
        assertThat(dispatcher.counters().get(DispatchCounter.COPY_DROPPED_NO_BUFFER)).isEqualTo(2);
        for (final int buffer : held) {
            pool.release(buffer);
        }
    }

    @Test
    void shouldReleaseWhatTheClassifierDrops() {
        open();
        final long packet = factory.tcp(1, 10);
        region.memory().putByte(packets.address(packet) + 24, (byte) 0x77);
        dispatcher.accept(packet);
        dispatcher.endOfBurst();
        assertThat(dispatcher.counters().get(DispatchCounter.DROPPED)).isEqualTo(1);
        assertThat(drops.get(DropReason.BAD_IP_CHECKSUM)).isEqualTo(1);
    }
}
