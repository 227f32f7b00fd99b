package io.netchannel.node.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Buffers of short reads. */
final class ReceivedBuffersTest {

    private final Thread loop = Thread.currentThread();
    private final ByteBuf packet = Unpooled.directBuffer().writeBytes("0123456789".getBytes());
    private final ReceivedBuffers buffers = new ReceivedBuffers(null, new ThreadAwareExecutor() {

        @Override
        public boolean isExecutorThread(final Thread thread) {
            return thread == loop;
        }

        @Override
        public void execute(final Runnable task) {
            throw new UnsupportedOperationException();
        }
    });

    @AfterEach
    void release() {
        packet.release();
    }

    private ByteBuf read(final int fromByte, final int lengthBytes) {
        return buffers.copyOf(packet.memoryAddress() + fromByte, lengthBytes, ByteBufAllocator.DEFAULT);
    }

    private static void releaseElsewhere(final ByteBuf buffer) throws InterruptedException {
        Thread.ofPlatform().start(buffer::release).join();
    }

    @Test
    void shouldUseABufferAgainAsNewWhenItWasReleased() {
        final ByteBuf first = read(0, 4);
        first.skipBytes(2).markReaderIndex();
        first.writeByte('x').markWriterIndex();
        first.retain();
        assertThat(first.release()).isFalse();
        assertThat(first.release()).isTrue();
        final ByteBuf second = read(4, 3);
        assertThat(second).isSameAs(first);
        assertThat(second.refCnt()).isEqualTo(1);
        assertThat(ByteBufUtil.getBytes(second)).isEqualTo("456".getBytes());
        assertThat(second.resetReaderIndex().readerIndex()).isZero();
        assertThat(second.resetWriterIndex().writerIndex()).isZero();
        second.release();
    }

    @Test
    void shouldNotUseAgainWhatIsHeld() {
        final ByteBuf held = read(0, 4);
        final ByteBuf other = read(4, 4);
        assertThat(other).isNotSameAs(held);
        assertThat(ByteBufUtil.getBytes(held)).isEqualTo("0123".getBytes());
        held.release();
        other.release();
    }

    @Test
    void shouldTakeBackInItsTurnWhatWasReleasedOnAnotherThread() throws InterruptedException {
        final ByteBuf first = read(0, 1);
        releaseElsewhere(first);
        final ByteBuf meanwhile = read(1, 1);
        assertThat(meanwhile).isNotSameAs(first);
        assertThat(buffers.takeReturned()).isEqualTo(1);
        assertThat(read(2, 1)).isSameAs(first);
        assertThat(buffers.takeReturned()).isZero();
    }

    @Test
    void shouldLeaveToTheAllocatorWhatIsMoreThanItHas() {
        final List<ByteBuf> held = new ArrayList<>();
        for (int i = 0; i < SmallBuffers.COUNT; i++) {
            held.add(read(i % 10, 1));
        }
        assertThat(read(0, 1)).isNull();
        for (int i = 0; i < SmallBuffers.COUNT; i++) {
            assertThat(held.get(i).getByte(0)).isEqualTo((byte) ('0' + i % 10));
        }
        held.forEach(ByteBuf::release);
        assertThat(read(0, 1)).isNotNull();
        assertThat(read(0, SmallBuffers.CAPACITY_BYTES + 1)).isNull();
    }

    @Test
    void shouldKeepItsPlaceWhenABufferWasGivenAnotherCapacity() {
        final ByteBuf first = read(0, 4);
        final long place = first.memoryAddress();
        first.capacity(10_000);
        assertThat(first.memoryAddress()).isNotEqualTo(place);
        assertThat(ByteBufUtil.getBytes(first)).isEqualTo("0123".getBytes());
        first.release();
        final ByteBuf second = read(4, 4);
        assertThat(second.memoryAddress()).isEqualTo(place);
        assertThat(second.capacity()).isEqualTo(SmallBuffers.CAPACITY_BYTES);
        assertThat(ByteBufUtil.getBytes(second)).isEqualTo("4567".getBytes());
        second.release();
    }

    @Test
    void shouldLeaveToAnAllocatorThatSomebodyHasChosen() {
        assertThat(buffers.copyOf(packet.memoryAddress(), 1, UnpooledByteBufAllocator.DEFAULT)).isNull();
    }

    @Test
    void shouldLeaveToTheAllocatorWhenLeaksAreLookedFor() {
        final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        try {
            assertThat(read(0, 1)).isNull();
        } finally {
            ResourceLeakDetector.setLevel(before);
        }
    }

    @Test
    void shouldBearALateRelease() throws InterruptedException {
        final ByteBuf late = read(0, 4);
        final ByteBuf elsewhere = read(4, 4);
        buffers.end();
        assertThat(ByteBufUtil.getBytes(late)).isEqualTo("0123".getBytes());
        assertThat(late.release()).isTrue();
        releaseElsewhere(elsewhere);
        assertThat(buffers.takeReturned()).isEqualTo(2);
    }
}
