package io.netchannel.kernel.storage.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.storage.fault.FaultRates;
import io.netchannel.kernel.storage.fault.PowerCut;
import io.netchannel.kernel.storage.fault.SimulatedDisk;
import io.netchannel.kernel.storage.fault.TaskQueue;
import io.netchannel.kernel.storage.journal.JournalConfig;
import io.netchannel.kernel.storage.journal.JournalListener;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/** A table on a disk that fails, and a map that has all that it has to hold. */
final class TableRun implements JournalListener {

    private static final OrderedMemory HOST = HostMemory.INSTANCE;
    private static final JournalConfig CONFIG = new JournalConfig(4096, 0);
    private static final int MAX_VALUE_BYTES = 200;
    private static final int MAX_EVENTS = 3000;
    private static final int KEY_SPACE = 40;
    private static final long DISK_BYTES = 1 << 19;

    /** A change, and the number that its record has if it has one; no value for a removal. */
    private record Change(long sequence, String key, byte[] value, long expiry) {
    }

    private final SplittableRandom random;
    private final SimulatedDisk disk;
    private final Arena arena = Arena.ofConfined();
    private final long key = arena.allocate(64, 8).address();
    private final Map<String, Change> model = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();
    private TaskQueue tasks;
    private KeyValueTable table;
    private long acknowledged;
    private long now = 1;
    int ends;
    long changesMade;

    TableRun(final long seed) {
        this.random = new SplittableRandom(seed);
        this.disk = new SimulatedDisk(seed, DISK_BYTES);
    }

    void run(final int times) {
        try {
            for (int i = 0; i < times; i++) {
                disk.endAfter(1 + random.nextInt(MAX_EVENTS));
                work();
                if (random.nextInt(4) > 0) {
                    disk.powerUp();
                } else {
                    disk.restart();
                }
                disk.rates(FaultRates.NONE);
                check();
                ends++;
            }
        } finally {
            disk.close();
            arena.close();
        }
    }

    private void work() {
        try {
            open();
            disk.rates(random.nextInt(4) == 0 ? new FaultRates(0.1, 0.02, 0.2, 0.2) : FaultRates.NONE);
            while (!disk.isOff()) {
                step();
                if (table.failure() != null) {
                    disk.endAfter(1);
                    disk.syncNames();
                }
            }
        } catch (final PowerCut | LinuxException end) {
            // As planned.
        }
    }

    private void open() {
        tasks = new TaskQueue();
        table = KeyValueTable.open(disk, CONFIG, new Random(5), now, this, tasks, () -> {
        });
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0, 1 -> table.commit();
            case 2, 3, 4, 5 -> tasks.runOne();
            case 6, 7, 8 -> table.poll(0);
            case 9 -> table.advance(++now);
            case 10, 11, 12 -> remove();
            default -> put();
        }
    }

    private int key(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        HOST.copyFromArray(bytes, 0, key, bytes.length);
        return bytes.length;
    }

    private String anyKey() {
        return "key " + random.nextInt(KEY_SPACE);
    }

    private void put() {
        final byte[] value = new byte[random.nextInt(MAX_VALUE_BYTES)];
        random.nextBytes(value);
        final Change change = new Change(table.nextSequence(), anyKey(), value, random.nextInt(4) == 0
                ? now + random.nextInt(20)
                : 0);
        changes.add(change);
        final long address = table.claim(key, key(change.key()), value.length, change.expiry());
        if (address < 0) {
            changes.removeLast();
            return;
        }
        table.memory().copyFromArray(value, 0, address, value.length);
        table.publish();
        changesMade++;
    }

    private void remove() {
        final Change change = new Change(table.nextSequence(), anyKey(), null, 0);
        changes.add(change);
        if (table.remove(key, key(change.key())) <= 0) {
            changes.removeLast();
        } else {
            changesMade++;
        }
    }

    @Override
    public void onCommitted(final long position) {
        acknowledged = Math.max(acknowledged, table.committedSequence());
    }

    @Override
    public void onFailed(final LinuxException failure) {
        // Seen by the next step.
    }

    private void check() {
        open();
        final long last = table.nextSequence() - 1;
        assertThat(last).as("acknowledged").isGreaterThanOrEqualTo(acknowledged);
        acknowledged = last;
        for (final Change change : changes) {
            if (change.sequence() > last) {
                continue;
            }
            if (change.value() == null) {
                model.remove(change.key());
            } else {
                model.put(change.key(), change);
            }
        }
        changes.clear();
        model.values().removeIf(change -> change.expiry() != 0 && change.expiry() <= now);
        for (int i = 0; i < KEY_SPACE; i++) {
            final Change expected = model.get("key " + i);
            assertThat(table.find(key, key("key " + i))).as("key " + i).isEqualTo(expected != null);
            if (expected != null) {
                final byte[] value = new byte[table.valueBytes()];
                table.memory().copyToArray(table.valueAddress(), value, 0, value.length);
                assertThat(value).as("key " + i).isEqualTo(expected.value());
                assertThat(table.expiry()).isEqualTo(expected.expiry());
            }
        }
        final int[] visited = new int[1];
        table.forEach(entry -> visited[0]++);
        assertThat(visited[0]).isEqualTo(model.size());
    }
}
