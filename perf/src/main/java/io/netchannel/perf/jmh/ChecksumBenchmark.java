package io.netchannel.perf.jmh;

import io.netchannel.channels.InternetChecksum;
import io.netchannel.kernel.memory.Region;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** The Internet checksum over bytes that the cache holds, at an even address; an IPv4 header, a page, a super-frame. */
public class ChecksumBenchmark extends StageBenchmark {

    private static final int PLACES = 16;
    /** Not a multiple of a cache line, so that lines are cut differently each time. */
    private static final int STEP_BYTES = 38;
    private static final long SEED = 5;

    @Param({"20", "64", "256", "1460", "4096", "65536"})
    int lengthBytes;

    private Region region;
    private long data;
    private int next;

    @Setup
    public void fill() {
        final byte[] bytes = new byte[lengthBytes + PLACES * STEP_BYTES];
        new Random(SEED).nextBytes(bytes);
        region = Region.create("checksum", bytes.length + 4096L);
        data = region.allocate(bytes.length, 64);
        region.memory().copyFromArray(bytes, 0, data, bytes.length);
    }

    @TearDown
    public void free() {
        region.close();
    }

    @Benchmark
    public int sum() {
        final int place = next++ & PLACES - 1;
        return InternetChecksum.sum(region.memory(), data + place * STEP_BYTES, lengthBytes, place);
    }
}
