package io.netchannel.kernel.storage.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.storage.fault.Seeds;
import org.junit.jupiter.api.Test;

/** A journal whose program ends at any store and any write of the disk. */
final class JournalPowerCutTest {

    private static final int DISKS = 2500;
    private static final int ENDS_EACH = 4;
    private static final int REPLAYED = 500;

    @Test
    void shouldKeepAllThatWasAcknowledgedThroughTenThousandPowerCutsAndKills() {
        final long[] counts = new long[2];
        Seeds.each(1, DISKS, seed -> {
            final JournalRun run = new JournalRun(seed);
            run.run(ENDS_EACH);
            counts[0] += run.ends;
            counts[1] += run.records;
        });
        System.out.println("journal: " + counts[0] + " power cuts and kills, " + counts[1] + " records");
        assertThat(counts[0]).isPositive();
    }

    /** Wherever the host puts the files' memory: else a seed would replay nothing. */
    @Test
    void shouldDoTheSameFromTheSameSeed() {
        Seeds.each(1, REPLAYED, seed -> {
            final JournalRun first = new JournalRun(seed);
            first.run(ENDS_EACH);
            final JournalRun second = new JournalRun(seed);
            second.run(ENDS_EACH);
            assertThat(second.records).isEqualTo(first.records);
        });
    }
}
