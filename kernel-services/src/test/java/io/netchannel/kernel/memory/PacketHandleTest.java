package io.netchannel.kernel.memory;

import static io.netchannel.kernel.memory.PacketHandle.MAX_BUFFERS;
import static io.netchannel.kernel.memory.PacketHandle.MAX_BUFFER_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import org.junit.jupiter.api.Test;

class PacketHandleTest {

    @Test
    void shouldHoldWhatItWasMadeOf() {
        qt().forAll(integers().between(0, MAX_BUFFERS - 1), integers().between(0, MAX_BUFFER_BYTES),
                integers().between(0, MAX_BUFFER_BYTES)).checkAssert((index, offset, length) -> {
                    final long handle = PacketHandle.of(index, offset, length);
                    assertThat(handle).isNotNegative();
                    assertThat(PacketHandle.index(handle)).isEqualTo(index);
                    assertThat(PacketHandle.offsetBytes(handle)).isEqualTo(offset);
                    assertThat(PacketHandle.lengthBytes(handle)).isEqualTo(length);
                });
    }

    @Test
    void shouldHoldEachExtremeBesideTheOthers() {
        assertFields(0, 0, 0);
        assertFields(MAX_BUFFERS - 1, 0, 0);
        assertFields(0, MAX_BUFFER_BYTES, 0);
        assertFields(0, 0, MAX_BUFFER_BYTES);
        assertFields(MAX_BUFFERS - 1, MAX_BUFFER_BYTES, MAX_BUFFER_BYTES);
        assertThat(PacketHandle.of(MAX_BUFFERS - 1, MAX_BUFFER_BYTES, MAX_BUFFER_BYTES)).isEqualTo(Long.MAX_VALUE);
    }

    private static void assertFields(final int index, final int offset, final int length) {
        final long handle = PacketHandle.of(index, offset, length);
        assertThat(PacketHandle.index(handle)).isEqualTo(index);
        assertThat(PacketHandle.offsetBytes(handle)).isEqualTo(offset);
        assertThat(PacketHandle.lengthBytes(handle)).isEqualTo(length);
        assertThat(handle).isNotEqualTo(PacketHandle.NONE).isNotNegative();
    }

    @Test
    void shouldSkipUpToItsWholeLength() {
        final long handle = PacketHandle.of(5, 128, 60);
        assertThat(PacketHandle.skip(handle, 14)).isEqualTo(PacketHandle.of(5, 142, 46));
        assertThat(PacketHandle.skip(handle, 60)).isEqualTo(PacketHandle.of(5, 188, 0));
        assertThat(PacketHandle.skip(handle, 0)).isEqualTo(handle);
    }

    @Test
    void shouldMoveWithinTheSameBuffer() {
        final long handle = PacketHandle.of(MAX_BUFFERS - 1, 1, 2);
        assertThat(PacketHandle.withRange(handle, MAX_BUFFER_BYTES, 0))
                .isEqualTo(PacketHandle.of(MAX_BUFFERS - 1, MAX_BUFFER_BYTES, 0));
    }

    @Test
    void shouldDescribeItself() {
        assertThat(PacketHandle.toString(PacketHandle.of(7, 128, 60))).isEqualTo("buffer 7 [128, +60)");
        assertThat(PacketHandle.toString(PacketHandle.NONE)).isEqualTo("none");
    }
}
