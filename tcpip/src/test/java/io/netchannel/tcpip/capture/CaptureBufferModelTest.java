package io.netchannel.tcpip.capture;

import io.netchannel.channels.NetChannel;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Bounds;
import io.netchannel.cpu.explore.Exploration;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.Region;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The records of a capture from the stack's thread to the reader's, in every execution that the CPUs allow. */
final class CaptureBufferModelTest {

    private static final int RECORDS = 2;
    /** For one record of eight bytes: the second frame overwrites the first, though the channel has room for both. */
    private static final int BUFFER_BYTES = 32;
    private static final int FRAMES = 2;
    /** The channel comes first. */
    private static final long FREED_OFFSET = NetChannel.sizeBytes(RECORDS);

    private final Program program = Program.named("capture");
    private final long region = program.allocate("region", CaptureBuffer.regionBytes(RECORDS, BUFFER_BYTES), 4096);
    private final long record = program.allocate("packet's record", PacketLayout.RECORD_BYTES, 128);
    private final long packet = program.allocate("packet", 256 + 128, 128);

    private CaptureBuffer buffer(final ModelledThread t, final Function<ModelledMemory, OrderedMemory> side) {
        return t.prepare(() -> new CaptureBuffer(CaptureFilter.ALL, 8, BUFFER_BYTES, RECORDS, Region.over("capture",
                side.apply(t.memory()), region, CaptureBuffer.regionBytes(RECORDS, BUFFER_BYTES)), null));
    }

    private Program program(final Function<ModelledMemory, OrderedMemory> readers) {
        program.thread("stack", t -> {
            final CaptureBuffer buffer = buffer(t, memory -> memory);
            final PacketMemory packets = new PacketMemory(t.memory(), 1, 256, record, packet);
            for (int i = 1; i <= FRAMES; i++) {
                final int frame = i;
                t.memory().putLong(packet, frame);
                t.await(() -> {
                    final long before = buffer.dropped();
                    buffer.offer(packets, PacketHandle.of(0, 0, Long.BYTES), true, frame);
                    return buffer.dropped() == before;
                });
                buffer.flush();
            }
        });
        return program.thread("reader", t -> {
            final CaptureBuffer buffer = buffer(t, readers);
            final long[] seen = new long[FRAMES];
            for (int i = 0; i < FRAMES; i++) {
                final int at = i;
                t.await(() -> buffer.drain((timeNs, outbound, address, capturedBytes, frameBytes) -> seen[at] = t
                        .memory().getLong(address), 1) == 1);
            }
            for (int i = 0; i < FRAMES; i++) {
                t.assertEquals(i + 1, seen[i], "bytes of the frame");
            }
        });
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldGiveTheReaderEachFrame(final MemoryModel model) {
        Explorer.check(program(memory -> memory), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldOverwriteWhatIsReadIfItIsFreedWithoutRelease(final MemoryModel model) {
        final Exploration exploration = Explorer.check(program(memory -> WeakenedMemory.of(memory).weakStores(
                region + FREED_OFFSET, Long.BYTES, AccessMode.OPAQUE)), model, Bounds.DEFAULT.withoutRaces());
        if (model == MemoryModel.SC || model == MemoryModel.X86_TSO) {
            exploration.assertHolds();
        } else {
            exploration.finds("bytes of the frame");
        }
    }
}
