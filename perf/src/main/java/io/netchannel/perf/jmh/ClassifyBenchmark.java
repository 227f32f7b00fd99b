package io.netchannel.perf.jmh;

import io.netchannel.channels.DropCounters;
import io.netchannel.channels.flow.FlowClassifier;
import io.netchannel.channels.flow.FlowFilter;
import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.ListenerTable;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.channels.flow.RssIndirection;
import io.netchannel.channels.flow.Verdict;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.Region;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A frame with 512 bytes of payload to its flow: headers, hash, table, metadata. 64 flows take turns.
 */
public class ClassifyBenchmark extends StageBenchmark {

    private static final int FRAMES = 64;
    private static final int PAYLOAD_BYTES = 512;
    private static final int FIRST_PORT = 40_000;
    private static final int BUFFER_BYTES = 2048;
    private static final int HEADROOM_BYTES = 64;
    private static final long SEED = 5;

    /** What a frame holds. */
    public enum Traffic {
        TCP_V4(FlowKey.TCP, false), UDP_V4(FlowKey.UDP, false), TCP_V6(FlowKey.TCP, true), UDP_V6(FlowKey.UDP, true);

        private final int protocol;
        private final boolean ipv6;

        Traffic(final int protocol, final boolean ipv6) {
            this.protocol = protocol;
            this.ipv6 = ipv6;
        }
    }

    /** Whether the device vouches for the transport checksum, or it is added up. */
    public enum Checksum {
        VOUCHED, VERIFIED
    }

    @Param
    Traffic traffic;

    @Param
    Checksum checksum;

    private final long[] frames = new long[FRAMES];
    private Region region;
    private FlowClassifier classifier;
    private int next;

    @Setup
    public void makeFrames() {
        final int flows = 2 * FRAMES;
        region = Region.create("classify", PacketMemory.requiredBytes(FRAMES, BUFFER_BYTES)
                + FlowTable.sizeBytes(flows) + 4096);
        final PacketMemory packets = new PacketMemory(region, FRAMES, BUFFER_BYTES);
        final FlowTable table = new FlowTable(region.memory(), region.allocate(FlowTable.sizeBytes(flows), 128), flows);
        final byte[] secret = new byte[RssHash.KEY_BYTES];
        new Random(SEED).nextBytes(secret);
        final RssHash hash = new RssHash(secret);
        classifier = new FlowClassifier(packets, hash, new RssIndirection(1), new ListenerTable(),
                new FlowTable[]{table}, FlowFilter.PERMIT_ALL, new DropCounters());
        final BenchmarkFrames writer = new BenchmarkFrames(packets.memory(), traffic.ipv6, traffic.protocol);
        final FlowKey key = new FlowKey();
        for (int i = 0; i < FRAMES; i++) {
            writer.writeKey(key, FIRST_PORT + i);
            table.insert(key, hash.hash(key), i);
            final int bytes = writer.write(packets.bufferAddress(i) + HEADROOM_BYTES, 0x0200_0000_0002L,
                    0x0200_0000_0001L, FIRST_PORT + i, PAYLOAD_BYTES);
            packets.resetMetadata(i);
            packets.flags(i, checksum == Checksum.VOUCHED ? PacketLayout.FLAG_CHECKSUM_VALID : 0);
            frames[i] = PacketHandle.of(i, HEADROOM_BYTES, bytes);
            requireDelivered(i);
        }
    }

    private void requireDelivered(final int flow) {
        final int verdict = classifier.classify(frames[flow]);
        if (verdict != Verdict.DELIVER || classifier.flowId() != flow) {
            throw new IllegalStateException("frame " + flow + ": " + Verdict.toString(verdict));
        }
    }

    @TearDown
    public void free() {
        region.close();
    }

    @Benchmark
    public int classify() {
        return classifier.classify(frames[next++ & FRAMES - 1]) + classifier.flowId();
    }
}
