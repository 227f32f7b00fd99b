package io.netchannel.virtio.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EcnMarkTest {

    private static final int FRAME_BYTES = 64;

    @Test
    void shouldMarkCapablePacketsAndKeepTheHeaderChecksumTrue() {
        final Random random = new Random(7);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment frame = arena.allocate(FRAME_BYTES, 8);
            for (int i = 0; i < 10_000; i++) {
                final byte[] bytes = new byte[FRAME_BYTES];
                random.nextBytes(bytes);
                bytes[12] = 0x08;
                bytes[13] = 0;
                bytes[14] = 0x45;
                final int ecn = i & 3;
                bytes[15] = (byte) (bytes[15] & ~3 | ecn);
                bytes[24] = 0;
                bytes[25] = 0;
                MemorySegment.copy(bytes, 0, frame, ValueLayout.JAVA_BYTE, 0, FRAME_BYTES);
                final int sum = headerSum(frame);
                frame.set(ValueLayout.JAVA_BYTE, 24, (byte) (~sum >>> 8));
                frame.set(ValueLayout.JAVA_BYTE, 25, (byte) ~sum);
                assertThat(EcnMark.set(HostMemory.INSTANCE, frame.address())).isEqualTo(ecn != 0);
                assertThat(frame.get(ValueLayout.JAVA_BYTE, 15) & 3).isEqualTo(ecn == 0 ? 0 : 3);
                assertThat(headerSum(frame)).as("packet %d", i).isEqualTo(0xFFFF);
            }
        }
    }

    @Test
    void shouldMarkTheTrafficClassOfIpv6AndNothingElse() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment frame = arena.allocate(FRAME_BYTES, 8);
            frame.set(ValueLayout.JAVA_BYTE, 12, (byte) 0x86);
            frame.set(ValueLayout.JAVA_BYTE, 13, (byte) 0xDD);
            frame.set(ValueLayout.JAVA_BYTE, 14, (byte) 0x6A);
            // Traffic class AB 10, flow label CDEF0.
            frame.set(ValueLayout.JAVA_BYTE, 15, (byte) 0x2C);
            frame.set(ValueLayout.JAVA_BYTE, 16, (byte) 0xDE);
            assertThat(EcnMark.set(HostMemory.INSTANCE, frame.address())).isTrue();
            assertThat(frame.get(ValueLayout.JAVA_BYTE, 14)).isEqualTo((byte) 0x6A);
            assertThat(frame.get(ValueLayout.JAVA_BYTE, 15)).isEqualTo((byte) 0x3C);
            assertThat(frame.get(ValueLayout.JAVA_BYTE, 16)).isEqualTo((byte) 0xDE);
        }
    }

    @Test
    void shouldLeaveOtherFramesAlone() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment frame = arena.allocate(FRAME_BYTES, 8);
            frame.fill((byte) 0x06);
            assertThat(EcnMark.set(HostMemory.INSTANCE, frame.address())).isFalse();
            assertThat(frame.toArray(ValueLayout.JAVA_BYTE)).containsOnly(0x06);
        }
    }

    private static int headerSum(final MemorySegment frame) {
        int sum = 0;
        for (int offset = 14; offset < 34; offset += 2) {
            sum += Byte.toUnsignedInt(frame.get(ValueLayout.JAVA_BYTE, offset)) << 8
                    | Byte.toUnsignedInt(frame.get(ValueLayout.JAVA_BYTE, offset + 1));
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return (sum & 0xFFFF) + (sum >>> 16);
    }
}
