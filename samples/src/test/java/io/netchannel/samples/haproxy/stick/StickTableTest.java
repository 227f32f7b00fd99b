package io.netchannel.samples.haproxy.stick;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.expression.Addresses;
import io.netchannel.samples.haproxy.expression.Value;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class StickTableTest {

    private static final long NOW = 1_700_000_000_000L;

    private static StickTable table(final TableConfig.KeyType type, final int length, final long size,
            final long expireMs, final boolean noPurge, final Map<DataType, TableConfig.Store> stores) {
        return new StickTable(new TableConfig("t", type, length, size, expireMs, noPurge, stores, false, "f", 1));
    }

    private static StickTable integers(final long size, final long expireMs, final boolean noPurge) {
        return table(TableConfig.KeyType.INTEGER, 4, size, expireMs, noPurge,
                Map.of(DataType.GPC0, new TableConfig.Store(1, 0)));
    }

    private static Value.Int key(final long number) {
        return new Value.Int(number);
    }

    @Test
    void shouldKeepEntriesApartByKey() {
        final StickTable table = integers(10, 1_000, false);
        assertThat(table.find(key(1), NOW)).isNull();
        table.findOrCreate(key(1), NOW).add("gpc0", 5, NOW);
        table.findOrCreate(key(2), NOW).add("gpc0", 7, NOW);
        assertThat(table.find(key(1), NOW).get("gpc0", NOW)).isEqualTo(5);
        assertThat(table.find(key(2), NOW).get("gpc0", NOW)).isEqualTo(7);
        assertThat(table.find(key(1), NOW).get("gpc1", NOW)).isNull();
        assertThat(table.available()).isEqualTo(8);
    }

    @Test
    void shouldTakeKeysOfEachType() throws Exception {
        final InetAddress v4 = InetAddress.ofLiteral("10.1.2.3");
        final StickTable ip = table(TableConfig.KeyType.IP, 4, 5, 0, false, Map.of());
        ip.findOrCreate(new Value.Ip(v4), NOW);
        assertThat(ip.find(new Value.Str("10.1.2.3"), NOW)).isNotNull();
        assertThat(ip.find(new Value.Int(0x0a010203), NOW)).isNotNull();
        final StickTable ip6 = table(TableConfig.KeyType.IPV6, 16, 5, 0, false, Map.of());
        ip6.findOrCreate(new Value.Ip(InetAddress.ofLiteral("2001:db8::1")), NOW);
        assertThat(ip6.find(new Value.Str("2001:db8::1"), NOW)).isNotNull();
        final StickTable text = table(TableConfig.KeyType.STRING, 3, 5, 0, false, Map.of());
        text.findOrCreate(new Value.Str("abcdef"), NOW);
        assertThat(text.find(new Value.Str("abc"), NOW)).isSameAs(text.find(new Value.Str("abcxyz"), NOW)).isNotNull();
        final StickTable binary = table(TableConfig.KeyType.BINARY, 4, 5, 0, false, Map.of());
        binary.findOrCreate(new Value.Bin(new byte[]{1, 2}), NOW);
        assertThat(binary.find(new Value.Bin(new byte[]{1, 2, 0, 0}), NOW)).isNotNull();
        assertThat(binary.find(new Value.Bin(new byte[]{1, 2, 0, 1}), NOW)).isNull();
        for (final StickTable table : new StickTable[]{ip, ip6, text, binary}) {
            final StickEntry entry = table.entries(NOW).getFirst();
            assertThat(table.find(entry.key(), NOW)).isSameAs(entry);
        }
        final StickTable number = integers(5, 0, false);
        number.findOrCreate(key(-1), NOW);
        assertThat(number.find(key(0xffff_ffffL), NOW)).isNotNull();
    }

    @Test
    void shouldForgetWhatNobodyTouched() {
        final StickTable table = integers(10, 1_000, false);
        table.findOrCreate(key(1), NOW);
        table.findOrCreate(key(2), NOW + 300);
        table.find(key(1), NOW + 500).add("gpc0", 1, NOW + 500);
        assertThat(table.used(NOW + 1_299)).isEqualTo(2);
        assertThat(table.find(key(2), NOW + 1_300)).isNull();
        assertThat(table.find(key(1), NOW + 1_499)).isNotNull();
        assertThat(table.used(NOW + 1_500)).isZero();
    }

    @Test
    void shouldPurgeTheOldestWhenFull() {
        final StickTable table = integers(3, 10_000, false);
        for (int i = 1; i <= 3; i++) {
            table.findOrCreate(key(i), NOW + i);
        }
        table.find(key(1), NOW + 10).add("gpc0", 1, NOW + 10);
        assertThat(table.findOrCreate(key(4), NOW + 20)).isNotNull();
        assertThat(table.find(key(2), NOW + 20)).isNull();
        assertThat(table.find(key(1), NOW + 20)).isNotNull();
        assertThat(table.used(NOW + 20)).isEqualTo(3);
    }

    @Test
    void shouldRefuseNewEntriesWhenFullAndNotToPurge() {
        final StickTable table = integers(1, 10_000, true);
        table.findOrCreate(key(1), NOW);
        assertThat(table.findOrCreate(key(2), NOW)).isNull();
        assertThat(table.findOrCreate(key(1), NOW)).isNotNull();
    }

    @Test
    void shouldNeitherPurgeNorExpireWhatIsTracked() {
        final StickTable table = integers(1, 1_000, false);
        final TrackedCounters session = TrackedCounters.ofSession();
        session.track(0, table.findOrCreate(key(1), NOW), false, NOW);
        assertThat(table.findOrCreate(key(2), NOW)).isNull();
        assertThat(table.find(key(1), NOW + 5_000)).isNotNull();
        session.release(NOW + 5_000);
        assertThat(table.find(key(1), NOW + 5_000)).isNull();
    }

    /** Without conn_cur a release changes nothing, and so the entry's end is where it was. */
    @Test
    void shouldForgetWhatWasReleasedInItsTime() {
        final StickTable table = integers(10, 1_000, false);
        final TrackedCounters session = TrackedCounters.ofSession();
        session.track(0, table.findOrCreate(key(1), NOW), false, NOW);
        table.findOrCreate(key(2), NOW + 300);
        session.release(NOW + 500);
        assertThat(table.find(key(1), NOW + 999)).isNotNull();
        assertThat(table.entries(NOW + 1_000).stream().map(entry -> entry.key)).containsExactly(2);
        assertThat(table.find(key(1), NOW + 1_000)).isNull();
        assertThat(table.find(key(2), NOW + 1_299)).isNotNull();
        assertThat(table.used(NOW + 1_300)).isZero();
    }

    @Test
    void shouldCountConnectionsRequestsAndBytesOfWhatIsTracked() {
        final Map<DataType, TableConfig.Store> stores = new EnumMap<>(DataType.class);
        for (final DataType type : List.of(DataType.CONN_CNT, DataType.CONN_CUR, DataType.SESS_CNT,
                DataType.HTTP_REQ_CNT, DataType.HTTP_ERR_CNT, DataType.HTTP_FAIL_CNT, DataType.BYTES_IN_CNT,
                DataType.BYTES_OUT_CNT)) {
            stores.put(type, new TableConfig.Store(1, 0));
        }
        stores.put(DataType.HTTP_REQ_RATE, new TableConfig.Store(1, 10_000));
        final StickTable table = table(TableConfig.KeyType.STRING, 31, 10, 60_000, false, stores);
        final StickEntry entry = table.findOrCreate(new Value.Str("a"), NOW);
        final TrackedCounters session = TrackedCounters.ofSession();
        session.track(1, entry, false, NOW);
        session.countSession(NOW);
        final TrackedCounters stream = session.forStream();
        stream.countRequest(NOW);
        stream.countRequest(NOW + 10);
        stream.countError(NOW);
        stream.countFailure(NOW);
        stream.countBytes(100, 5_000_000_000L, NOW);
        assertThat(stream.get(1)).isSameAs(entry);
        assertThat(stream.isTracked(1)).isFalse();
        assertThat(values(entry, "conn_cnt", "conn_cur", "sess_cnt", "http_req_cnt", "http_req_rate", "http_err_cnt",
                "http_fail_cnt", "bytes_in_cnt", "bytes_out_cnt")).containsExactly(1L, 1L, 1L, 2L, 2L, 1L, 1L, 100L,
                        5_000_000_000L);
        assertThat(entry.trackers()).isEqualTo(1);
        stream.release(NOW);
        session.release(NOW);
        assertThat(values(entry, "conn_cnt", "conn_cur")).containsExactly(1L, 0L);
        assertThat(entry.trackers()).isZero();
    }

    private static List<Long> values(final StickEntry entry, final String... types) {
        return List.of(types).stream().map(type -> entry.get(type, NOW)).toList();
    }

    @Test
    void shouldFindArraysUnderBothTheirNames() {
        final Map<DataType, TableConfig.Store> stores = new EnumMap<>(DataType.class);
        stores.put(DataType.GPC, new TableConfig.Store(3, 0));
        stores.put(DataType.GPC_RATE, new TableConfig.Store(2, 5_000));
        stores.put(DataType.GPT, new TableConfig.Store(2, 0));
        final StickEntry entry = table(TableConfig.KeyType.INTEGER, 4, 10, 0, false, stores).findOrCreate(key(1), NOW);
        entry.add("gpc(2)", 4, NOW);
        entry.add("gpc1", 3, NOW);
        entry.add("gpc_rate(1)", 2, NOW);
        entry.set("gpt(1)", 0x1_0000_0007L, NOW);
        assertThat(values(entry, "gpc(0)", "gpc(1)", "gpc(2)", "gpc1_rate", "gpt(1)", "gpt0")).containsExactly(0L, 3L,
                4L, 2L, 7L, 0L);
        assertThat(entry.get("gpc(3)", NOW)).isNull();
        assertThat(DataType.GPC_RATE.element(1)).isEqualTo("gpc1_rate");
    }

    @Test
    void shouldSetARateThatThenFades() {
        final StickEntry entry = table(TableConfig.KeyType.INTEGER, 4, 10, 0, false,
                Map.of(DataType.CONN_RATE, new TableConfig.Store(1, 1_000))).findOrCreate(key(1), NOW);
        entry.set("conn_rate", 40, NOW);
        assertThat(entry.get("conn_rate", NOW)).isEqualTo(40);
        assertThat(entry.get("conn_rate", NOW + 1_500)).isEqualTo(20);
        assertThat(entry.get("conn_rate", NOW + 2_000)).isZero();
    }

    @Test
    void shouldListEntriesInTheOrderOfTheirBytes() {
        final StickTable table = integers(10, 0, false);
        for (final long number : new long[]{256, 1, 2}) {
            table.findOrCreate(key(number), NOW);
        }
        assertThat(table.entries(NOW).stream().map(entry -> entry.key)).containsExactly(256, 1, 2);
    }

    /** The JDK adds up an IPv6 address's words: of these, with one sum, each would be compared with all. */
    @Test
    void shouldNotHashAddressesOfOneNetworkAlike() {
        final TableConfig config = table(TableConfig.KeyType.IPV6, 16, 10, 0, false, Map.of()).config();
        final Set<Integer> hashes = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            final InetAddress address = Addresses.of(
                    ByteBuffer.allocate(16).putInt(0x20010db8).putInt(0).putInt(i).putInt(-i).array());
            final Object key = StickKeys.key(new Value.Ip(address), config);
            assertThat(key).isInstanceOf(Comparable.class);
            hashes.add(key.hashCode());
        }
        assertThat(hashes.size()).isGreaterThan(900);
    }

    /** Against a map of keys and their ends: the same are found, whatever is touched, tracked and released. */
    @Test
    void shouldFindWhatAPlainMapWould() {
        for (int seed = 0; seed < 200; seed++) {
            final Random random = new Random(seed);
            final long expireMs = 1 + random.nextInt(500);
            final StickTable table = integers(1_000, expireMs, false);
            final Map<Long, Long> ends = new HashMap<>();
            final Map<Long, TrackedCounters> tracked = new HashMap<>();
            long now = NOW;
            for (int step = 0; step < 300; step++) {
                now += random.nextInt(40);
                final long number = random.nextInt(20);
                final long time = now;
                final TrackedCounters follower = tracked.remove(number);
                if (follower != null) {
                    follower.release(now);
                } else if (random.nextInt(3) == 0) {
                    tracked.put(number, TrackedCounters.ofSession());
                    tracked.get(number).track(0, table.findOrCreate(key(number), now), false, now);
                    ends.put(number, now + expireMs);
                } else if (random.nextBoolean()) {
                    table.findOrCreate(key(number), now).add("gpc0", 1, now);
                    ends.put(number, now + expireMs);
                }
                ends.entrySet().removeIf(end -> end.getValue() <= time && !tracked.containsKey(end.getKey()));
                final List<Long> found = LongStream.range(0, 20).boxed().filter(i -> table.find(key(i), time) != null)
                        .toList();
                assertThat(found).as("seed %d step %d", seed, step).containsExactlyInAnyOrderElementsOf(ends.keySet());
            }
        }
    }
}
