package io.netchannel.kernel.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.HostMemory;
import org.junit.jupiter.api.Test;

class MemoryDebuggerTest {

    private static final int PART_BYTES = 1 << 20;

    private final MemoryDebugger debugger = new MemoryDebugger(HostMemory.INSTANCE);
    private final BlockHeap blocks = new BlockHeap("debugged", PART_BYTES, 64, 16L * PART_BYTES,
            PageChoice.TRANSPARENT, debugger);
    private final MagazineHeap heap = new MagazineHeap(blocks, 64, 2);
    private final LoopHeap loop = heap.newLoop();

    private long takenHere(final int bytes) {
        return loop.allocate(bytes);
    }

    private void freedHere(final long block, final int bytes) {
        loop.free(block, bytes);
    }

    @Test
    void shouldNameBothStacksOfWhatIsFreedTwice() {
        final long block = takenHere(100);
        freedHere(block, 100);
        assertThatThrownBy(() -> loop.free(block, 100)).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("0x" + Long.toHexString(block) + "..+128 freed twice")
                .hasMessageContaining("takenHere").hasMessageContaining("freedHere");
        heap.close();
    }

    @Test
    void shouldFindAWriteToWhatIsFree() {
        final long block = takenHere(100);
        freedHere(block, 100);
        HostMemory.INSTANCE.putByte(block + 77, (byte) 0x41);
        assertThatThrownBy(() -> loop.allocate(128)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("..+128 used after it was freed: byte 77 is 0x41")
                .hasMessageContaining("takenHere").hasMessageContaining("freedHere");
        heap.close();
    }

    @Test
    void shouldNameWhatWasNeverFreed() {
        final long block = takenHere(4096);
        final long large = loop.allocate(2 << 20);
        assertThatThrownBy(heap::close).hasMessageStartingWith("2 blocks never freed").hasMessageContaining("0x"
                + Long.toHexString(block) + "..+4096 never freed").hasMessageContaining("takenHere")
                .hasMessageContaining("0x" + Long.toHexString(large));
    }

    @Test
    void shouldFindAWrongSizeAndAWrongAddress() {
        final long block = takenHere(4096);
        assertThatThrownBy(() -> loop.free(block, 64)).hasMessageContaining("..+4096 freed as if of sizeBytes=64");
        assertThatThrownBy(() -> loop.free(block + 64, 64)).hasMessageContaining("freed, but never allocated");
        loop.free(block, 4096);
        heap.close();
    }

    @Test
    void shouldNotTakeForAWriteWhatTheSystemOrANeighbourDid() {
        for (int round = 0; round < 3; round++) {
            final long[] small = new long[300];
            for (int i = 0; i < small.length; i++) {
                small[i] = loop.allocate(4096);
            }
            for (final long block : small) {
                loop.free(block, 4096);
            }
            loop.flush();
            if (round == 1) {
                loop.giveBack(Long.MAX_VALUE);
            }
            // In place of many small ones, and in a region of its own.
            final long large = loop.allocate(PART_BYTES);
            HostMemory.INSTANCE.fill(large, PART_BYTES, (byte) 1);
            final long larger = loop.allocate(2L * PART_BYTES);
            loop.free(large, PART_BYTES);
            loop.free(larger, 2L * PART_BYTES);
        }
        assertThatCode(heap::close).doesNotThrowAnyException();
    }

    @Test
    void shouldTellWhenTwoAreGivenTheSame() {
        final long block = loop.allocate(64);
        assertThatThrownBy(() -> debugger.allocated(block + 32, 64)).hasMessageContaining(
                "..+64 handed out again while it is in use").hasMessageContaining("MemoryDebuggerTest");
        assertThatThrownBy(() -> debugger.allocated(block - 32, 64)).hasMessageContaining("while it is in use");
        loop.free(block, 64);
        assertThatCode(heap::close).doesNotThrowAnyException();
    }

    @Test
    void shouldFollowPagesTooThatAreTakenWithoutALoop() {
        final long page = blocks.allocate(4096);
        blocks.free(page);
        assertThatThrownBy(() -> blocks.free(page)).hasMessageContaining("..+4096 freed twice");
        heap.close();
    }

    @Test
    void shouldFollowPacketBuffersFromPoolToPool() {
        heap.close();
        try (Region region = Region.create("debugged-packets", PacketMemory.requiredBytes(4, 256))) {
            final PacketMemory packets = new PacketMemory(region.memory(), 4, 256, region.allocate(4
                    * PacketLayout.RECORD_BYTES, 128), region.allocate(4 * 384, 128), debugger);
            final PacketPool pool = new PacketPool(packets, 0, 2, index -> {
                throw new AssertionError("buffer " + index);
            });
            final PacketPool other = new PacketPool(packets, 2, 2, pool::reclaim);
            final int index = pool.allocate();
            assertThatThrownBy(pool::checkNoLeaks).hasMessageContaining("1 of 2 buffers not returned: " + index
                    + "(references=1): 0x").hasMessageContaining("..+256 in use").hasMessageContaining("allocate");
            other.release(index);
            assertThatThrownBy(() -> pool.release(index)).hasMessageContaining("released twice: 0x")
                    .hasMessageContaining("PacketPool.release");
            packets.memory().putInt(packets.bufferAddress(index) + 100, 0);
            assertThatThrownBy(pool::allocate).hasMessageContaining("used after it was freed: byte 100 is 0x0");
        }
    }

    @Test
    void shouldBeOffUnlessAskedFor() {
        assertThat(MemoryDebugger.ifEnabled(HostMemory.INSTANCE)).isNull();
    }
}
