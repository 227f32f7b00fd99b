package io.netchannel.tcpip.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.memory.SharedPages;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that were written and pages that were shown, in one queue; the model is an array. */
final class SendQueueTest {

    private static final int BUFFER_BYTES = 512;
    private static final int SHARED = 24;

    private final Region region = Region.create("send-queue-test", 1 << 20);
    private final PacketMemory packets = new PacketMemory(region, 100 + SHARED, BUFFER_BYTES, SHARED);
    private final PacketPool pool = new PacketPool(packets);
    private final SharedPages pages = packets.sharedPages();
    private final OrderedMemory memory = packets.memory();
    private final SendQueue queue = new SendQueue(pool, 8);
    private byte[] model = {};
    private int next;

    @AfterEach
    void close() {
        queue.clear();
        pool.checkNoLeaks();
        pages.checkNoLeaks();
        region.close();
    }

    private byte[] bytes(final int count) {
        final byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) next++;
        }
        return bytes;
    }

    private void add(final byte[] bytes, final int count) {
        final byte[] all = Arrays.copyOf(model, model.length + count);
        System.arraycopy(bytes, 0, all, model.length, count);
        model = all;
    }

    private void write(final int count) {
        final byte[] bytes = bytes(count);
        add(bytes, queue.write(bytes, 0, count));
    }

    /** As a file does that is removed when it has been handed over. */
    private void show(final int offset, final int count) {
        final int page = pages.allocate();
        if (page != SharedPages.NONE) {
            final byte[] bytes = bytes(count);
            memory.copyFromArray(bytes, 0, pages.address(page) + offset, count);
            queue.append(PacketHandle.of(page, offset, count));
            pages.release(page);
            add(bytes, count);
        }
    }

    private void acknowledge(final int count) {
        queue.acknowledge(count);
        model = Arrays.copyOfRange(model, count, model.length);
    }

    private byte[] sliced(final int position, final int count) {
        final int head = pool.allocate();
        queue.addSlices(head, position, count);
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < packets.sliceCount(head); i++) {
            final long slice = packets.slice(head, i);
            final byte[] part = new byte[PacketHandle.lengthBytes(slice)];
            memory.copyToArray(packets.address(slice), part, 0, part.length);
            out.writeBytes(part);
        }
        pool.releasePacket(PacketHandle.of(head, 0, 0));
        return out.toByteArray();
    }

    private byte[] copied(final int position, final int count) {
        final int into = pool.allocate();
        queue.copyTo(packets.bufferAddress(into), position, count);
        final byte[] bytes = new byte[count];
        memory.copyToArray(packets.bufferAddress(into), bytes, 0, count);
        pool.release(into);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldHoldWhatWasWrittenAndShown(final long seed) {
        final Random random = new Random(seed);
        for (int step = 0; step < 5_000; step++) {
            switch (random.nextInt(5)) {
                case 0 -> write(random.nextInt(3 * BUFFER_BYTES));
                case 1 -> {
                    final int offset = random.nextInt(BUFFER_BYTES);
                    show(offset, 1 + random.nextInt(BUFFER_BYTES - offset));
                }
                case 2 -> {
                    queue.contiguousWritableBytes();
                    if (queue.contiguousWritableBytes() > 0) {
                        final byte[] bytes = bytes(1);
                        memory.putByte(queue.writeAddress(), bytes[0]);
                        queue.commit(1);
                        add(bytes, 1);
                    }
                }
                case 3 -> acknowledge(random.nextInt(model.length + 1));
                default -> {
                    if (model.length > 0) {
                        final int position = random.nextInt(model.length);
                        final int slices = 1 + random.nextInt(PacketLayout.MAX_SLICES);
                        final int count = Math.min(model.length - position, queue.sliceableBytes(position, slices));
                        final byte[] wanted = Arrays.copyOfRange(model, position, position + count);
                        assertThat(sliced(position, count)).as("seed %d, step %d", seed, step).isEqualTo(wanted);
                        final int few = Math.min(count, BUFFER_BYTES);
                        assertThat(copied(position, few)).as("seed %d, step %d", seed, step)
                                .isEqualTo(Arrays.copyOf(wanted, few));
                    }
                }
            }
            assertThat(queue.sizeBytes()).as("seed %d, step %d", seed, step).isEqualTo(model.length);
        }
    }

    @Test
    void shouldKeepAPageWhileAFrameShowsIt() {
        show(10, 100);
        final int head = pool.allocate();
        queue.addSlices(head, 20, 50);
        final int before = pages.available();
        acknowledge(100);
        assertThat(pages.available()).isEqualTo(before);
        pool.releasePacket(PacketHandle.of(head, 0, 0));
        assertThat(pages.available()).isEqualTo(SHARED);
    }

    @Test
    void shouldCountItsOwnBuffersBySlice() {
        write(4 * BUFFER_BYTES);
        assertThat(queue.sliceableBytes(100, 2)).isEqualTo(2 * BUFFER_BYTES - 100);
        // As if what is missing were there: it will be, when it is sent.
        assertThat(queue.sliceableBytes(100, 16)).isEqualTo(16 * BUFFER_BYTES - 100);
    }

    /** Shows a part of a page that stays whole. */
    private void showOf(final int page, final int offset, final int count) {
        final byte[] bytes = new byte[count];
        memory.copyToArray(pages.address(page) + offset, bytes, 0, count);
        queue.append(PacketHandle.of(page, offset, count));
        add(bytes, count);
    }

    private int filledPage() {
        final int page = pages.allocate();
        memory.copyFromArray(bytes(BUFFER_BYTES), 0, pages.address(page), BUFFER_BYTES);
        return page;
    }

    private int heldBuffers() {
        return pool.capacity() - pool.available();
    }

    @Test
    void shouldNotHoldABufferForEachWriteBetweenSmallParts() {
        final int page = filledPage();
        for (int i = 0; i < 2 * BUFFER_BYTES; i++) {
            write(1);
            showOf(page, i % BUFFER_BYTES, 1);
        }
        assertThat(heldBuffers()).isEqualTo(4);
        assertThat(copied(0, BUFFER_BYTES)).isEqualTo(Arrays.copyOf(model, BUFFER_BYTES));
        pages.release(page);
    }

    @Test
    void shouldGatherSmallPartsInBuffers() {
        final int page = filledPage();
        for (int i = 0; i < 2 * BUFFER_BYTES; i++) {
            showOf(page, i % BUFFER_BYTES, 1);
        }
        pages.release(page);
        assertThat(heldBuffers()).isEqualTo(2);
        assertThat(pages.available()).as("nothing holds the page").isEqualTo(SHARED);
        assertThat(sliced(0, 2 * BUFFER_BYTES)).isEqualTo(model);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldHoldNoMoreBuffersThanIfAllWereCopied(final long seed) {
        final Random random = new Random(seed);
        final int page = filledPage();
        for (int step = 0; step < 150; step++) {
            if (random.nextBoolean()) {
                write(1 + random.nextInt(random.nextBoolean() ? 4 : BUFFER_BYTES));
            } else {
                final int offset = random.nextInt(BUFFER_BYTES);
                showOf(page, offset, 1 + random.nextInt(BUFFER_BYTES - offset));
            }
            assertThat(heldBuffers()).as("seed %d, step %d", seed, step)
                    .isLessThanOrEqualTo(model.length / BUFFER_BYTES + 1);
        }
        pages.release(page);
    }

    @Test
    void shouldShowWholePagesWhereTheyLie() {
        final int page = filledPage();
        write(3);
        showOf(page, 0, BUFFER_BYTES);
        queue.contiguousWritableBytes();
        showOf(page, 0, BUFFER_BYTES);
        pages.release(page);
        assertThat(pages.available()).isEqualTo(SHARED - 1);
        assertThat(heldBuffers()).isEqualTo(1);
    }

    @Test
    void shouldShowSmallPartsWhenThePoolHasNoBuffer() {
        final int page = filledPage();
        write(200 * BUFFER_BYTES);
        final int held = heldBuffers();
        showOf(page, 7, 5);
        assertThat(heldBuffers()).isEqualTo(held);
        assertThat(copied(model.length - 6, 6)).isEqualTo(Arrays.copyOfRange(model, model.length - 6, model.length));
        pages.release(page);
    }
}
