package io.netchannel.channels;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.memory.PacketPool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Packets over a channel: {@link ChannelPacketSink} to {@link ChannelPacketSource}. No buffer may stay out. */
final class ChannelPacketsTest {

    private static final int CAPACITY = 4;

    private final TestMemory own = new TestMemory();
    private final TestPackets buffers = new TestPackets(32, 512);
    private final PacketPool pool = buffers.pool;
    private final long address = own.allocate(NetChannel.sizeBytes(CAPACITY));
    private final NetChannelProducer producer = new NetChannelProducer(HostMemory.INSTANCE, address, CAPACITY, null);
    private final NetChannelConsumer consumer = new NetChannelConsumer(HostMemory.INSTANCE, address, CAPACITY);
    private final DropCounters drops = new DropCounters();
    private final ChannelPacketSink sink = new ChannelPacketSink(producer, pool, drops);
    private final Taker taker = new Taker();
    private final ChannelPacketSource source = new ChannelPacketSource(consumer, taker, pool, 3);

    private static final class Taker implements PacketSink {
        private final List<Long> packets = new ArrayList<>();
        private int bursts;
        private Runnable onPacket = () -> {
        };

        @Override
        public void accept(final long packet) {
            packets.add(packet);
            onPacket.run();
        }

        @Override
        public void endOfBurst() {
            bursts++;
        }
    }

    @AfterEach
    void free() {
        taker.packets.forEach(pool::releasePacket);
        pool.checkNoLeaks();
        buffers.close();
        own.close();
    }

    @Test
    void shouldHandPacketsOverInOrderAndInBursts() {
        final List<Long> sent = send(CAPACITY);
        assertThat(source.poll(0)).as("not yet flushed").isZero();
        assertThat(source.arm()).isTrue();
        sink.endOfBurst();
        assertThat(source.arm()).as("work").isFalse();
        assertThat(source.poll(0)).isEqualTo(3);
        assertThat(source.poll(0)).isEqualTo(1);
        assertThat(source.poll(0)).isZero();
        assertThat(taker.packets).isEqualTo(sent);
        assertThat(taker.bursts).isEqualTo(2);
        assertThat(drops.toString()).isEqualTo("none");
    }

    @Test
    void shouldDropAndReleaseWhenTheChannelIsFull() {
        send(CAPACITY + 2);
        assertThat(drops.get(DropReason.CHANNEL_FULL)).isEqualTo(2);
        assertThat(drops.toString()).isEqualTo("CHANNEL_FULL=2");
        assertThat(pool.available()).as("two buffers for each packet kept").isEqualTo(32 - 2 * CAPACITY);
        sink.close();
        drain();
        assertThat(taker.packets).hasSize(CAPACITY);
        assertThat(source.isFinished()).isTrue();
    }

    @Test
    void shouldReturnPacketsLeftInAClosedChannel() {
        send(3);
        sink.endOfBurst();
        source.close();
        assertThat(source.released()).isEqualTo(3);
        assertThat(pool.available()).isEqualTo(32);
        send(1);
        sink.endOfBurst();
        send(1);
        assertThat(drops.get(DropReason.CHANNEL_CLOSED)).isEqualTo(1);
        assertThat(source.isFinished()).as("one was accepted before the producer knew").isFalse();
        drain();
        assertThat(source.isFinished()).isTrue();
        assertThat(source.released()).isEqualTo(4);
        assertThat(taker.packets).isEmpty();
    }

    @Test
    void shouldReturnTheRestOfABurstWhenTheSinkClosesTheSource() {
        send(CAPACITY);
        sink.endOfBurst();
        taker.onPacket = source::close;
        source.poll(0);
        sink.endOfBurst();
        drain();
        assertThat(taker.packets).hasSize(1);
        assertThat(source.released()).isEqualTo(CAPACITY - 1);
        assertThat(source.isFinished()).isTrue();
    }

    private void drain() {
        while (source.poll(0) > 0) {
            assertThat(taker.packets.size()).isLessThanOrEqualTo(CAPACITY);
        }
    }

    private List<Long> send(final int count) {
        final List<Long> sent = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final long packet = buffers.packet(new byte[100], 60);
            sent.add(packet);
            sink.accept(packet);
        }
        return sent;
    }
}
