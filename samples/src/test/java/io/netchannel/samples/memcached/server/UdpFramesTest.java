package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UdpFramesTest {

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "1392,1", "1393,2", "20000,15", "100000000,65535"})
    void shouldCountDatagrams(final int bytes, final int count) {
        assertThat(UdpFrames.count(bytes)).isEqualTo(count);
    }

    @Test
    void shouldNumberDatagrams() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment answer = arena.allocate(1400).fill((byte) 7);
            final MemorySegment datagram = arena.allocate(UdpFrames.MAX_DATAGRAM_BYTES);
            assertThat(UdpFrames.make(datagram.address(), 0x1234, 1, 2, answer.address(), 1400)).isEqualTo(8 + 8);
            final byte[] header = new byte[9];
            HostMemory.INSTANCE.copyToArray(datagram.address(), header, 0, 9);
            assertThat(header).isEqualTo(new byte[]{0x12, 0x34, 0, 1, 0, 2, 0, 0, 7});
        }
    }

    @Test
    void shouldTakeRequestsOfOneDatagramOnly() {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment request = arena.allocate(16);
            assertThat(UdpFrames.isRequest(request.address(), 16)).isFalse();
            request.set(ValueLayout.JAVA_BYTE, 5, (byte) 1);
            assertThat(UdpFrames.isRequest(request.address(), 16)).isTrue();
            assertThat(UdpFrames.isRequest(request.address(), 8)).isFalse();
        }
    }
}
