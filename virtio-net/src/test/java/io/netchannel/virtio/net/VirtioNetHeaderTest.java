package io.netchannel.virtio.net;

import static io.netchannel.virtio.net.VirtioNetHeaderLayout.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class VirtioNetHeaderTest {

    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final long address = Arena.global().allocate(64, 8).address();

    @Test
    void shouldLieAsTheSpecificationSays() {
        final VirtioNetHeader header = new VirtioNetHeader().clear();
        header.flags(FLAG_NEEDS_CSUM);
        header.gso(GSO_TCPV6, true, 0x1234, 0x5678);
        header.checksum(0x9ABC, 0xDEF0);
        header.bufferCount(0xFEDC);
        header.write(memory, address + 3);
        final byte[] bytes = new byte[12];
        memory.copyToArray(address + 3, bytes, 0, 12);
        assertThat(bytes).containsExactly(1, 0x84, 0x78, 0x56, 0x34, 0x12, 0xBC, 0x9A, 0xF0, 0xDE, 0xDC, 0xFE);
    }

    @Test
    void shouldReadWhatItWrote() {
        final VirtioNetHeader written = new VirtioNetHeader().clear();
        written.flags(FLAG_NEEDS_CSUM | FLAG_DATA_VALID);
        written.gso(GSO_TCPV4, true, 0xFFFF, 0xFFFE);
        written.checksum(0xFFFD, 0xFFFC);
        written.bufferCount(0xFFFB);
        written.write(memory, address);
        final VirtioNetHeader read = new VirtioNetHeader().read(memory, address);
        assertThat(read.needsChecksum()).isTrue();
        assertThat(read.isChecksumValid()).isTrue();
        assertThat(read.gsoType()).isEqualTo(GSO_TCPV4);
        assertThat(read.hasEcn()).isTrue();
        assertThat(read.gsoSizeBytes()).isEqualTo(0xFFFF);
        assertThat(read.headerLengthBytes()).isEqualTo(0xFFFE);
        assertThat(read.checksumStart()).isEqualTo(0xFFFD);
        assertThat(read.checksumOffset()).isEqualTo(0xFFFC);
        assertThat(read.bufferCount()).isEqualTo(0xFFFB);
    }
}
