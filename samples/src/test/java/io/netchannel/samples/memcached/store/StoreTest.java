package io.netchannel.samples.memcached.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.memcached.options.Settings;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreTest {

    private static final long SECOND_NS = 1_000_000_000L;
    private static final int BUFFER_BYTES = 2 << 20;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES);
    private final MemorySegment keyBuffer = arena.allocate(256);
    private final Settings settings = new Settings();
    private final List<String> evicted = new ArrayList<>();
    private Store store;
    private Updates updates;
    private long nowNs;

    private Store open() {
        store = new Store(settings, new StoreClock(0, 1_700_000_000L), 42, 0, new Recorder());
        updates = new Updates(store, arena.allocate(Updates.MAX_NUMBER_BYTES).address());
        return store;
    }

    private final class Recorder implements StoreListener {
        @Override
        public boolean wantsGets() {
            return false;
        }

        @Override
        public void onGet(final long key, final int keyBytes, final int result, final long item) {
            throw new AssertionError("not wanted");
        }

        @Override
        public boolean wantsStores() {
            return false;
        }

        @Override
        public void onStore(final long key, final int keyBytes, final StoreResult result, final StoreMode mode,
                final long item) {
            throw new AssertionError("not wanted");
        }

        @Override
        public boolean wantsEvictions() {
            return true;
        }

        @Override
        public void onEvict(final long item) {
            final byte[] key = new byte[Item.keyBytes(item)];
            Item.MEMORY.copyToArray(Item.key(item), key, 0, key.length);
            evicted.add(new String(key, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void onSystemEvent(final String text) {
            // Of no interest here.
        }
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
        arena.close();
    }

    private void advance(final int seconds) {
        final long endNs = nowNs + seconds * SECOND_NS;
        while (nowNs < endNs) {
            nowNs = Math.min(endNs, nowNs + SECOND_NS / 10);
            store.clock().advance(nowNs);
            store.maintainer().run(nowNs);
        }
    }

    private int key(final String key) {
        final byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
        Item.MEMORY.copyFromArray(bytes, 0, keyBuffer.address(), bytes.length);
        return bytes.length;
    }

    private StoreResult put(final String key, final String value, final StoreMode mode, final int expiry) {
        final int keyBytes = key(key);
        final byte[] bytes = (value + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        final long item = store.allocate(keyBuffer.address(), keyBytes, 7, store.clock().expiry(expiry), bytes.length);
        if (item == Item.NONE) {
            return StoreResult.NO_MEMORY;
        }
        Item.MEMORY.copyFromArray(bytes, 0, buffer.address(), bytes.length);
        int filled = 0;
        while (filled < bytes.length) {
            // In pieces, as it comes over a network.
            final int count = Math.min(bytes.length - filled, 1460);
            if (!store.values().append(item, filled, buffer.address() + filled, count)) {
                store.free(item);
                return StoreResult.NO_MEMORY;
            }
            filled += count;
        }
        assertThat(Values.endsLine(item)).isTrue();
        return updates.store(item, mode, false);
    }

    private StoreResult set(final String key, final String value) {
        return put(key, value, StoreMode.SET, 0);
    }

    private String get(final String key) {
        final long item = store.get(keyBuffer.address(), key(key), true);
        if (item == Item.NONE) {
            return null;
        }
        final int length = Item.valueBytes(item);
        Values.copy(item, buffer.address(), length);
        final byte[] bytes = new byte[length - Item.END_BYTES];
        Item.MEMORY.copyToArray(buffer.address(), bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private boolean delete(final String key) {
        final long item = store.get(keyBuffer.address(), key(key), false);
        if (item != Item.NONE) {
            store.remove(item);
        }
        return item != Item.NONE;
    }

    private static String text(final SplittableRandom random, final int length) {
        final char[] characters = new char[length];
        for (int i = 0; i < length; i++) {
            characters[i] = (char) ('a' + random.nextInt(26));
        }
        return new String(characters);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldHoldWhatAMapHoldsWhileThereIsRoom(final long seed) {
        settings.chunkMaxBytes = 4096;
        open();
        final SplittableRandom random = new SplittableRandom(seed);
        final Map<String, String> model = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            final String key = "key" + random.nextInt(300);
            final String value = text(random, random.nextInt(20) == 0 ? random.nextInt(20_000) : random.nextInt(100));
            final String old = model.get(key);
            switch (random.nextInt(8)) {
                case 0, 1 -> {
                    assertThat(set(key, value)).isEqualTo(StoreResult.STORED);
                    model.put(key, value);
                }
                case 2 -> {
                    final boolean added = put(key, value, StoreMode.ADD, 0) == StoreResult.STORED;
                    assertThat(added).as("seed " + seed).isEqualTo(old == null);
                    model.putIfAbsent(key, value);
                }
                case 3 -> {
                    final boolean replaced = put(key, value, StoreMode.REPLACE, 0) == StoreResult.STORED;
                    assertThat(replaced).as("seed " + seed).isEqualTo(old != null);
                    model.replace(key, value);
                }
                case 4, 5 -> {
                    final boolean append = random.nextBoolean();
                    final boolean stored = (old == null || old.length() < 100_000)
                            && put(key, value, append ? StoreMode.APPEND : StoreMode.PREPEND, 0) == StoreResult.STORED;
                    if (stored) {
                        model.put(key, append ? old + value : value + old);
                    }
                }
                case 6 -> assertThat(delete(key)).as("seed " + seed).isEqualTo(model.remove(key) != null);
                default -> assertThat(get(key)).as("seed " + seed).isEqualTo(old);
            }
            if (i % 1000 == 0) {
                advance(1);
            }
        }
        model.forEach((key, value) -> assertThat(get(key).equals(value)).as("seed " + seed + " " + key).isTrue());
        assertThat(store.itemCount()).isEqualTo(model.size());
        assertThat(evicted).isEmpty();
        model.keySet().forEach(this::delete);
        assertNothingIsUsed();
    }

    private void assertNothingIsUsed() {
        assertThat(store.itemCount()).isZero();
        assertThat(store.itemBytes()).isZero();
        for (int id = Slabs.FIRST_CLASS; id <= store.slabs().largestClass(); id++) {
            assertThat(store.slabs().freeChunks(id))
                    .isEqualTo(store.slabs().pages(id) * store.slabs().chunksPerPage(id));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldKeepItsLimitAndServeNoWrongValue(final long seed) {
        open();
        final SplittableRandom random = new SplittableRandom(seed);
        final Map<String, Integer> versions = new HashMap<>();
        for (int i = 0; i < 60_000; i++) {
            final String key = "key" + random.nextInt(20_000);
            if (random.nextInt(4) == 0) {
                final String value = get(key);
                if (value != null) {
                    assertThat(value).as("seed " + seed).startsWith(key + ":" + versions.get(key) + ":");
                }
            } else if (random.nextInt(4) == 0) {
                // Whatever page moves and evictions that takes: the rest of the value must come with it.
                put(key, "x".repeat(random.nextInt(20_000)), StoreMode.APPEND, 0);
            } else {
                final int size = random.nextInt(100) == 0 ? random.nextInt(700_000) : random.nextInt(3000);
                if (set(key, key + ":" + i + ":" + "x".repeat(size)) == StoreResult.STORED) {
                    versions.put(key, i);
                } else {
                    delete(key);
                }
            }
            if (i % 500 == 0) {
                advance(1);
            }
            assertThat(store.slabs().allocatedBytes()).isLessThanOrEqualTo(settings.maxBytes);
        }
        assertThat(evicted).isNotEmpty();
        assertThat(store.counters().get(StoreCounter.SLABS_MOVED)).isPositive();
    }

    @Test
    void shouldEvictTheOldestWithoutSegments() {
        settings.maxBytes = 2L << 20;
        settings.lruSegmented = false;
        settings.lruMaintainer = false;
        open();
        final int count = 60;
        for (int i = 0; i < count; i++) {
            set("key" + i, "x".repeat(66_000));
        }
        assertThat(evicted).isNotEmpty();
        for (int i = 0; i < evicted.size(); i++) {
            assertThat(evicted.get(i)).isEqualTo("key" + i);
        }
        for (int i = 0; i < count; i++) {
            assertThat(get("key" + i) != null).isEqualTo(i >= evicted.size());
        }
    }

    @Test
    void shouldKeepWhatIsUsedTwiceFromEviction() {
        settings.maxBytes = 6L << 20;
        open();
        set("canary", "x".repeat(66_000));
        set("unused", "x".repeat(66_000));
        for (int i = 0; i < 100; i++) {
            if (i == 30) {
                advance(1);
                get("canary");
                get("canary");
                advance(1);
            }
            set("key" + i, "x".repeat(66_000));
        }
        assertThat(evicted).contains("unused").doesNotContain("canary");
        assertThat(get("canary")).isNotNull();
    }

    @Test
    void shouldEvictNothingWhenItMustNot() {
        settings.maxBytes = 2L << 20;
        settings.evict = false;
        open();
        StoreResult result = StoreResult.STORED;
        int stored = 0;
        for (; result == StoreResult.STORED; stored++) {
            result = set("key" + stored, "x".repeat(8000));
        }
        assertThat(result).isEqualTo(StoreResult.NO_MEMORY);
        for (int i = 0; i < stored - 1; i++) {
            assertThat(get("key" + i)).isNotNull();
        }
    }

    @Test
    void shouldExpireToTheSecond() {
        open();
        put("short", "v", StoreMode.SET, 10);
        put("date", "v", StoreMode.SET, 1_700_000_020);
        put("past", "v", StoreMode.SET, 1_600_000_000);
        put("ever", "v", StoreMode.SET, 0);
        put("never", "v", StoreMode.SET, -1);
        assertThat(get("past")).isNull();
        assertThat(get("never")).isNull();
        advance(9);
        assertThat(get("short")).isNotNull();
        advance(1);
        assertThat(get("short")).isNull();
        advance(9);
        assertThat(get("date")).isNotNull();
        advance(1);
        assertThat(get("date")).isNull();
        assertThat(get("ever")).isNotNull();
        assertThat(store.counters().get(StoreCounter.GET_EXPIRED)).isPositive();
    }

    @Test
    void shouldRemoveWhatHasExpiredWithoutBeingAsked() {
        open();
        for (int i = 0; i < 1000; i++) {
            put("key" + i, "v", StoreMode.SET, i % 2 == 0 ? 5 : 0);
        }
        advance(300);
        assertThat(store.itemCount()).isEqualTo(500);
    }

    @Test
    void shouldFlushWhatIsOlder() {
        open();
        set("old", "v");
        store.flush(0);
        assertThat(get("old")).isNull();
        set("new", "v");
        assertThat(get("new")).isNotNull();
        store.flush(store.clock().expiry(5));
        assertThat(get("new")).isNotNull();
        advance(5);
        assertThat(get("new")).isNull();
    }

    @Test
    void shouldMoveAPageWithWhatIsInIt() {
        settings.maxBytes = 64L << 20;
        settings.chunkMaxBytes = 4096;
        settings.slabAutomove = 0;
        open();
        final SplittableRandom random = new SplittableRandom(7);
        final Map<String, String> model = new HashMap<>();
        for (int i = 0; i < 600; i++) {
            model.put("key" + i, text(random, 11_000));
            set("key" + i, model.get("key" + i));
        }
        for (int i = 0; i < 300; i++) {
            model.remove("key" + 2 * i);
            delete("key" + 2 * i);
        }
        final int largest = store.slabs().largestClass();
        final int pages = store.slabs().pages(largest);
        for (int i = 0; i < 3; i++) {
            assertThat(store.mover().start(largest, Slabs.GLOBAL_POOL)).isEqualTo(SlabMover.Answer.OK);
            assertThat(store.mover().start(largest, Slabs.GLOBAL_POOL)).isEqualTo(SlabMover.Answer.RUNNING);
            advance(5);
        }
        assertThat(store.slabs().pages(largest)).isEqualTo(pages - 3);
        assertThat(store.slabs().pages(Slabs.GLOBAL_POOL)).isEqualTo(3);
        assertThat(store.counters().get(StoreCounter.REASSIGN_CHUNK_RESCUES)).isPositive();
        model.forEach((key, value) -> assertThat(get(key).equals(value)).as(key).isTrue());
        model.keySet().forEach(this::delete);
        assertNothingIsUsed();
    }

    @Test
    void shouldGrowItsTableWithoutLosingAnything() {
        settings.hashPower = 12;
        settings.maxBytes = 256L << 20;
        open();
        final Set<Integer> powers = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            set("key" + i, "v" + i);
            powers.add(store.table().power());
        }
        assertThat(powers).hasSizeGreaterThan(4);
        for (int i = 0; i < 100_000; i++) {
            assertThat(get("key" + i)).isEqualTo("v" + i);
        }
    }
}
