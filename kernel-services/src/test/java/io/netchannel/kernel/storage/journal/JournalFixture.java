package io.netchannel.kernel.storage.journal;

import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.storage.fault.SimulatedDisk;
import io.netchannel.kernel.storage.fault.TaskQueue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/** A journal on a disk that does what it is told, with a helper that runs when the test says so. */
abstract class JournalFixture implements JournalListener {

    static final int TYPE = 7;
    static final JournalConfig SMALL = new JournalConfig(4096, 0);

    SimulatedDisk disk = new SimulatedDisk(1, 1 << 20);
    TaskQueue tasks = new TaskQueue();
    final List<Long> committed = new ArrayList<>();
    final List<LinuxException> failures = new ArrayList<>();

    @AfterEach
    void free() {
        disk.close();
    }

    @Override
    public final void onCommitted(final long position) {
        committed.add(position);
    }

    @Override
    public final void onFailed(final LinuxException failure) {
        failures.add(failure);
    }

    Journal open(final JournalConfig config) {
        tasks = new TaskQueue();
        return Journal.open(disk, config, new Random(3), this, tasks, () -> {
        });
    }

    static long append(final Journal journal, final String text) {
        final byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        return journal.append(TYPE, payload, 0, payload.length);
    }

    long appendDurably(final Journal journal, final String text) {
        long position = append(journal, text);
        while (position == Journal.BACK_PRESSURED) {
            tasks.runAll();
            position = append(journal, text);
        }
        commit(journal);
        return position;
    }

    void commit(final Journal journal) {
        journal.commit();
        tasks.runAll();
        journal.poll(0);
    }

    static List<String> read(final Journal journal) {
        final List<String> all = new ArrayList<>();
        try (JournalReader reader = journal.reader(journal.firstPosition())) {
            while (reader.next()) {
                final byte[] payload = new byte[reader.payloadBytes()];
                reader.memory().copyToArray(reader.payloadAddress(), payload, 0, payload.length);
                all.add(new String(payload, StandardCharsets.UTF_8));
            }
        }
        return all;
    }

    void fill(final Journal journal, final int records) {
        for (int i = 0; i < records; i++) {
            appendDurably(journal, "record " + i + " " + "x".repeat(500));
        }
    }
}
