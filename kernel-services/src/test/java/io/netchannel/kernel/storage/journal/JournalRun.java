package io.netchannel.kernel.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.storage.fault.FaultRates;
import io.netchannel.kernel.storage.fault.PowerCut;
import io.netchannel.kernel.storage.fault.SimulatedDisk;
import io.netchannel.kernel.storage.fault.TaskQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A journal on a disk that fails, and what it has to hold. */
final class JournalRun implements JournalListener {

    private static final JournalConfig CONFIG = new JournalConfig(4096, 0);
    private static final int MAX_PAYLOAD_BYTES = 700;
    private static final int MAX_EVENTS = 600;
    private static final long DISK_BYTES = 1 << 20;

    private final SplittableRandom random;
    private final SimulatedDisk disk;
    private final int equalBytes;
    private TaskQueue tasks;
    private Journal journal;

    // What was handed to the journal, by number; positions by number, as of this opening.
    private final TreeMap<Long, byte[]> published = new TreeMap<>();
    private final TreeMap<Long, Long> positions = new TreeMap<>();
    private long acknowledged;
    private long givenUpBefore = 1;
    private boolean publishing;
    private boolean truncating;
    int ends;
    long records;

    JournalRun(final long seed) {
        this.random = new SplittableRandom(seed);
        this.disk = new SimulatedDisk(seed, DISK_BYTES);
        // Equal ones fit exactly where others were lost: what is left behind those must not count.
        this.equalBytes = random.nextBoolean() ? 1 + random.nextInt(300) : 0;
    }

    /** Opens, works until the program ends, and looks what is there, so many times. */
    void run(final int times) {
        try {
            for (int i = 0; i < times; i++) {
                disk.endAfter(1 + random.nextInt(MAX_EVENTS));
                work();
                final boolean powerCut = random.nextInt(4) > 0;
                if (powerCut) {
                    disk.powerUp();
                } else {
                    disk.restart();
                }
                disk.rates(FaultRates.NONE);
                check(powerCut);
                ends++;
            }
        } finally {
            disk.close();
        }
    }

    private void work() {
        try {
            open();
            disk.rates(random.nextInt(4) == 0 ? new FaultRates(0.1, 0.05, 0.2, 0.2) : FaultRates.NONE);
            while (!disk.isOff()) {
                step();
            }
        } catch (final PowerCut end) {
            // As planned.
        } catch (final LinuxException failed) {
            // The disk, where the journal waits for it; the program ends by that.
        }
    }

    private void open() {
        tasks = new TaskQueue();
        positions.clear();
        journal = Journal.open(disk, CONFIG, new java.util.Random(1), this, tasks, () -> {
        });
    }

    private void step() {
        switch (random.nextInt(20)) {
            case 0, 1, 2 -> journal.commit();
            case 3, 4, 5, 6 -> tasks.runOne();
            case 7, 8 -> journal.poll(0);
            case 9 -> giveUp();
            case 10 -> truncate();
            default -> append();
        }
        if (journal.failure() != null) {
            disk.endAfter(1);
            disk.syncNames();
        }
    }

    private void append() {
        final byte[] payload = new byte[equalBytes > 0
                ? equalBytes
                : random.nextInt(4) == 0 ? random.nextInt(MAX_PAYLOAD_BYTES) : random.nextInt(60)];
        random.nextBytes(payload);
        final long number = journal.nextSequence();
        // It may be there after a kill even if this never returned.
        final byte[] before = published.put(number, payload);
        publishing = true;
        final long position = journal.append(number(payload), payload, 0, payload.length);
        publishing = false;
        if (position > 0) {
            positions.put(number, position);
            records++;
        } else if (before == null) {
            published.remove(number);
        } else {
            published.put(number, before);
        }
    }

    private static int number(final byte[] payload) {
        return payload.length * 31;
    }

    private void giveUp() {
        if (!positions.isEmpty()) {
            final Long number = positions.floorKey(random.nextLong(positions.firstKey(), positions.lastKey() + 1));
            givenUpBefore = Math.max(givenUpBefore, number);
            journal.truncateBefore(positions.get(number));
        }
    }

    private void truncate() {
        if (positions.isEmpty() || random.nextInt(4) > 0) {
            return;
        }
        final long number = positions.floorKey(random.nextLong(positions.firstKey(), positions.lastKey() + 1));
        if (journal.firstPosition() > positions.get(number)) {
            return;
        }
        tasks.runAll();
        journal.poll(0);
        tasks.runAll();
        journal.poll(0);
        if (journal.failure() != null) {
            return;
        }
        acknowledged = Math.min(acknowledged, number - 1);
        truncating = true;
        journal.truncateFrom(positions.get(number));
        truncating = false;
        published.tailMap(number, true).clear();
        positions.tailMap(number, true).clear();
        acknowledged = number - 1;
        assertThat(journal.nextSequence()).isEqualTo(number);
    }

    @Override
    public void onCommitted(final long position) {
        acknowledged = Math.max(acknowledged, journal.committedSequence());
    }

    @Override
    public void onFailed(final LinuxException failure) {
        // Seen by the next step.
    }

    private void check(final boolean powerCut) {
        open();
        assertThat(journal.damage()).noneMatch(Damage::acknowledged);
        long number = 0;
        try (JournalReader reader = journal.reader(journal.firstPosition())) {
            while (reader.next()) {
                final long expected = number == 0 ? reader.sequence() : number + 1;
                number = reader.sequence();
                assertThat(number).isEqualTo(expected);
                assertThat(published).as("records that were published").containsKey(number);
                final byte[] payload = new byte[reader.payloadBytes()];
                reader.memory().copyToArray(reader.payloadAddress(), payload, 0, payload.length);
                assertThat(payload).as("record " + number).isEqualTo(published.get(number));
                assertThat(reader.type()).isEqualTo(number(payload));
                if (positions.isEmpty()) {
                    assertThat(number).as("the first, of those that nobody gave up").isLessThanOrEqualTo(givenUpBefore);
                }
                positions.put(number, reader.position());
            }
        }
        final long last = journal.nextSequence() - 1;
        if (number != 0) {
            assertThat(last).isEqualTo(number);
        }
        assertThat(last).as("acknowledged").isGreaterThanOrEqualTo(acknowledged);
        if (!powerCut && !truncating && !published.isEmpty()) {
            assertThat(last).as("published before a kill").isGreaterThanOrEqualTo(published.lastKey()
                    - (publishing ? 1 : 0));
        }
        publishing = false;
        truncating = false;
        published.tailMap(last, false).clear();
        // What is served was forced: the next power cut must not take it.
        acknowledged = last;
    }
}
