package io.netchannel.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Both ways to the host's memory keep one contract. */
@ParameterizedClass
@MethodSource("memories")
final class HostMemoryTest {

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment = arena.allocate(4096, 128);
    private final long base = segment.address();
    private final OrderedMemory memory;

    HostMemoryTest(final OrderedMemory memory) {
        this.memory = memory;
    }

    static List<Named<OrderedMemory>> memories() {
        return List.of(Named.of("raw", new RawMemory()), Named.of("segment", new SegmentMemory()));
    }

    @Test
    void shouldTakeTheFastestThatTheJvmAllows() {
        assertThat(HostMemory.isRawAvailable()).as("the build starts the JVM with the export").isTrue();
        assertThat(HostMemory.INSTANCE).isInstanceOf(RawMemory.class);
    }

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void shouldReadBackEveryWidthAtItsExtremes() {
        memory.putByte(base, Byte.MIN_VALUE);
        memory.putShort(base + 2, Short.MIN_VALUE);
        memory.putInt(base + 4, Integer.MIN_VALUE);
        memory.putLong(base + 8, Long.MIN_VALUE);
        assertThat(memory.getByte(base)).isEqualTo(Byte.MIN_VALUE);
        assertThat(memory.getShort(base + 2)).isEqualTo(Short.MIN_VALUE);
        assertThat(memory.getInt(base + 4)).isEqualTo(Integer.MIN_VALUE);
        assertThat(memory.getLong(base + 8)).isEqualTo(Long.MIN_VALUE);
        assertThat(memory.getByte(base + 1)).as("the byte between").isZero();
    }

    @Test
    void shouldAllowPlainAccessAtAnyAlignment() {
        memory.putLong(base + 1, 0x0102030405060708L);
        assertThat(memory.getLong(base + 1)).isEqualTo(0x0102030405060708L);
        assertThat(memory.getInt(base + 1)).as("low half first: little-endian").isEqualTo(0x05060708);
        assertThat(memory.getShort(base + 7)).isEqualTo((short) 0x0102);
    }

    @Test
    void shouldSeeTheSameWordThroughEveryAccessMode() {
        memory.putShortRelease(base, (short) -2);
        assertThat(memory.getShortAcquire(base)).isEqualTo((short) -2);
        memory.putShortOpaque(base, (short) 3);
        assertThat(memory.getShortOpaque(base)).isEqualTo((short) 3);
        memory.putIntRelease(base, 4);
        assertThat(memory.getIntAcquire(base)).isEqualTo(4);
        memory.putIntOpaque(base, 5);
        assertThat(memory.getIntOpaque(base)).isEqualTo(5);
        memory.putIntVolatile(base, 6);
        assertThat(memory.getIntVolatile(base)).isEqualTo(6);
        memory.putLongRelease(base, 7);
        assertThat(memory.getLongAcquire(base)).isEqualTo(7);
        memory.putLongOpaque(base, 8);
        assertThat(memory.getLongOpaque(base)).isEqualTo(8);
        memory.putLongVolatile(base, 9);
        assertThat(memory.getLongVolatile(base)).isEqualTo(9);
    }

    @Test
    void shouldReplaceOnlyTheExpectedValue() {
        memory.putInt(base, 1);
        assertThat(memory.compareAndSetInt(base, 2, 3)).isFalse();
        assertThat(memory.compareAndSetInt(base, 1, 3)).isTrue();
        assertThat(memory.getAndAddInt(base, 4)).isEqualTo(3);
        assertThat(memory.getAndSetInt(base, 5)).isEqualTo(7);
        memory.putLong(base, 1);
        assertThat(memory.compareAndSetLong(base, 2, 3)).isFalse();
        assertThat(memory.compareAndSetLong(base, 1, Long.MAX_VALUE)).isTrue();
        assertThat(memory.getAndAddLong(base, 1)).isEqualTo(Long.MAX_VALUE);
        assertThat(memory.getLong(base)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void shouldCopyBetweenMemoryAndArrays() {
        final byte[] source = {1, 2, 3, 4, 5};
        memory.copyFromArray(source, 1, base + 3, 4);
        memory.copy(base + 3, base + 100, 4);
        final byte[] out = new byte[6];
        memory.copyToArray(base + 100, out, 1, 4);
        assertThat(out).containsExactly(0, 2, 3, 4, 5, 0);
        memory.fill(base + 100, 2, (byte) 9);
        assertThat(memory.getInt(base + 100)).isEqualTo(0x05040909);
    }

    /** A release store publishes the plain store before it. */
    @Test
    @Timeout(60)
    void shouldPublishPlainStoresBeforeAReleaseStore() throws Exception {
        final int rounds = 200_000;
        final long data = base;
        final long flag = base + 256;
        final CountDownLatch started = new CountDownLatch(1);
        final Thread writer = new Thread(() -> {
            started.countDown();
            for (int i = 1; i <= rounds; i++) {
                memory.putInt(data, i);
                memory.putIntRelease(flag, i);
                while (memory.getIntAcquire(flag) != -i) {
                    Thread.yield();
                }
            }
        });
        writer.start();
        started.await();
        int stale = 0;
        for (int i = 1; i <= rounds; i++) {
            while (memory.getIntAcquire(flag) != i) {
                Thread.yield();
            }
            if (memory.getInt(data) != i) {
                stale++;
            }
            memory.putIntRelease(flag, -i);
        }
        writer.join();
        assertThat(stale).isZero();
    }

    @Test
    void shouldCopyEveryShortLengthAndUpwardsOverItself() {
        for (int length = 0; length <= 70; length++) {
            final byte[] source = new byte[length];
            for (int i = 0; i < length; i++) {
                source[i] = (byte) (i * 7 + length);
            }
            final byte[] back = new byte[length];
            memory.copyFromArray(source, 0, base + 512, length);
            memory.copy(base + 512, base + 509, length);
            memory.copyToArray(base + 509, back, 0, length);
            assertThat(back).isEqualTo(source);
        }
    }

    @Test
    void shouldRefuseArraysThatAreTooShort() {
        assertThatThrownBy(() -> memory.copyToArray(base, new byte[7], 4, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.copyFromArray(new byte[7], -1, base, 4))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
