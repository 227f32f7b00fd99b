package io.netchannel.virtio.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MacTableTest {

    private static final long BASE = 0x0200_0000_0000L;

    @Test
    void shouldRememberNoMoreThanItHasEntriesFor() {
        final MacTable table = new MacTable(64, 1_000_000);
        for (int i = 1; i <= 100_000; i++) {
            table.learn(BASE + i * 7919L, i % 5, i);
        }
        assertThat(table.capacity()).isEqualTo(64);
        assertThat(table.size()).isBetween(32, 64);
        assertThat(table.portOf(BASE + 100_000 * 7919L, 100_001)).isZero();
    }

    @Test
    void shouldRoundItsCapacityUp() {
        assertThat(new MacTable(1, 1).capacity()).isEqualTo(4);
        assertThat(new MacTable(64, 1).capacity()).isEqualTo(64);
        assertThat(new MacTable(65, 1).capacity()).isEqualTo(128);
    }

    @Test
    void shouldFollowAnAddressAndForgetItAfterSilence() {
        final MacTable table = new MacTable(16, 100);
        table.learn(BASE + 1, 3, 1000);
        assertThat(table.portOf(BASE + 1, 1099)).isEqualTo(3);
        assertThat(table.portOf(BASE + 1, 1100)).isEqualTo(MacTable.UNKNOWN);
        table.learn(BASE + 1, 4, 1200);
        assertThat(table.portOf(BASE + 1, 1200)).isEqualTo(4);
        assertThat(table.portOf(BASE + 2, 1200)).isEqualTo(MacTable.UNKNOWN);
    }

    @Test
    void shouldNotTakeAnEmptyEntryForTheZeroAddress() {
        assertThat(new MacTable(16, 100).portOf(0, 1)).isEqualTo(MacTable.UNKNOWN);
    }

    @Test
    void shouldLetTheOldestGiveWay() {
        final MacTable table = new MacTable(4, 1_000_000);
        for (int i = 1; i <= 4; i++) {
            table.learn(BASE + i, i, 10 - i);
        }
        table.learn(BASE + 5, 5, 20);
        assertThat(table.portOf(BASE + 4, 20)).isEqualTo(MacTable.UNKNOWN);
        assertThat(table.portOf(BASE + 1, 20)).isEqualTo(1);
        assertThat(table.portOf(BASE + 5, 20)).isEqualTo(5);
    }
}
