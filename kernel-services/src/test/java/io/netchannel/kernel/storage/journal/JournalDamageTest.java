package io.netchannel.kernel.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.storage.fault.PowerCut;
import io.netchannel.kernel.storage.fault.SimulatedDisk;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a journal serves of files that somebody has damaged, and what it says. */
final class JournalDamageTest extends JournalFixture {

    private static final int SECTOR = 512;

    /** Names of the segments of a journal of 20 records that was closed; each holds 7. */
    private List<String> written() {
        final Journal journal = open(SMALL);
        fill(journal, 20);
        journal.close();
        return segments();
    }

    /** With another id, if it is a new one. */
    private Journal openWithId(final long seed) {
        return Journal.open(disk, SMALL, new Random(seed), this, tasks, () -> {
        });
    }

    private List<String> segments() {
        return disk.names().stream().filter(name -> name.endsWith(Segment.SUFFIX)).sorted().toList();
    }

    @Test
    void shouldServeThePrefixOfADamagedJournalAndNameTheRest() {
        Journal journal = open(SMALL);
        fill(journal, 20);
        journal.close();
        final List<String> names = disk.names().stream().sorted().toList();
        disk.damage(names.get(1), 600);
        journal = open(SMALL);
        final Damage first = journal.damage().getFirst();
        assertThat(first.segment()).isEqualTo(names.get(1));
        assertThat(first.offsetBytes()).isBetween(64, 600);
        assertThat(first.acknowledged()).isTrue();
        assertThat(first.toString()).contains("record 9 is not intact; records are lost that were durable");
        assertThat(journal.damage()).hasSize(names.size() - 1);
        assertThat(read(journal)).hasSize(8);
        assertThat(disk.names()).contains(names.get(2) + ".damaged");
        appendDurably(journal, "on");
        journal.close();
        journal = open(SMALL);
        assertThat(read(journal)).hasSize(9).endsWith("on");
    }

    @Test
    void shouldRefuseAForeignFile() {
        open(SMALL).close();
        disk.create("00000000000000ff.journal", 4096);
        disk.damage("00000000000000ff.journal", 3);
        assertThatThrownBy(() -> open(SMALL)).isInstanceOf(JournalException.class).hasMessageContaining(
                "00000000000000ff.journal is not of a journal: its first 8 bytes are 0x10000000");
        disk.delete("00000000000000ff.journal");
        disk.create("mine.journal", 4096);
        assertThatThrownBy(() -> open(SMALL)).isInstanceOf(JournalException.class).hasMessageContaining(
                "mine.journal is not a name that a journal gives");
    }

    @Test
    void shouldRefuseASegmentOfAnotherJournal() {
        final Journal journal = open(SMALL);
        final long first = journal.firstPosition();
        appendDurably(journal, "mine");
        journal.close();
        final Segment other = Recovery.create(disk, Position.generation(first) + 9, 4096, 12345, 99);
        assertThatThrownBy(() -> open(SMALL)).isInstanceOf(JournalException.class).hasMessageContaining(other.name()
                + " is of another journal: id 0x3039");
    }

    @Test
    void shouldServeAllRecordsOfTheOldestSegmentWhoseHeadAloneIsDamaged() {
        final List<String> names = written();
        for (int at = 8; at < 52; at += 4) {
            disk.damage(names.getFirst(), at);
            final Journal journal = open(SMALL);
            assertThat(journal.damage()).as("byte " + at).singleElement().hasToString(names.getFirst()
                    + " from byte 0 (64 bytes): its head is damaged; no loss of what was acknowledged is proven");
            assertThat(read(journal)).as("byte " + at).hasSize(20);
            journal.close();
            assertThat(segments()).as("byte " + at).contains(names.getFirst());
        }
        assertThat(open(SMALL).damage()).isEmpty();
    }

    @Test
    void shouldServeTheRestOfTheOldestSegmentWhoseFirstSectorIsLost() {
        final List<String> names = written();
        disk.clear(names.getFirst(), 0, SECTOR);
        final Journal journal = open(SMALL);
        assertThat(journal.damage()).singleElement().hasToString(names.getFirst()
                + " from byte 0 (600 bytes): its head is damaged, and the first intact record is 2;"
                + " records are lost that were durable");
        assertThat(read(journal)).hasSize(19).first().asString().startsWith("record 1 ");
    }

    @Test
    void shouldServeTheRestOfTheOldestSegmentWhoseFirstRecordsAreDamaged() {
        final List<String> names = written();
        disk.damage(names.getFirst(), 100);
        disk.damage(names.getFirst(), 700);
        Journal journal = open(SMALL);
        assertThat(journal.damage()).singleElement().hasToString(names.getFirst()
                + " from byte 64 (1072 bytes): record 1 is not intact, and the first that is, is 3;"
                + " records are lost that were durable");
        assertThat(read(journal)).hasSize(18).first().asString().startsWith("record 2 ");
        appendDurably(journal, "on");
        final long first = journal.firstPosition();
        journal.close();
        journal = open(SMALL);
        assertThat(journal.damage()).isEmpty();
        assertThat(journal.firstPosition()).isEqualTo(first);
        assertThat(read(journal)).hasSize(19).endsWith("on");
        journal.truncateFrom(first);
        assertThat(read(journal)).isEmpty();
        assertThat(journal.nextSequence()).isEqualTo(3);
    }

    @Test
    void shouldGoOnBehindTheOldestSegmentIfNoRecordOfItIsLeft() {
        final List<String> names = written();
        disk.clear(names.getFirst(), SegmentLayout.HEADER_BYTES, 4096 - SegmentLayout.HEADER_BYTES);
        Journal journal = open(SMALL);
        assertThat(journal.damage()).singleElement().hasToString(names.getFirst()
                + " from byte 64 (4032 bytes): none of its records is intact; records are lost that were durable");
        assertThat(read(journal)).hasSize(13);
        assertThat(segments()).doesNotContain(names.getFirst());
        assertThat(disk.names()).contains(names.getFirst() + ".damaged");
        journal.close();
        journal = open(SMALL);
        assertThat(journal.damage()).isEmpty();
        assertThat(read(journal)).hasSize(13);
    }

    @Test
    void shouldServeTheRestOfAnOnlySegment() {
        Journal journal = open(SMALL);
        fill(journal, 5);
        journal.close();
        final String name = segments().getFirst();
        disk.damage(name, SegmentLayout.CHECKSUM_OFFSET);
        disk.damage(name, 100);
        journal = open(SMALL);
        assertThat(journal.damage()).singleElement().satisfies(lost -> assertThat(lost.acknowledged()).isTrue());
        assertThat(read(journal)).hasSize(4);
        assertThat(journal.nextSequence()).isEqualTo(6);
    }

    @Test
    void shouldSetAnOnlySegmentAsideThatSaysNothingOfWhoseItIs() {
        Journal journal = open(SMALL);
        fill(journal, 5);
        journal.close();
        final String name = segments().getFirst();
        disk.clear(name, 0, SECTOR);
        journal = openWithId(8);
        assertThat(journal.damage()).singleElement().hasToString(name
                + " from byte 0 (4096 bytes): its head is damaged; records are lost that were durable");
        assertThat(disk.names()).contains(name + ".damaged");
        assertThat(read(journal)).isEmpty();
    }

    @Test
    void shouldSetASegmentInTheMiddleAsideWhoseHeadIsLost() {
        final List<String> names = written();
        disk.clear(names.get(1), 0, SECTOR);
        final Journal journal = open(SMALL);
        assertThat(journal.damage()).hasSize(names.size() - 1).allMatch(Damage::acknowledged);
        assertThat(journal.damage().getFirst().segment()).isEqualTo(names.get(1));
        assertThat(read(journal)).hasSize(7);
        assertThat(disk.names()).contains(names.get(1) + ".damaged", names.get(2) + ".damaged");
    }

    @Test
    void shouldDeleteNothingOfADamagedJournalWhereverThePowerIsCut() {
        boolean ended = true;
        for (int event = 1; ended; event++) {
            disk.close();
            disk = new SimulatedDisk(event, 1 << 20);
            final List<String> names = written();
            disk.damage(names.get(1), 700);
            disk.endAfter(event);
            ended = false;
            try {
                open(SMALL);
            } catch (final PowerCut cut) {
                ended = true;
            }
            disk.powerUp();
            final Journal journal = open(SMALL);
            assertThat(read(journal)).as("event " + event).hasSizeBetween(7, 8);
            for (final String name : names) {
                assertThat(disk.names()).as("event " + event).containsAnyOf(name, name + ".damaged");
            }
        }
    }

    @Test
    void shouldNotTakeARecordInAPayloadForAProof() {
        final Journal other = open(SMALL);
        fill(other, 3);
        final long source = other.payloadAddress(other.firstPosition()) + 536 - RecordLayout.HEADER_BYTES;
        final byte[] record = new byte[536];
        disk.memory().copyToArray(source, record, 0, record.length);
        disk.close();
        disk = new SimulatedDisk(2, 1 << 20);
        Journal journal = openWithId(4);
        final long first = append(journal, "never acknowledged");
        final long second = journal.append(TYPE, record, 0, record.length);
        disk.damage(segments().getFirst(), Position.offsetBytes(first));
        disk.damage(segments().getFirst(), Position.offsetBytes(second));
        journal = open(SMALL);
        assertThat(journal.damage()).singleElement().satisfies(lost -> assertThat(lost.acknowledged()).isFalse());
    }

    @Test
    void shouldKeepTheNamesOfAProcessThatWasKilledWhileItMadeTheJournal() {
        boolean ended = true;
        for (int event = 1; ended; event++) {
            for (int seed = 0; seed < 8; seed++) {
                disk.close();
                disk = new SimulatedDisk(seed, 1 << 20);
                disk.endAfter(event);
                ended = false;
                try {
                    open(SMALL);
                } catch (final PowerCut kill) {
                    ended = true;
                }
                disk.restart();
                appendDurably(open(SMALL), "acknowledged");
                disk.powerUp();
                assertThat(read(open(SMALL))).as("event " + event).containsExactly("acknowledged");
            }
        }
    }
}
