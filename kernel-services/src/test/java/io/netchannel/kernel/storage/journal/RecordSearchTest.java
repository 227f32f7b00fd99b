package io.netchannel.kernel.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Payloads that look like records throughout, behind damage. */
final class RecordSearchTest extends JournalFixture {

    private static final int SIZE = 64 << 10;
    private static final int PAYLOAD_BYTES = 60_000;
    private static final JournalConfig LARGE = new JournalConfig(SIZE, 0);
    private static final String NAME = Segment.name(1);

    /**
     * A record, damaged, each of whose words, or every other, is the length up to the segment's end; what stands behind that, where a
     * number belongs, is the next such word or {@code between}.
     */
    private void appendMadeUp(final Journal journal, final long between) {
        final int offset = Position.offsetBytes(journal.endPosition());
        final ByteBuffer words = ByteBuffer.allocate(PAYLOAD_BYTES).order(ByteOrder.nativeOrder());
        for (int at = 0; at < PAYLOAD_BYTES; at += Long.BYTES) {
            final boolean isLength = between == 0 || at % (2 * Long.BYTES) == 0;
            words.putLong(at, isLength ? SIZE - offset - RecordLayout.HEADER_BYTES - at : between);
        }
        assertThat(journal.append(TYPE, words.array(), 0, PAYLOAD_BYTES)).isPositive();
        commit(journal);
        disk.damage(NAME, offset + RecordLayout.CHECKSUM_OFFSET);
    }

    @Test
    void shouldBoundWhatItChecksumsOfAPayloadMadeForIt() {
        Journal journal = open(LARGE);
        appendDurably(journal, "before");
        appendMadeUp(journal, 0);
        appendDurably(journal, "behind");
        journal.close();
        final Recovery recovery = new Recovery(disk, SIZE, new Random(3));
        recovery.run();
        final Segment searched = recovery.segments().getFirst();
        // What is served and where that ends, once, and one search.
        assertThat(searched.checksummedBytes()).isLessThan(10L * SIZE);
        assertThat(searched.searchedBytes()).isBetween(100, PAYLOAD_BYTES);
        assertThat(recovery.damage()).extracting(Damage::toString).containsExactly(
                NAME + " from byte 96 (65440 bytes): record 2 is not intact; no loss of what was acknowledged is proven",
                NAME + " from byte " + searched.searchedBytes() + " (" + (SIZE - searched.searchedBytes())
                        + " bytes): too many bytes look like records to be searched for those that are;"
                        + " no loss of what was acknowledged is proven");
        journal = open(LARGE);
        assertThat(journal.damage()).isEmpty();
        assertThat(read(journal)).containsExactly("before");
        assertThat(disk.names()).contains(NAME);
    }

    @Test
    void shouldDeleteNothingThatItHasNotSearched() {
        Journal journal = open(LARGE);
        appendMadeUp(journal, 0);
        appendDurably(journal, "behind");
        journal.close();
        journal = open(LARGE);
        assertThat(journal.damage()).hasSize(2).allMatch(damage -> damage.segment().equals(NAME));
        assertThat(read(journal)).isEmpty();
        assertThat(disk.names()).contains(NAME + ".damaged");
    }

    @Test
    void shouldFindTheRecordBehindNumbersThatNoJournalReaches() {
        Journal journal = open(LARGE);
        appendMadeUp(journal, 1L << 60);
        appendDurably(journal, "behind");
        journal.close();
        journal = open(LARGE);
        assertThat(journal.damage()).singleElement().asString().contains(
                "record 1 is not intact, and the first that is, is 2");
        assertThat(read(journal)).containsExactly("behind");
    }
}
