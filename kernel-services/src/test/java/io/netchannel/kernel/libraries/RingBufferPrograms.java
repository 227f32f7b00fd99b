package io.netchannel.kernel.libraries;

import io.netchannel.cpu.explore.ModelledThread;
import io.netchannel.cpu.explore.Program;
import io.netchannel.cpu.rewrite.ModelledClassLoader;
import io.netchannel.cpu.rewrite.ModelledProgram;
import java.util.function.Function;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Agrona's rings of records outside the heap, with room for two records of four bytes. Each thread has a ring object of its
 * own over the same bytes, as two processes would.
 */
final class RingBufferPrograms {

    // A record is a header of 8 bytes and what it holds, aligned to 8; a message may take an eighth of the capacity.
    private static final int CAPACITY = 32;
    private static final int TYPE = 7;

    private RingBufferPrograms() {
    }

    /** One producer. */
    static final class OneToOne implements ModelledProgram {

        @Override
        public Program program(final ModelledClassLoader loader) {
            return build("Agrona OneToOneRingBuffer", loader, OneToOneRingBuffer::new, 3);
        }
    }

    /** Two producers. */
    static final class ManyToOne implements ModelledProgram {

        @Override
        public Program program(final ModelledClassLoader loader) {
            return build("Agrona ManyToOneRingBuffer", loader, ManyToOneRingBuffer::new, 2, 1);
        }
    }

    /** @param counts messages of each producer */
    private static Program build(final String name, final ModelledClassLoader loader,
            final Function<AtomicBuffer, RingBuffer> maker, final int... counts) {
        final Program program = Program.named(name);
        final int lengthBytes = CAPACITY + RingBufferDescriptor.TRAILER_LENGTH;
        final long address = program.allocate("ring", lengthBytes, 128);
        program.setup(loader::use);
        int total = 0;
        for (int p = 0; p < counts.length; p++) {
            final int first = total;
            final int count = counts[p];
            program.thread("producer " + p, t -> produce(t, ring(maker, address, lengthBytes), first, count));
            total += count;
        }
        final int all = total;
        return program.thread("consumer", t -> consume(t, ring(maker, address, lengthBytes), all));
    }

    private static RingBuffer ring(final Function<AtomicBuffer, RingBuffer> maker, final long address,
            final int lengthBytes) {
        return maker.apply(new UnsafeBuffer(address, lengthBytes));
    }

    private static void produce(final ModelledThread t, final RingBuffer ring, final int first, final int count) {
        for (int i = first; i < first + count; i++) {
            final int[] index = new int[1];
            t.await(() -> (index[0] = ring.tryClaim(TYPE, Integer.BYTES)) > 0);
            ring.buffer().putInt(index[0], i + 1);
            ring.commit(index[0]);
        }
    }

    private static void consume(final ModelledThread t, final RingBuffer ring, final int count) {
        final int[] sum = new int[1];
        final int[] read = new int[1];
        while (read[0] < count) {
            t.await(() -> ring.read((type, buffer, index, length) -> {
                final int value = buffer.getInt(index);
                t.assertEquals(TYPE, type, "type of a message");
                t.assertThat((sum[0] & 1 << value) == 0 && value > 0 && value <= count, "message " + value
                        + " came once");
                sum[0] |= 1 << value;
                read[0]++;
            }, 1) > 0);
        }
        t.assertEquals((1 << count + 1) - 2, sum[0], "messages seen");
    }
}
