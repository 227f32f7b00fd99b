package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.pressure.MemoryGauge;
import io.netchannel.kernel.pressure.MemoryReading;
import io.netchannel.samples.memcached.store.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory is short: the store gives pages back, and takes them again when it isn't. In virtual time. */
final class GiveBackTest {

    private static final long MIB = 1 << 20;
    private static final long LIMIT_BYTES = 1000 * MIB;
    private static final int VALUE_BYTES = 900;

    /** A machine that has what it had, and what the store has returned. */
    private static final class Machine implements MemoryGauge {

        private final Store store;
        private long baseBytes = LIMIT_BYTES / 2;

        private Machine(final Store store) {
            this.store = store;
        }

        @Override
        public String name() {
            return "machine";
        }

        @Override
        public MemoryReading read() {
            return new MemoryReading.Room(LIMIT_BYTES, availableBytes());
        }

        long availableBytes() {
            return Math.max(0, baseBytes + store.slabs().returnedBytes());
        }

        void leave(final long bytes) {
            baseBytes = bytes - store.slabs().returnedBytes();
        }
    }

    private static void fill(final TestServer server, final TestServer.Client client, final int keys) {
        final String value = "v".repeat(VALUE_BYTES);
        for (int key = 0; key < keys; key++) {
            assertThat(client.send("set k" + key + " 0 0 " + VALUE_BYTES + "\r\n" + value + "\r\n"))
                    .isEqualTo("STORED\r\n");
            if (key % 1000 == 0) {
                server.advanceSeconds(1);
            }
        }
    }

    private static boolean has(final TestServer.Client client, final String key) {
        return client.send("mg " + key + "\r\n").equals("HD\r\n");
    }

    @Test
    void shouldGiveBackTheOldestAndTellHowMuch() throws IOException {
        try (TestServer server = new TestServer("-m", "64")) {
            final TestServer.Client client = server.connect();
            final Machine machine = new Machine(server.store());
            server.watchMemory(machine);
            final int keys = 60_000;
            fill(server, client, keys);
            assertThat(server.store().slabs().allocatedBytes()).isEqualTo(64 * MIB);
            final long residentBefore = MemoryPressureTest.residentBytes();
            final long itemsBefore = server.store().itemCount();

            machine.leave(10 * MIB);
            server.advanceSeconds(2);
            machine.leave(70 * MIB);
            server.advanceSeconds(5);

            final String stats = client.send("stats pressure\r\n");
            final long given = MemoryPressureTest.stat(stats, "given_bytes");
            assertThat(given).isBetween(40 * MIB, 48 * MIB);
            assertThat(residentBefore - MemoryPressureTest.residentBytes()).isEqualTo(given);
            assertThat(MemoryPressureTest.stat(stats, "cache:given_bytes")).isEqualTo(given);
            assertThat(MemoryPressureTest.stat(stats, "slab_pages_given") * MIB).isEqualTo(given);
            assertThat(MemoryPressureTest.stat(stats, "limit_bytes")).isEqualTo(64 * MIB - given);
            assertThat(server.store().slabs().allocatedBytes()).isEqualTo(64 * MIB - given);
            // A page less is a page's worth of items less, and those the oldest.
            final long lost = itemsBefore - server.store().itemCount();
            assertThat(lost).isBetween(given / 1300, given / 900);
            assertThat(has(client, "k" + (keys - 1))).isTrue();
            assertThat(has(client, "k" + (keys - 10_000))).isTrue();
            assertThat(has(client, "k" + (keys - 40_000))).isFalse();
        }
    }

    @Test
    void shouldGiveBackFirstWhatAnswersHaveTaken() throws IOException {
        try (TestServer server = new TestServer("-m", "64", "-I", "8m")) {
            final TestServer.Client client = server.connect();
            final Machine machine = new Machine(server.store());
            server.watchMemory(machine);
            final int valueBytes = 6 << 20;
            client.send("set large 0 0 " + valueBytes + "\r\n" + "v".repeat(valueBytes) + "\r\n");
            assertThat(client.send("get large\r\n")).hasSizeGreaterThan(valueBytes);
            final long residentBefore = MemoryPressureTest.residentBytes("memcached-buffers");
            assertThat(residentBefore).as("what the answer took, in one piece").isGreaterThan(valueBytes);
            machine.leave(50 * MIB);
            server.pollMemory();
            final long given = MemoryPressureTest.stat(client.send("stats pressure\r\n"), "blocks-0:given_bytes");
            assertThat(given).isGreaterThan(valueBytes);
            assertThat(residentBefore - MemoryPressureTest.residentBytes("memcached-buffers")).isEqualTo(given);
        }
    }

    @Test
    void shouldTakeLittleForHalfRequests() throws IOException {
        try (TestServer server = new TestServer()) {
            final TestServer.Client client = server.connect();
            client.send("set a 0 0 1\r\nx\r\n");
            final long before = MemoryPressureTest.residentBytes("memcached-buffers");
            final int connections = 2000;
            final List<TestServer.Client> slow = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                slow.add(server.connect());
                assertThat(slow.get(i).send("get ")).isEmpty();
            }
            assertThat(MemoryPressureTest.residentBytes("memcached-buffers") - before).isLessThan(connections * 600L);
            for (final TestServer.Client each : slow) {
                final String key = "k".repeat(200) + " ";
                assertThat(each.send(key)).isEmpty();
                assertThat(each.send(key)).isEmpty();
                assertThat(each.send(key + "a\r\n")).as("longer than a small piece").isEqualTo(
                        "VALUE a 0 1\r\nx\r\nEND\r\n");
            }
        }
    }

    @Test
    void shouldStayWithinWhatItHasLeftAndGrowAgainLater() {
        try (TestServer server = new TestServer("-m", "32")) {
            final TestServer.Client client = server.connect();
            final Machine machine = new Machine(server.store());
            server.watchMemory(machine);
            fill(server, client, 30_000);
            machine.leave(75 * MIB);
            server.advanceSeconds(1);
            machine.leave(50 * MIB);
            server.advanceSeconds(5);
            assertThat(server.store().slabs().presentLimitBytes()).as("a quarter of -m is kept").isEqualTo(8 * MIB);
            fill(server, client, 10_000);
            assertThat(server.store().slabs().allocatedBytes()).isEqualTo(8 * MIB);
            machine.leave(500 * MIB);
            server.advanceSeconds(60);
            assertThat(server.store().slabs().presentLimitBytes()).isEqualTo(32 * MIB);
            fill(server, client, 30_000);
            assertThat(server.store().slabs().allocatedBytes()).isEqualTo(32 * MIB);
            MemoryPressureTest.assertNoChunkIsLost(server, client, 0);
        }
    }

    @Test
    void shouldGiveOnlyWhatIsEmptyWhenNothingMayBeEvicted() {
        try (TestServer server = new TestServer("-m", "16", "-M")) {
            final TestServer.Client client = server.connect();
            final Machine machine = new Machine(server.store());
            server.watchMemory(machine);
            final int keys = 10_000;
            fill(server, client, keys);
            machine.leave(10 * MIB);
            server.advanceSeconds(5);
            assertThat(server.store().slabs().returnedBytes()).isZero();
            for (int key = 0; key < keys; key += 2) {
                client.send("delete k" + key + "\r\n");
            }
            server.advanceSeconds(70);
            assertThat(server.store().slabs().returnedBytes()).isGreaterThanOrEqualTo(3 * MIB);
            for (int key = 1; key < keys; key += 2) {
                assertThat(has(client, "k" + key)).as("key %d", key).isTrue();
            }
        }
    }

    @Test
    void shouldLeaveRequestsAloneThatAreHalfThere() {
        try (TestServer server = new TestServer("-m", "16")) {
            final TestServer.Client client = server.connect();
            final Machine machine = new Machine(server.store());
            server.watchMemory(machine);
            final TestServer.Client slow = server.connect();
            slow.send("set half 0 0 " + VALUE_BYTES + "\r\n" + "h".repeat(VALUE_BYTES / 2));
            fill(server, client, 20_000);
            machine.leave(10 * MIB);
            server.advanceSeconds(3);
            // The page with the half request stays.
            assertThat(server.store().slabs().returnedBytes()).isEqualTo(12 * MIB);
            assertThat(slow.send("h".repeat(VALUE_BYTES - VALUE_BYTES / 2) + "\r\n")).isEqualTo("STORED\r\n");
            assertThat(client.send("get half\r\n")).contains("h".repeat(VALUE_BYTES));
            MemoryPressureTest.assertNoChunkIsLost(server, client, 0);
        }
    }

    @Test
    void shouldSayWhetherItGivesAnythingBack() {
        try (TestServer server = new TestServer()) {
            assertThat(server.connect().send("stats pressure\r\n")).isEqualTo("STAT pressure_enabled no\r\nEND\r\n");
            server.watchMemory();
            assertThat(server.connect().send("stats pressure\r\n")).startsWith(
                    "STAT pressure_enabled yes\r\nSTAT level none\r\nSTAT limit_bytes 67108864\r\n").contains(
                            "STAT heap:asks 0\r\n", "STAT cache:given_bytes 0\r\n");
        }
    }

    /** With sizes of all kinds, and memory that is short again and again: no wrong value, no chunk lost. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldServeNoWrongValueWhilePagesComeAndGo(final long seed) {
        try (TestServer server = new TestServer("-m", "64", "-R", "1000", "-f", "2")) {
            final TestServer.Client client = server.connect();
            final Machine machine = new Machine(server.store());
            server.watchMemory(machine);
            final SplittableRandom random = new SplittableRandom(seed);
            final CacheModel model = new CacheModel(random.split(), seed);
            for (int burst = 1; model.sets() < 100_000; burst++) {
                model.nextBurst();
                model.check(client.send(model.request()), server.seconds());
                if (burst % 100 == 0) {
                    machine.leave(random.nextInt(4) == 0 ? random.nextLong(80 * MIB) : 500 * MIB);
                    server.advanceSeconds(1 + random.nextInt(5));
                }
            }
            assertThat(server.store().slabs().returnedBytes()).as("seed " + seed).isGreaterThan(10 * MIB);
            MemoryPressureTest.assertNoChunkIsLost(server, client, seed);
        }
    }
}
