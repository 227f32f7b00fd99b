package io.netchannel.kernel.storage.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.storage.fault.SimulatedDisk;
import io.netchannel.kernel.storage.fault.TaskQueue;
import io.netchannel.kernel.storage.journal.Journal;
import io.netchannel.kernel.storage.journal.JournalConfig;
import io.netchannel.kernel.storage.journal.JournalListener;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a table does, on a disk that does what it is told. */
final class KeyValueTableTest implements JournalListener {

    private static final JournalConfig CONFIG = new JournalConfig(4096, 0);

    private final SimulatedDisk disk = new SimulatedDisk(1, 1 << 22);
    private final Arena arena = Arena.ofConfined();
    private final long key = arena.allocate(64, 8).address();
    private final TaskQueue tasks = new TaskQueue();
    private long now = 100;
    private KeyValueTable table = open();

    @AfterEach
    void free() {
        disk.close();
        arena.close();
    }

    @Override
    public void onCommitted(final long position) {
        // Not asked here.
    }

    @Override
    public void onFailed(final LinuxException failure) {
        throw failure;
    }

    private KeyValueTable open() {
        return KeyValueTable.open(disk, CONFIG, new Random(3), now, this, tasks, () -> {
        });
    }

    private void reopen() {
        table.close();
        table = open();
    }

    private int key(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        HostMemory.INSTANCE.copyFromArray(bytes, 0, key, bytes.length);
        return bytes.length;
    }

    private void put(final String name, final String value, final long expiry) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        long address = table.claim(key, key(name), bytes.length, expiry);
        while (address == Journal.BACK_PRESSURED) {
            tasks.runAll();
            address = table.claim(key, key(name), bytes.length, expiry);
        }
        table.memory().copyFromArray(bytes, 0, address, bytes.length);
        table.publish();
        table.commit();
        tasks.runAll();
        table.poll(0);
        tasks.runAll();
    }

    private String get(final String name) {
        return table.find(key, key(name)) ? value() : null;
    }

    private String value() {
        final byte[] bytes = new byte[table.valueBytes()];
        table.memory().copyToArray(table.valueAddress(), bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void shouldPutGetAndRemove() {
        put("a", "1", 0);
        put("b", "2", 0);
        put("a", "3", 0);
        assertThat(get("a")).isEqualTo("3");
        assertThat(table.remove(key, key("b"))).isOne();
        assertThat(table.remove(key, key("b"))).isZero();
        assertThat(get("b")).isNull();
        assertThat(table.size()).isOne();
        reopen();
        assertThat(get("a")).isEqualTo("3");
        assertThat(get("b")).isNull();
    }

    @Test
    void shouldForgetWhatIsOver() {
        put("a", "old", 0);
        put("a", "new", 110);
        put("b", "stays", 0);
        assertThat(get("a")).isEqualTo("new");
        table.advance(110);
        assertThat(get("a")).isNull();
        now = 110;
        reopen();
        assertThat(get("a")).isNull();
        assertThat(table.size()).isOne();
    }

    @Test
    void shouldVisitEntriesInTheOrderInWhichTheyWerePut() {
        put("a", "1", 0);
        put("b", "2", 0);
        put("c", "3", 105);
        put("a", "4", 0);
        final List<String> seen = new ArrayList<>();
        table.forEach(entry -> seen.add(value()));
        assertThat(seen).containsExactly("2", "3", "4");
        table.advance(105);
        seen.clear();
        table.forEach(entry -> seen.add(value()));
        assertThat(seen).containsExactly("2", "4");
    }

    @Test
    void shouldTakeNoMoreSpaceThanItsBound() {
        final SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 5000; i++) {
            put("key " + random.nextInt(200), "x".repeat(random.nextInt(300)), 0);
            assertThat(table.sizeBytes()).as("after change " + i).isLessThanOrEqualTo(
                    KeyValueTable.AMPLIFICATION * table.liveBytes() + (KeyValueTable.EXTRA_SEGMENTS + 2) * 4096L);
        }
        assertThat(table.size()).isEqualTo(200);
        reopen();
        assertThat(table.size()).isEqualTo(200);
        assertThat(table.damage()).isEmpty();
    }

    @Test
    void shouldFindEveryKeyAmongMany() {
        for (int i = 0; i < 3000; i++) {
            put("key " + i, "value " + i, 0);
        }
        for (int i = 0; i < 3000; i += 3) {
            table.remove(key, key("key " + i));
            tasks.runAll();
            table.poll(0);
        }
        for (int i = 0; i < 3000; i++) {
            assertThat(get("key " + i)).isEqualTo(i % 3 == 0 ? null : "value " + i);
        }
        assertThat(table.size()).isEqualTo(2000);
    }

    @Test
    void shouldRefuseAJournalThatDropsRecords() {
        assertThatThrownBy(() -> KeyValueTable.open(disk, new JournalConfig(4096, 8192), new Random(3), 0, this, tasks,
                () -> {
                })).hasMessageContaining("retainBytes=8192");
    }
}
