package io.netchannel.virtio.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.longs;

import org.junit.jupiter.api.Test;

final class EventIndexTest {

    @Test
    void shouldTellWhenTheEventEntryIsAmongThosePublished() {
        assertThat(EventIndex.passed(9, 10, 1)).isTrue();
        assertThat(EventIndex.passed(10, 10, 1)).as("not published yet").isFalse();
        assertThat(EventIndex.passed(8, 10, 1)).as("told of before").isFalse();
        assertThat(EventIndex.passed(5, 10, 5)).as("first of five").isTrue();
    }

    @Test
    void shouldTellAcrossTheWrapOfTheIndex() {
        assertThat(EventIndex.passed(0xFFFF, 0x1_0002, 3)).isTrue();
        assertThat(EventIndex.passed((short) 0xFFFF, 0x1_0002, 3)).as("as read from memory").isTrue();
        assertThat(EventIndex.passed(0xFFFE, 0x1_0002, 3)).isFalse();
        assertThat(EventIndex.passed(2, 0x1_0002, 3)).isFalse();
        assertThat(EventIndex.passed(12345, 0x2_0000, 0x1_0000)).as("every index was passed").isTrue();
    }

    @Test
    void shouldAgreeWithASearchThroughTheEntriesPublished() {
        qt().forAll(longs().between(0, 1L << 40), integers().between(1, 300), integers().between(-400, 400))
                .check((now, count, distance) -> {
                    final long event = now + distance;
                    boolean found = false;
                    for (long entry = now - count; entry < now; entry++) {
                        found |= (entry & 0xFFFF) == (event & 0xFFFF);
                    }
                    return EventIndex.passed((short) event, now, count) == found;
                });
    }

    @Test
    void shouldAgreeWithASearchThroughTheDescriptorsPassedOfAPackedRing() {
        // The event is at most a lap behind the position, as that of a live peer is: a descriptor not yet published, or
        // one in flight.
        qt().forAll(integers().between(1, 40), integers().between(0, 1000), integers().between(0, 40),
                integers().between(1, 40)).check((size, start, back, count) -> {
                    final int now = start + size;
                    final int event = now - Math.min(back, size);
                    final int passed = Math.min(count, size);
                    final boolean found = event < now && event >= now - passed;
                    return EventIndex.passed(structure(event, size), now % size, isFirstLap(now, size), size,
                            passed) == found;
                });
    }

    private static int structure(final int descriptor, final int size) {
        return PackedQueueLayout.event(descriptor % size, isFirstLap(descriptor, size),
                PackedQueueLayout.EVENT_DESCRIPTOR);
    }

    private static boolean isFirstLap(final int descriptor, final int size) {
        return descriptor / size % 2 == 0;
    }
}
