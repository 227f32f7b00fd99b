package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.store.Slabs;
import io.netchannel.samples.memcached.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More data than there is memory for, through the parser, in virtual time. */
final class MemoryPressureTest {

    private static final long LIMIT_BYTES = 64L << 20;
    private static final int SETS = 1_000_000;
    private static final int BURSTS_PER_SECOND = 100;
    private static final Pattern STAT = Pattern.compile("STAT (\\S+) (\\S+)\r\n");

    @ParameterizedTest
    @ValueSource(longs = 20_261_121)
    void shouldServeNoWrongValueAndStayWithinItsMemory(final long seed) throws IOException {
        try (TestServer server = new TestServer("-m", "64", "-R", "1000")) {
            final TestServer.Client client = server.connect();
            final CacheModel model = new CacheModel(new SplittableRandom(seed), seed);
            model.setWitnesses();
            model.check(client.send(model.request()), server.seconds());
            for (int burst = 1; model.sets() < SETS; burst++) {
                model.nextBurst();
                model.check(client.send(model.request()), server.seconds());
                if (burst % BURSTS_PER_SECOND == 0) {
                    assertWithinLimit(server.store(), seed);
                    server.advanceSeconds(1);
                }
            }
            assertThat(residentBytes()).as("seed " + seed).isBetween(1L, LIMIT_BYTES);
            model.assertUntouchedAreGone(key -> client.send("mg k" + key + "\r\n").equals("EN\r\n"));
            assertCounters(client, model, seed);
            assertEveryItemIsKnown(server, client, model, seed);
            assertNoChunkIsLost(server, client, seed);
        }
    }

    private static void assertWithinLimit(final Store store, final long seed) {
        long pages = 0;
        for (int id = Slabs.GLOBAL_POOL; id <= store.slabs().largestClass(); id++) {
            pages += store.slabs().pages(id);
        }
        assertThat(store.slabs().allocatedBytes()).as("seed " + seed).isLessThanOrEqualTo(LIMIT_BYTES)
                .isEqualTo(pages * Settings.PAGE_BYTES);
        assertThat(store.itemBytes()).as("seed " + seed).isLessThanOrEqualTo(LIMIT_BYTES);
    }

    /** Of the slabs' memory, as the kernel counts it. */
    static long residentBytes() throws IOException {
        return residentBytes("memcached-slabs");
    }

    static long residentBytes(final String region) throws IOException {
        long kib = 0;
        boolean counts = false;
        for (final String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.startsWith("Rss:") && counts) {
                kib += Long.parseLong(line.replaceAll("\\D", ""));
            } else if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                counts = line.contains(region);
            }
        }
        return kib << 10;
    }

    static long stat(final String stats, final String name) {
        final Matcher matcher = STAT.matcher(stats);
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return Long.parseLong(matcher.group(2));
            }
        }
        throw new AssertionError("no " + name + " in " + stats);
    }

    private static void assertCounters(final TestServer.Client client, final CacheModel model, final long seed) {
        final String stats = client.send("stats\r\n");
        final CacheModel.Counts counts = model.counts();
        assertThat(stat(stats, "cmd_set")).as("seed " + seed).isEqualTo(model.sets());
        assertThat(stat(stats, "total_items")).as("seed " + seed).isEqualTo(counts.stored);
        assertThat(stat(stats, "store_no_memory")).as("seed " + seed).isEqualTo(model.sets() - counts.stored);
        assertThat(stat(stats, "get_hits")).as("seed " + seed).isEqualTo(counts.hits);
        assertThat(stat(stats, "cmd_touch")).as("seed " + seed).isEqualTo(counts.touches);
        assertThat(stat(stats, "touch_hits")).as("seed " + seed).isEqualTo(counts.touchHits);
        assertThat(stat(stats, "delete_hits")).as("seed " + seed).isEqualTo(counts.deleteHits);
        assertThat(stat(stats, "delete_misses")).as("seed " + seed).isEqualTo(counts.deletes - counts.deleteHits);
        assertThat(stat(stats, "evictions")).as("seed " + seed).isPositive();
        // Otherwise the test is about less than it says.
        assertThat(counts.hits).as("seed " + seed).isGreaterThan(SETS / 20);
        assertThat(stat(stats, "reclaimed") + stat(stats, "crawler_reclaimed")).as("seed " + seed).isPositive();
        assertThat(counts.stored).as("seed " + seed).isGreaterThan(SETS * 99L / 100);
    }

    /** The count of items is that of the keys which are answered, once what has expired is collected. */
    private static void assertEveryItemIsKnown(final TestServer server, final TestServer.Client client,
            final CacheModel model, final long seed) {
        server.advanceSeconds(CacheModel.MAX_TTL_SECONDS + 1);
        client.send("lru_crawler crawl all\r\n");
        server.advanceSeconds(60);
        final long before = model.counts().hits;
        for (int key = 0; key < CacheModel.FIRST_UNTOUCHED; key++) {
            model.get(key);
            if (key % CacheModel.REQUESTS_PER_BURST == 0 || key == CacheModel.FIRST_UNTOUCHED - 1) {
                model.check(client.send(model.request()), server.seconds());
            }
        }
        assertThat(stat(client.send("stats\r\n"), "curr_items")).as("seed " + seed)
                .isEqualTo(model.counts().hits - before).isEqualTo(server.store().itemCount());
    }

    static void assertNoChunkIsLost(final TestServer server, final TestServer.Client client,
            final long seed) {
        client.send("flush_all\r\n");
        server.advanceSeconds(2);
        client.send("lru_crawler crawl all\r\n");
        server.advanceSeconds(60);
        final Slabs slabs = server.store().slabs();
        for (int id = Slabs.FIRST_CLASS; id <= slabs.largestClass(); id++) {
            assertThat(slabs.freeChunks(id)).as("class " + id + ", seed " + seed)
                    .isEqualTo(slabs.pages(id) * slabs.chunksPerPage(id));
        }
        assertThat(server.store().itemBytes()).as("seed " + seed).isZero();
    }

    @Test
    void shouldEvictTheOldestOfItsSizeFirst() {
        try (TestServer server = new TestServer("-m", "8")) {
            final TestServer.Client client = server.connect();
            final int keys = 30_000;
            for (int key = 0; key < keys; key++) {
                assertThat(client.send("set n" + key + " 0 0 500\r\n" + "v".repeat(500) + "\r\n"))
                        .isEqualTo("STORED\r\n");
                if (key % 1000 == 0) {
                    server.advanceSeconds(1);
                }
            }
            final List<Integer> kept = new ArrayList<>();
            for (int key = 0; key < keys; key++) {
                if (client.send("mg n" + key + "\r\n").equals("HD\r\n")) {
                    kept.add(key);
                }
            }
            // Nothing was touched, so age alone decides: what is left are the last ones, without a gap.
            assertThat(kept).hasSizeBetween(8000, keys - 8000);
            assertThat(kept.getFirst()).isEqualTo(keys - kept.size());
            assertThat(kept.getLast()).isEqualTo(keys - 1);
        }
    }

    @Test
    void shouldKeepWhatIsTouchedAmongManyThatAreNot() {
        try (TestServer server = new TestServer("-m", "8")) {
            final TestServer.Client client = server.connect();
            final String value = "v".repeat(500) + "\r\n";
            client.send("set touched 0 0 500\r\n" + value + "set untouched 0 0 500\r\n" + value);
            for (int key = 0; key < 100_000; key++) {
                client.send("set n" + key + " 0 0 500\r\n" + value);
                if (key % 1000 == 0) {
                    server.advanceSeconds(1);
                    assertThat(client.send("get touched\r\n")).isEqualTo("VALUE touched 0 500\r\n" + value + "END\r\n");
                }
            }
            assertThat(client.send("get untouched\r\n")).isEqualTo("END\r\n");
            assertThat(client.send("get n0\r\n")).isEqualTo("END\r\n");
            assertThat(client.send("get n99999\r\n")).endsWith("END\r\n").startsWith("VALUE");
        }
    }
}
