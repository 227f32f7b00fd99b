package io.netchannel.kernel.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.linux.Pages;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.PageChoice;
import io.netchannel.kernel.memory.Region;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FreeBuffersTest {

    private static final int BUFFERS = 1024;
    private static final int BUFFER_BYTES = 2048;
    private static final long ALL = Long.MAX_VALUE;

    // Of reserved huge pages nothing could be given.
    private final Region region = Region.builder("free-buffers-test",
            PacketMemory.requiredBytes(BUFFERS, BUFFER_BYTES)).pages(PageChoice.BASE).create();
    private final PacketMemory packets = new PacketMemory(region, BUFFERS, BUFFER_BYTES);
    private final PacketPool pool = new PacketPool(packets);
    private final FreeBuffers shrinker = new FreeBuffers("buffers", pool, () -> {
    });

    @AfterEach
    void close() {
        region.close();
    }

    /** With the metadata, which lies before them. */
    private void touchAll() {
        for (int i = 0; i < BUFFERS; i++) {
            pool.allocate();
        }
        for (int i = 0; i < BUFFERS; i++) {
            pool.release(i);
        }
        for (int i = 0; i < BUFFERS; i++) {
            packets.memory().fill(packets.bufferAddress(i), BUFFER_BYTES, (byte) 7);
        }
    }

    private long resident() {
        return Pages.residentBytes(region.address(), region.sizeBytes());
    }

    @Test
    void shouldGiveExactlyWhatIsNoLongerResident() {
        touchAll();
        final long before = resident();
        final long given = shrinker.shrink(ALL);
        assertThat(before - resident()).isEqualTo(given);
        // All but the pages that buffers share with the metadata before and with what is behind.
        assertThat(given).isGreaterThan(before - 64 * BUFFERS * 4 - 4 * Linux.pageBytes()).isLessThanOrEqualTo(before);
        assertThat(shrinker.shrink(ALL)).as("they are gone").isZero();
        assertThat(pool.available()).isEqualTo(BUFFERS);
    }

    @Test
    void shouldGiveNothingThatWasNeverTouched() {
        assertThat(shrinker.reclaimableBytes()).isPositive();
        assertThat(shrinker.shrink(ALL)).isZero();
    }

    @Test
    void shouldGiveHardlyMoreThanIsWanted() {
        touchAll();
        assertThat(shrinker.shrink(64 << 10)).isBetween(64L << 10, 80L << 10);
        assertThat(shrinker.shrink(64 << 10)).isBetween(64L << 10, 80L << 10);
    }

    @Test
    void shouldHandOutThoseFirstThatStillHaveTheirPages() {
        touchAll();
        final long given = shrinker.shrink(1 << 20);
        final long before = resident();
        for (int i = 0; i < BUFFERS / 4; i++) {
            packets.memory().putByte(packets.bufferAddress(pool.allocate()), (byte) 1);
        }
        assertThat(resident()).as("after %d given", given).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldLeaveBuffersAloneThatAreInUse(final long seed) {
        touchAll();
        final SplittableRandom random = new SplittableRandom(seed);
        final boolean[] held = new boolean[BUFFERS];
        for (int i = 0; i < BUFFERS; i++) {
            held[pool.allocate()] = true;
        }
        for (int i = 0; i < BUFFERS; i++) {
            // Runs of free ones, and single ones.
            if (random.nextInt(4) > 0 || i % 256 < 64) {
                held[i] = false;
                pool.release(i);
            }
        }
        assertThat(shrinker.shrink(ALL)).as("seed " + seed).isPositive();
        for (int i = 0; i < BUFFERS; i++) {
            if (held[i]) {
                for (int at = 0; at < BUFFER_BYTES; at++) {
                    assertThat(packets.memory().getByte(packets.bufferAddress(i) + at)).as("buffer " + i + ", seed "
                            + seed).isEqualTo((byte) 7);
                }
                pool.release(i);
            }
        }
        pool.checkNoLeaks();
    }
}
