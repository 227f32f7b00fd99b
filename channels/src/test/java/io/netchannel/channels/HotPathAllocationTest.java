package io.netchannel.channels;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.channels.flow.FlowFilter;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.ListenerTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.channels.flow.Verdict;
import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A packet's way through this module allocates nothing, not even once the garbage would be collected cheaply. */
final class HotPathAllocationTest {

    private static final int ROUNDS = 20_000;

    private final TestMemory own = new TestMemory();
    private final OrderedMemory memory = HostMemory.INSTANCE;

    @AfterEach
    void free() {
        own.close();
    }

    private static long allocatedBy(final Runnable work) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().threadId();
        long least = Long.MAX_VALUE;
        // The first rounds load classes; the compiler may add an odd object later.
        for (int i = 0; i < 5; i++) {
            final long before = threads.getThreadAllocatedBytes(thread);
            work.run();
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        return least;
    }

    @Test
    void shouldAllocateNothingOnTheRing() {
        final long address = own.allocate(NetChannel.sizeBytes(8));
        final NetChannelProducer producer = new NetChannelProducer(memory, address, 8, null);
        final NetChannelConsumer consumer = new NetChannelConsumer(memory, address, 8);
        final long[] burst = new long[8];
        assertThat(allocatedBy(() -> {
            for (int i = 0; i < ROUNDS; i++) {
                producer.offer(i);
                producer.offer(burst, 0, 8);
                producer.flush();
                consumer.poll();
                consumer.drain(burst, 8);
            }
        })).isLessThan(ROUNDS);
    }

    @Test
    void shouldAllocateNothingToClassify() {
        try (TestPackets buffers = new TestPackets(4, 2048)) {
            final RssHash rss = new RssHash(new byte[RssHash.KEY_BYTES]);
            final ListenerTable listeners = new ListenerTable();
            listeners.listen(FlowKey.UDP, 0, 0, 9, 0, 0);
            final FlowTable[] tables = {new FlowTable(memory, own.allocate(FlowTable.sizeBytes(4)), 4)};
            final FlowClassifier classifier = new FlowClassifier(buffers.packets, rss, new RssIndirection(1), listeners,
                    tables, FlowFilter.PERMIT_ALL, new DropCounters());
            final byte[] frame = udpWithoutChecksum();
            final long packet = buffers.packet(frame);
            assertThat(classifier.classify(packet)).isEqualTo(Verdict.DELIVER);
            tables[0].insert(classifier.key(), rss.hash(classifier.key()), 3);
            final byte[] broken = frame.clone();
            broken[20]++;
            final long bad = buffers.packet(broken);
            buffers.memory.permit(buffers.packets.address(packet), frame.length);
            assertThat(allocatedBy(() -> {
                for (int i = 0; i < ROUNDS; i++) {
                    classifier.classify(packet);
                    classifier.classify(bad);
                }
            })).isLessThan(ROUNDS);
            assertThat(classifier.count(Verdict.DROP)).isEqualTo(5 * ROUNDS);
            assertThat(classifier.dropReason()).isEqualTo(DropReason.BAD_IP_CHECKSUM);
        }
    }

    private static byte[] udpWithoutChecksum() {
        final byte[] frame = new byte[14 + 28];
        final int[] ip = {0x0800, 0x4500, 28, 0, 0, 0x4011, 0, 0x0A00, 1, 0x0A00, 2, 7, 9, 8, 0};
        int sum = 0;
        for (int i = 1; i <= 10; i++) {
            sum += ip[i];
        }
        ip[6] = ~((sum & 0xFFFF) + (sum >>> 16)) & 0xFFFF;
        for (int i = 0; i < ip.length; i++) {
            frame[12 + 2 * i] = (byte) (ip[i] >>> 8);
            frame[13 + 2 * i] = (byte) ip[i];
        }
        return frame;
    }
}
