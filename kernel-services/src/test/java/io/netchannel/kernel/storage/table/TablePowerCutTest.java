package io.netchannel.kernel.storage.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.storage.fault.Seeds;
import org.junit.jupiter.api.Test;

/** A table whose program ends at any store and any write of the disk. */
final class TablePowerCutTest {

    private static final int DISKS = 2500;
    private static final int ENDS_EACH = 4;

    @Test
    void shouldKeepAllThatWasAcknowledgedThroughTenThousandPowerCutsAndKills() {
        final long[] counts = new long[2];
        Seeds.each(1, DISKS, seed -> {
            final TableRun run = new TableRun(seed);
            run.run(ENDS_EACH);
            counts[0] += run.ends;
            counts[1] += run.changesMade;
        });
        System.out.println("table: " + counts[0] + " power cuts and kills, " + counts[1] + " changes");
        assertThat(counts[0]).isPositive();
    }
}
