package io.netchannel.perf.jmh;

import io.netchannel.channels.flow.FlowKey;
import io.netchannel.channels.flow.FlowTable;
import io.netchannel.channels.flow.FlowTableReader;
import io.netchannel.channels.flow.RssHash;
import io.netchannel.kernel.memory.Region;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A look-up in the flow table by key and hash, as the classifier does it, in random order. The larger table doesn't fit
 * into the second level of the cache.
 */
public class FlowLookupBenchmark extends StageBenchmark {

    private static final int SAMPLES = 1 << 14;
    private static final int PORTS = 50_000;
    private static final int FIRST_PORT = 1_024;
    private static final long SERVER = FlowKey.v4Mapped(0x0A00_0001);
    private static final int CLIENTS = 0x0A01_0000;
    private static final int STRANGERS = 0x0A02_0000;
    private static final long SEED = 5;

    @Param({"1024", "65536"})
    int capacity;

    /** Flows in the table, of its capacity; it has twice as many slots. */
    @Param({"25", "50", "100"})
    int fillPercent;

    private final FlowKey key = new FlowKey().protocol(FlowKey.TCP).local(0, SERVER, 80);
    private final int[] hits = new int[SAMPLES];
    private final int[] hitHashes = new int[SAMPLES];
    private final int[] missHashes = new int[SAMPLES];
    private Region region;
    private FlowTableReader flows;
    private int next;

    @Setup
    public void fill() {
        final Random random = new Random(SEED);
        final byte[] secret = new byte[RssHash.KEY_BYTES];
        random.nextBytes(secret);
        final RssHash hash = new RssHash(secret);
        region = Region.create("flows", FlowTable.sizeBytes(capacity) + 4096);
        final FlowTable table = new FlowTable(region.memory(), region.allocate(FlowTable.sizeBytes(capacity), 128),
                capacity);
        final int count = capacity * fillPercent / 100;
        int inserted = 0;
        for (int i = 0; i < count; i++) {
            select(CLIENTS, i);
            inserted += table.insert(key, hash.hash(key), i) ? 1 : 0;
        }
        if (inserted < count - count / 100) {
            throw new IllegalStateException(inserted + " of " + count + " flows found room");
        }
        flows = table.newReader();
        for (int i = 0; i < SAMPLES; i++) {
            hits[i] = random.nextInt(count);
            select(CLIENTS, hits[i]);
            hitHashes[i] = hash.hash(key);
            select(STRANGERS, hits[i]);
            missHashes[i] = hash.hash(key);
        }
    }

    private void select(final int network, final int number) {
        key.remoteV4(network + number / PORTS, FIRST_PORT + number % PORTS);
    }

    @TearDown
    public void free() {
        region.close();
    }

    @Benchmark
    public int hit() {
        final int sample = next++ & SAMPLES - 1;
        select(CLIENTS, hits[sample]);
        return flows.find(key, hitHashes[sample]) ? flows.flowId() : FlowTable.NONE;
    }

    @Benchmark
    public boolean miss() {
        final int sample = next++ & SAMPLES - 1;
        select(STRANGERS, hits[sample]);
        return flows.find(key, missHashes[sample]);
    }
}
