package io.netchannel.kernel.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeapBalloonTest {

    private static final long MIB = 1 << 20;
    private static final long SECOND_NS = 1_000_000_000L;

    private final FakeHeap heap = new FakeHeap();
    private long nowNs;
    private final HeapBalloon balloon = new HeapBalloon(() -> heap, () -> nowNs);

    private static final class FakeHeap implements HeapLevers {
        private long committed = 400 * MIB;
        private long touched = 300 * MIB;
        private long live = 100 * MIB;
        private long pausedMs;
        private int collections;
        private boolean tight;

        @Override
        public long committedBytes() {
            return committed;
        }

        @Override
        public long liveBytes() {
            return live;
        }

        @Override
        public long maxBytes() {
            return 1000 * MIB;
        }

        @Override
        public long pausedMs() {
            return pausedMs;
        }

        @Override
        public long residentBytes() {
            return 50 * MIB + Math.min(touched, committed);
        }

        @Override
        public void tighten() {
            tight = true;
        }

        @Override
        public void loosen() {
            tight = false;
        }

        @Override
        public void collect() {
            collections++;
            pausedMs += 100;
            committed = tight ? Math.min(committed, live * 5 / 4) : committed;
        }
    }

    private long growth() throws IOException {
        return ((MemoryReading.Growth) balloon.gauge().read()).bytes();
    }

    @Test
    void shouldGiveWhatWasResidentNotWhatWasCommitted() {
        assertThat(balloon.reclaimableBytes()).isEqualTo(275 * MIB);
        assertThat(balloon.shrink(MIB)).isEqualTo(300 * MIB - 125 * MIB);
        assertThat(balloon.reclaimableBytes()).as("nothing that is worth it").isZero();
    }

    @Test
    void shouldCollectNoMoreOftenThanIsAllowed() {
        for (int second = 0; second < 600; second++) {
            heap.committed = 400 * MIB;
            if (balloon.reclaimableBytes() > 0) {
                balloon.shrink(MIB);
            }
            balloon.shrink(MIB);
            nowNs += SECOND_NS;
        }
        assertThat(heap.collections).isEqualTo(10 * HeapBalloon.MAX_COLLECTIONS);
    }

    @Test
    void shouldNotCollectWhileCollectionsCostTooMuch() throws IOException {
        growth();
        // More than a twentieth of a minute.
        heap.pausedMs += 3_001;
        nowNs += SECOND_NS;
        assertThat(balloon.reclaimableBytes()).isZero();
        assertThat(balloon.shrink(MIB)).isZero();
        assertThat(heap.collections).isZero();
        nowNs += HeapBalloon.WINDOW_NS;
        growth();
        nowNs += SECOND_NS;
        assertThat(balloon.reclaimableBytes()).as("a minute later").isPositive();
    }

    @Test
    void shouldLetTheHeapGoWhenItHasNoRoomToWork() throws IOException {
        balloon.shrink(MIB);
        assertThat(heap.tight).isTrue();
        assertThat(growth()).as("it is kept small").isZero();
        nowNs += 10 * SECOND_NS;
        heap.pausedMs += 4_000;
        growth();
        assertThat(heap.tight).isFalse();
    }

    @Test
    void shouldLetTheHeapGoWhenThereIsRoom() {
        balloon.shrink(MIB);
        balloon.mayGrow(MIB);
        assertThat(heap.tight).isFalse();
    }

    @Test
    void shouldAnnounceWhatTheHeapWillTake() throws IOException {
        assertThat(growth()).isZero();
        heap.live = 300 * MIB;
        // 300 live and 200 free are 500, of which 400 are there.
        assertThat(growth()).isBetween(99 * MIB, 101 * MIB);
        heap.live = 900 * MIB;
        assertThat(growth()).as("no more than its largest size").isEqualTo(600 * MIB);
    }

    @Test
    void shouldDoNothingBeforeTheLeversAreThere() throws IOException {
        final HeapBalloon early = new HeapBalloon(() -> null, () -> nowNs);
        assertThat(early.reclaimableBytes()).isZero();
        assertThat(early.shrink(MIB)).isZero();
        assertThat(early.gauge().read()).isEqualTo(new MemoryReading.Growth(0));
        early.mayGrow(MIB);
    }

    /** A cache gives way to the heap, through the same policy. */
    @Test
    void shouldHaveCachesGiveWayToTheHeap() {
        final List<Long> asked = new ArrayList<>();
        final long[] available = {120 * MIB};
        final MemoryGauge limit = new MemoryGauge() {
            @Override
            public String name() {
                return "limit";
            }

            @Override
            public MemoryReading read() {
                return new MemoryReading.Room(1000 * MIB, available[0]);
            }
        };
        heap.live = 300 * MIB;
        try (MemoryPressure pressure = new MemoryPressure(Runnable::run, List.of(balloon.gauge(), limit),
                PressureThresholds.DEFAULT, line -> {
                })) {
            pressure.register(new Shrinker() {
                @Override
                public String name() {
                    return "cache";
                }

                @Override
                public int cost() {
                    return ShrinkCost.CACHE;
                }

                @Override
                public long reclaimableBytes() {
                    return 200 * MIB;
                }

                @Override
                public long shrink(final long wantedBytes) {
                    asked.add(wantedBytes);
                    available[0] += wantedBytes;
                    return wantedBytes;
                }
            });
            for (int turn = 0; turn < 1000; turn++) {
                nowNs = Math.max(nowNs, pressure.nextDeadlineNs());
                pressure.poll(nowNs);
            }
            assertThat(asked).isNotEmpty();
            // The heap's hundred, and the high mark.
            assertThat(available[0]).isBetween(189 * MIB, 191 * MIB);
        }
    }
}
