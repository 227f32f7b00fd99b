package io.netchannel.kernel.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.kernel.storage.mapped.StoredFile;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files with the name of a segment that are too short for one, or begin with nothing: ours, damaged, or somebody else's. */
final class ShortFilesTest extends JournalFixture {

    private static final String FOREIGN = "00000000000000ff.journal";
    private static final int RECORDS = 20;

    private List<String> names;

    /** A journal of three segments, of which two hold 7 records. */
    @BeforeEach
    void write() {
        final Journal journal = open(SMALL);
        fill(journal, RECORDS);
        journal.close();
        names = disk.names().stream().filter(name -> name.endsWith(Segment.SUFFIX)).sorted().toList();
    }

    private void put(final String name, final byte[] content) {
        final StoredFile file = disk.create(name, content.length);
        disk.memory().copyFromArray(content, 0, file.address(), content.length);
    }

    private byte[] content(final String name, final int lengthBytes) {
        final byte[] content = new byte[lengthBytes];
        disk.memory().copyToArray(disk.open(name).address(), content, 0, lengthBytes);
        return content;
    }

    private void cutOff(final String name, final int lengthBytes) {
        final byte[] left = content(name, lengthBytes);
        disk.delete(name);
        put(name, left);
    }

    private static byte[] text(final int lengthBytes) {
        return "notes of somebody ".repeat(lengthBytes).substring(0, lengthBytes).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] zerosBut(final int lengthBytes, final int usedFrom) {
        final byte[] content = new byte[lengthBytes];
        Arrays.fill(content, usedFrom, lengthBytes, (byte) 'x');
        return content;
    }

    private void refuses(final byte[] content, final String said) {
        put(FOREIGN, content);
        assertThatThrownBy(() -> open(SMALL)).isInstanceOf(JournalException.class).hasMessageContaining(FOREIGN
                + " is not of a journal: " + said);
        assertThat(disk.names()).contains(FOREIGN).containsAll(names);
        assertThat(content(FOREIGN, content.length)).isEqualTo(content);
        disk.delete(FOREIGN);
    }

    @Test
    void shouldRefuseAFileThatIsShorterThanAHeadAndBeginsAsNone() {
        for (final int lengthBytes : new int[]{1, 7, 8, 9, 42, 63}) {
            final String said = "it has " + lengthBytes + " bytes";
            refuses(text(lengthBytes), said);
            refuses(zerosBut(lengthBytes, lengthBytes - 1), said);
            refuses(zerosBut(lengthBytes, lengthBytes / 2), said);
        }
        for (final int lengthBytes : new int[]{2, 8, 42}) {
            final byte[] almost = content(names.getFirst(), lengthBytes);
            almost[Math.min(lengthBytes, Long.BYTES) - 1] ^= 1;
            refuses(almost, "it has " + lengthBytes + " bytes");
        }
        refuses(text(SegmentLayout.HEADER_BYTES), "its first 8 bytes are 0x");
        refuses(text(100), "its first 8 bytes are 0x");
        assertThat(read(open(SMALL))).hasSize(RECORDS);
    }

    @Test
    void shouldDeleteAFileOfZerosThatAKillLeavesWhileItIsMade() {
        for (final int lengthBytes : new int[]{0, 1, 8, 42, 63, 64, 100, 512, 4096}) {
            put(FOREIGN, new byte[lengthBytes]);
            final Journal journal = open(SMALL);
            assertThat(journal.damage()).as(lengthBytes + " bytes").isEmpty();
            assertThat(read(journal)).as(lengthBytes + " bytes").hasSize(RECORDS);
            assertThat(disk.names()).as(lengthBytes + " bytes").doesNotContain(FOREIGN);
            journal.close();
        }
    }

    @Test
    void shouldSetTheLastSegmentAsideThatEndsWithinItsHead() {
        for (final int lengthBytes : new int[]{1, 7, 8, 42, 63}) {
            disk.names().forEach(disk::delete);
            write();
            final String name = names.getLast();
            cutOff(name, lengthBytes);
            final byte[] left = content(name, lengthBytes);
            Journal journal = open(SMALL);
            assertThat(journal.damage()).singleElement().hasToString(name + " from byte 0 (" + lengthBytes
                    + " bytes): the file ends within its head; records are lost that were durable");
            assertThat(read(journal)).hasSize(14);
            assertThat(disk.names()).contains(name + ".damaged").doesNotContain(name);
            assertThat(content(name + ".damaged", lengthBytes)).isEqualTo(left);
            appendDurably(journal, "on");
            journal.close();
            journal = open(SMALL);
            assertThat(journal.damage()).isEmpty();
            assertThat(read(journal)).hasSize(15).endsWith("on");
            journal.close();
        }
    }

    @Test
    void shouldSetASegmentInTheMiddleAsideThatEndsWithinItsHead() {
        cutOff(names.get(1), 42);
        final Journal journal = open(SMALL);
        assertThat(journal.damage()).hasSize(2).allMatch(Damage::acknowledged).anyMatch(damage -> damage.segment()
                .equals(names.get(1)));
        assertThat(read(journal)).hasSize(7);
        assertThat(disk.names()).contains(names.get(1) + ".damaged", names.get(2) + ".damaged");
    }

    @Test
    void shouldSetAnOnlySegmentAsideThatEndsWithinItsHead() {
        names.subList(1, 3).forEach(disk::delete);
        cutOff(names.getFirst(), 42);
        final Journal journal = open(SMALL);
        assertThat(journal.damage()).singleElement().matches(Damage::acknowledged);
        assertThat(read(journal)).isEmpty();
        assertThat(disk.names()).contains(names.getFirst() + ".damaged");
    }

    @Test
    void shouldDeleteNothingThatBeginsWithAFewZeros() {
        for (final int lengthBytes : new int[]{64, 100, 512, 4096}) {
            final byte[] content = zerosBut(lengthBytes, 20);
            put(FOREIGN, content);
            final Journal journal = open(SMALL);
            assertThat(journal.damage()).as(lengthBytes + " bytes").singleElement().extracting(Damage::segment)
                    .isEqualTo(FOREIGN);
            assertThat(read(journal)).as(lengthBytes + " bytes").hasSize(RECORDS);
            assertThat(content(FOREIGN + ".damaged", lengthBytes)).isEqualTo(content);
            disk.delete(FOREIGN + ".damaged");
            journal.close();
        }
    }
}
