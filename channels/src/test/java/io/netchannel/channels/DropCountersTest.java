package io.netchannel.channels;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DropCountersTest {

    private final DropCounters counters = new DropCounters();

    @Test
    void shouldCountByReason() {
        counters.count(DropReason.FILTERED);
        counters.count(DropReason.CHANNEL_FULL);
        counters.count(DropReason.CHANNEL_FULL);
        assertThat(counters.get(DropReason.CHANNEL_FULL)).isEqualTo(2);
        assertThat(counters.get(DropReason.FILTERED)).isEqualTo(1);
        assertThat(counters.get(DropReason.BAD_GSO)).isZero();
        assertThat(counters.total()).isEqualTo(3);
        assertThat(counters).hasToString("CHANNEL_FULL=2 FILTERED=1");
    }

    @Test
    void shouldSayThatThereWereNone() {
        assertThat(counters).hasToString("none");
    }

    @Test
    void shouldCountEveryReason() {
        for (final DropReason reason : DropReason.values()) {
            counters.count(reason);
            assertThat(counters.get(reason)).isEqualTo(1);
        }
        assertThat(counters.total()).isEqualTo(DropReason.values().length);
    }
}
