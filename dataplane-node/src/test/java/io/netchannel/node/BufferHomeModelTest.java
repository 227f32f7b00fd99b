package io.netchannel.node;

import io.netchannel.channels.NetChannel;
import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelLayout;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.cpu.explore.AccessMode;
import io.netchannel.cpu.explore.Bounds;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.ModelledMemory;
import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.explore.WeakenedMemory;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A buffer that goes to another thread, is released there, comes home and is used again, in every execution that the CPUs
 * allow: its bytes, its record and its reference count are plain words, and go with it.
 */
final class BufferHomeModelTest {

    private static final int RING_SLOTS = 2;
    private static final int BUFFER_BYTES = 256;
    private static final int ROUNDS = 2;

    private final Program program = Program.named("buffers on their way home");
    private final long there = program.allocate("ring there", NetChannel.sizeBytes(RING_SLOTS),
            NetChannelLayout.ALIGNMENT_BYTES);
    private final long home = program.allocate("ring home", NetChannel.sizeBytes(RING_SLOTS),
            NetChannelLayout.ALIGNMENT_BYTES);
    private final long records = program.allocate("records", 2L * PacketLayout.RECORD_BYTES, 128);
    private final long buffers = program.allocate("buffers", 2L * (BUFFER_BYTES + 128), 128);

    /** Thread i owns buffer i. */
    private PacketPool pool(final ModelledThread t, final int thread, final BufferHome way) {
        final PacketPool pool = new PacketPool(new PacketMemory(t.memory(), 2, BUFFER_BYTES, records, buffers), thread,
                1, way::giveBack);
        way.pool(pool);
        return pool;
    }

    private NetChannelConsumer consumer(final OrderedMemory memory, final long ring) {
        return new NetChannelConsumer(memory, ring, RING_SLOTS);
    }

    private NetChannelProducer producer(final OrderedMemory memory, final long ring) {
        return new NetChannelProducer(memory, ring, RING_SLOTS, null);
    }

    private Program program(final Function<ModelledMemory, OrderedMemory> releasers) {
        program.thread("owner", t -> {
            final BufferHome way = new BufferHome(new NetChannelProducer[2],
                    new NetChannelConsumer[]{null, consumer(t.memory(), home)}, 1);
            final PacketPool pool = pool(t, 0, way);
            final NetChannelProducer out = producer(t.memory(), there);
            for (int i = 1; i <= ROUNDS; i++) {
                final int buffer = pool.allocate();
                t.assertEquals(0, buffer, "buffer");
                t.memory().putLong(pool.packets().bufferAddress(buffer), i);
                out.offer(buffer);
                out.flush();
                t.await(() -> way.poll(0) > 0);
            }
            pool.checkNoLeaks();
        });
        return program.thread("releaser", t -> {
            final BufferHome way = new BufferHome(
                    new NetChannelProducer[]{producer(releasers.apply(t.memory()), home), null},
                    new NetChannelConsumer[2], 1);
            final PacketPool pool = pool(t, 1, way);
            final NetChannelConsumer in = consumer(t.memory(), there);
            final long[] buffer = new long[1];
            for (int i = 1; i <= ROUNDS; i++) {
                t.await(() -> (buffer[0] = in.poll()) != NetChannelConsumer.NONE);
                t.assertEquals(i, t.memory().getLong(pool.packets().bufferAddress((int) buffer[0])), "bytes");
                pool.release((int) buffer[0]);
                // As before it sleeps.
                way.arm();
            }
        });
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldBringBuffersHomeForUseAgain(final MemoryModel model) {
        Explorer.check(program(memory -> memory), model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = {"ARMV8", "ARMV8_NO_LSE"})
    void shouldNotKnowABufferThatComesHomeUnreleased(final MemoryModel model) {
        Explorer.check(program(memory -> WeakenedMemory.of(memory).weakStores(home + NetChannelLayout.TAIL_OFFSET,
                Long.BYTES, AccessMode.OPAQUE)), model, Bounds.DEFAULT.withoutRaces()).finds("owner failed");
    }
}
