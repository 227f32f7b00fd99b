package io.netchannel.kernel.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.storage.fault.FaultRates;
import io.netchannel.kernel.storage.fault.SimulatedDisk;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What a journal does, on a disk that does what it is told. */
final class JournalTest extends JournalFixture {

    @Test
    void shouldAcknowledgeAllThatWasAppendedByOneForce() {
        final Journal journal = open(SMALL);
        for (int i = 0; i < 50; i++) {
            append(journal, "r" + i);
        }
        assertThat(read(journal)).isEmpty();
        commit(journal);
        assertThat(journal.forces()).isOne();
        assertThat(committed).containsExactly(journal.endPosition());
        assertThat(read(journal)).hasSize(50);
    }

    @Test
    void shouldForceAgainWhatCameWhileItForced() {
        final Journal journal = open(SMALL);
        append(journal, "first");
        journal.commit();
        append(journal, "second");
        append(journal, "third");
        journal.commit();
        tasks.runOne();
        assertThat(journal.arm()).isFalse();
        journal.poll(0);
        assertThat(read(journal)).containsExactly("first");
        tasks.runOne();
        journal.poll(0);
        assertThat(read(journal)).containsExactly("first", "second", "third");
        assertThat(journal.forces()).isEqualTo(2);
        assertThat(journal.arm()).isTrue();
    }

    @Test
    void shouldGoOnWhereItEnded() {
        final Journal journal = open(SMALL);
        fill(journal, 20);
        journal.close();
        final Journal again = open(SMALL);
        assertThat(again.damage()).isEmpty();
        assertThat(again.nextSequence()).isEqualTo(21);
        appendDurably(again, "more");
        assertThat(read(again)).hasSize(21).endsWith("more");
    }

    @Test
    void shouldReadFromAPosition() {
        final Journal journal = open(SMALL);
        fill(journal, 10);
        final long position = appendDurably(journal, "here");
        appendDurably(journal, "there");
        try (JournalReader reader = journal.reader(position)) {
            assertThat(reader.next()).isTrue();
            assertThat(reader.sequence()).isEqualTo(11);
            assertThat(reader.type()).isEqualTo(TYPE);
            assertThat(reader.position()).isEqualTo(position);
            assertThat(reader.next()).isTrue();
            assertThat(reader.next()).isFalse();
            append(journal, "later");
            assertThat(reader.next()).isFalse();
            commit(journal);
            assertThat(reader.next()).isTrue();
        }
    }

    @Test
    void shouldDropTheRecordsFromAPositionOn() {
        final Journal journal = open(SMALL);
        fill(journal, 10);
        final long position = appendDurably(journal, "gone");
        fill(journal, 20);
        journal.truncateFrom(position);
        assertThat(read(journal)).hasSize(10);
        appendDurably(journal, "instead");
        journal.close();
        final Journal again = open(SMALL);
        assertThat(read(again)).hasSize(11).endsWith("instead");
        assertThat(again.damage()).noneMatch(Damage::acknowledged);
    }

    @Test
    void shouldDropAllRecordsAndKeepCounting() {
        final Journal journal = open(SMALL);
        final long first = appendDurably(journal, "gone");
        journal.truncateFrom(first);
        assertThat(read(journal)).isEmpty();
        assertThat(journal.segmentCount()).isOne();
        assertThatThrownBy(() -> journal.truncateFrom(first)).hasMessageContaining("not in the journal");
        appendDurably(journal, "instead");
        assertThat(read(journal)).containsExactly("instead");
    }

    @Test
    void shouldDeleteSegmentsThatNobodyNeeds() {
        final Journal journal = open(SMALL);
        fill(journal, 30);
        final int before = journal.segmentCount();
        final long position = appendDurably(journal, "needed");
        journal.truncateBefore(position);
        tasks.runAll();
        assertThat(journal.segmentCount()).isLessThan(before).isLessThanOrEqualTo(2);
        assertThat(disk.names()).hasSizeLessThanOrEqualTo(3);
        assertThat(read(journal)).endsWith("needed");
    }

    @Test
    void shouldRetainSoManyBytes() {
        final Journal journal = open(new JournalConfig(4096, 4 * 4096));
        fill(journal, 100);
        tasks.runAll();
        assertThat(journal.sizeBytes()).isLessThanOrEqualTo(4 * 4096);
        assertThat(read(journal).getLast()).startsWith("record 99 ");
    }

    @Test
    void shouldKeepASegmentForItsReader() {
        final Journal journal = open(SMALL);
        fill(journal, 10);
        try (JournalReader reader = journal.reader(journal.firstPosition())) {
            reader.next();
            journal.truncateBefore(journal.endPosition());
            tasks.runAll();
            assertThat(reader.sequence()).isOne();
            long last = 1;
            while (reader.next()) {
                assertThat(reader.sequence()).isGreaterThan(last);
                last = reader.sequence();
            }
            assertThat(last).isEqualTo(10);
        }
    }

    @Test
    void shouldRefuseWhatNoSegmentHolds() {
        final Journal journal = open(SMALL);
        assertThat(journal.claim(TYPE, SMALL.maxPayloadBytes())).isPositive();
        assertThatThrownBy(() -> journal.claim(TYPE, SMALL.maxPayloadBytes() + 1)).hasMessage(
                "payloadBytes=4009 is not within 0..4008");
        assertThatThrownBy(() -> new JournalConfig(5000, 0)).hasMessageContaining("segmentBytes=5000");
        assertThatThrownBy(() -> new JournalConfig(4096, 4096)).hasMessageContaining("retainBytes=4096");
    }

    @Test
    void shouldRefuseWhenTheDiskIsFullAndGoOnWhenItIsNot() {
        disk = new SimulatedDisk(1, 3 * 4096);
        final Journal journal = open(SMALL);
        long position = 0;
        final String text = "x".repeat(1000);
        while (position != Journal.NO_SPACE) {
            position = append(journal, text);
            tasks.runAll();
        }
        commit(journal);
        assertThat(journal.failure()).isNull();
        assertThat(journal.spaceFailure()).hasMessageContaining("ENOSPC");
        final List<String> there = read(journal);
        assertThat(there).hasSize(9);
        journal.truncateBefore(journal.endPosition());
        tasks.runAll();
        append(journal, text);
        tasks.runAll();
        assertThat(append(journal, text)).isPositive();
    }

    @Test
    void shouldTakeNothingAfterAForceFailed() {
        final Journal journal = open(SMALL);
        appendDurably(journal, "durable");
        disk.rates(new FaultRates(0, 1, 0, 0));
        append(journal, "not");
        commit(journal);
        assertThat(failures).singleElement().satisfies(failed -> assertThat(failed.errnoName()).isEqualTo("EIO"));
        assertThat(append(journal, "more")).isEqualTo(Journal.FAILED);
        commit(journal);
        assertThat(failures).hasSize(1);
        assertThat(read(journal)).containsExactly("durable");
        assertThat(journal.arm()).isTrue();
    }

    @Test
    void shouldWaitForATaskOfACallersExecutorBeforeItCloses() throws InterruptedException {
        final SlowNames slow = new SlowNames(disk);
        final Thread[] task = new Thread[1];
        final Journal journal = Journal.open(slow, SMALL, new Random(3), this, each -> {
            if (slow.holds) {
                task[0] = Thread.ofPlatform().start(each);
            } else {
                tasks.execute(each);
            }
        }, () -> {
        });
        fill(journal, 30);
        slow.holds = true;
        journal.truncateBefore(journal.endPosition());
        slow.held.await();
        final Thread closing = Thread.currentThread();
        final AtomicBoolean isClosed = new AtomicBoolean();
        final AtomicBoolean waited = new AtomicBoolean();
        final Thread watching = Thread.ofPlatform().start(() -> {
            while (!waited.get() && !isClosed.get()) {
                waited.set(closing.getState() == Thread.State.WAITING);
            }
            slow.goOn.countDown();
        });
        journal.close();
        isClosed.set(true);
        watching.join();
        task[0].join();
        assertThat(waited).isTrue();
        assertThat(disk.names()).as("what nobody needs is gone").hasSize(1);
    }

    @Test
    void shouldDoNothingForATaskThatComesAfterItWasClosed() {
        final Journal journal = open(SMALL);
        fill(journal, 10);
        append(journal, "x".repeat(2000));
        journal.commit();
        journal.truncateBefore(journal.endPosition());
        journal.close();
        final long before = disk.events();
        tasks.runAll();
        assertThat(disk.events()).isEqualTo(before);
        assertThat(disk.names()).as("deleted by whoever closes").hasSize(1);
        assertThat(read(open(SMALL)).getLast()).startsWith("xxx");
    }

    @Test
    void shouldTellADeletionThatFailedFromAFullDisk() {
        final Journal journal = open(SMALL);
        fill(journal, 30);
        final int files = disk.names().size();
        disk.rates(new FaultRates(0, 0, 0, 1));
        journal.truncateBefore(journal.endPosition());
        tasks.runAll();
        assertThat(journal.deletionFailure()).hasMessageContaining("EIO");
        assertThat(journal.undeletedSegments()).isEqualTo(files - journal.segmentCount());
        assertThat(journal.spaceFailure()).isNull();
        assertThat(append(journal, "x".repeat(3000))).isNotEqualTo(Journal.NO_SPACE);
        disk.rates(FaultRates.NONE);
        tasks.runAll();
        final long position = appendDurably(journal, "x".repeat(3000));
        journal.truncateBefore(position);
        tasks.runAll();
        assertThat(journal.deletionFailure()).isNull();
        assertThat(journal.undeletedSegments()).isZero();
    }
}
