package io.netchannel.channels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.WakeWord;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class NetChannelTest {

    private static final int CAPACITY = 4;

    private final TestMemory own = new TestMemory();
    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final long address = own.allocate(NetChannel.sizeBytes(CAPACITY));
    private final NetChannelProducer producer = new NetChannelProducer(memory, address, CAPACITY, null);
    private final NetChannelConsumer consumer = new NetChannelConsumer(memory, address, CAPACITY);

    @AfterEach
    void free() {
        own.close();
    }

    @Test
    void shouldShowNothingBeforeTheFlush() {
        assertThat(producer.offer(7)).isTrue();
        assertThat(consumer.isEmpty()).isTrue();
        assertThat(consumer.poll()).isEqualTo(NetChannelConsumer.NONE);
        producer.flush();
        assertThat(consumer.isEmpty()).isFalse();
        assertThat(consumer.poll()).isEqualTo(7);
        assertThat(consumer.isEmpty()).isTrue();
    }

    @Test
    void shouldRejectAndCountWhenFull() {
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(producer.space()).isEqualTo(CAPACITY - i);
            assertThat(producer.offer(i)).isTrue();
        }
        assertThat(producer.offer(99)).isFalse();
        assertThat(producer.space()).isZero();
        assertThat(producer.fullRejections()).isEqualTo(1);
        assertThat(producer.offers()).isEqualTo(CAPACITY);
        producer.flush();
        for (int i = 0; i < CAPACITY; i++) {
            assertThat(consumer.poll()).isEqualTo(i);
        }
        assertThat(producer.offer(99)).as("slots that were polled and not given back").isFalse();
        consumer.flush();
        assertThat(producer.offer(4)).isTrue();
    }

    @Test
    void shouldGiveSlotsBackWhenPollFindsNothing() {
        fill();
        for (int i = 0; i < CAPACITY; i++) {
            consumer.poll();
        }
        assertThat(consumer.poll()).isEqualTo(NetChannelConsumer.NONE);
        assertThat(producer.space()).isEqualTo(CAPACITY);
    }

    @Test
    void shouldTakeOfABurstWhatFits() {
        assertThat(producer.offer(new long[]{9, 0, 1, 2, 3, 4, 5}, 1, 6)).isEqualTo(CAPACITY);
        assertThat(producer.fullRejections()).isEqualTo(2);
        producer.flush();
        final long[] into = new long[8];
        assertThat(consumer.drain(into, 3)).isEqualTo(3);
        assertThat(into).startsWith(0, 1, 2);
        assertThat(producer.space()).isEqualTo(3);
        assertThat(consumer.drain(into, 8)).isEqualTo(1);
        assertThat(into[0]).isEqualTo(3);
        assertThat(consumer.drain(into, 8)).isZero();
    }

    @Test
    void shouldRefuseNegativeValuesAndPublishNoneOfTheBurst() {
        assertThatThrownBy(() -> producer.offer(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> producer.offer(new long[]{1, -2}, 0, 2)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-2");
        producer.flush();
        assertThat(consumer.isEmpty()).isTrue();
    }

    @Test
    void shouldRefuseCapacitiesAndAddressesThatDoNotFitTheLayout() {
        for (final int capacity : new int[]{0, 1, 3, -4, Integer.MIN_VALUE, 1 << 28}) {
            assertThatThrownBy(() -> NetChannel.sizeBytes(capacity)).hasMessageContaining("capacity=" + capacity);
        }
        assertThatThrownBy(() -> new NetChannelConsumer(memory, address + 64, 2)).hasMessageContaining("aligned");
        assertThat(NetChannel.sizeBytes(2)).isEqualTo(512);
        assertThat(NetChannel.sizeBytes(256)).isEqualTo(384 + 2048);
    }

    @Test
    void shouldKeepTheIndicesOnSeparateLines() {
        assertThat(NetChannelLayout.HEAD_OFFSET - NetChannelLayout.TAIL_OFFSET).isGreaterThanOrEqualTo(128);
        assertThat(NetChannelLayout.PRODUCER_END_OFFSET - NetChannelLayout.HEAD_OFFSET).isGreaterThanOrEqualTo(128);
        assertThat(NetChannelLayout.SLOTS_OFFSET - NetChannelLayout.PRODUCER_END_OFFSET).isGreaterThanOrEqualTo(128);
    }

    @Test
    void shouldDeliverEverythingBeforeTheEndWhenTheProducerCloses() {
        fill();
        final long[] into = new long[2];
        producer.close();
        producer.close();
        assertThat(producer.isClosed()).isTrue();
        assertThat(producer.offer(5)).isFalse();
        assertThat(producer.offer(new long[]{5, 6}, 0, 2)).isZero();
        assertThat(producer.space()).isZero();
        assertThat(producer.closedRejections()).isEqualTo(3);
        assertThat(producer.fullRejections()).isZero();
        assertThat(consumer.isFinished()).isFalse();
        assertThat(consumer.drain(into, 2)).isEqualTo(2);
        assertThat(consumer.isFinished()).isFalse();
        assertThat(consumer.drain(into, 2)).isEqualTo(2);
        assertThat(consumer.isFinished()).isTrue();
    }

    @Test
    void shouldPublishWhatWasAcceptedWhenTheProducerCloses() {
        producer.offer(1);
        producer.close();
        assertThat(consumer.poll()).isEqualTo(1);
        assertThat(consumer.isFinished()).isTrue();
    }

    @Test
    void shouldStopTheProducerAtItsNextFlushWhenTheConsumerCloses() {
        producer.offer(1);
        producer.flush();
        consumer.close();
        consumer.close();
        assertThat(consumer.isClosed()).isTrue();
        assertThat(consumer.isFinished()).as("the producer does not know yet").isFalse();
        assertThat(producer.offer(2)).isTrue();
        producer.flush();
        assertThat(producer.offer(3)).isFalse();
        assertThat(producer.closedRejections()).isEqualTo(1);
        assertThat(consumer.isFinished()).isFalse();
        assertThat(consumer.poll()).isEqualTo(1);
        assertThat(consumer.poll()).as("accepted before the producer knew").isEqualTo(2);
        assertThat(consumer.isFinished()).isTrue();
    }

    @Test
    void shouldStopTheProducerAtAFullRingWhenTheConsumerCloses() {
        fill();
        consumer.close();
        assertThat(producer.offer(9)).isFalse();
        assertThat(producer.closedRejections()).isEqualTo(1);
        assertThat(producer.isClosed()).isTrue();
    }

    @Test
    void shouldLetAnIdleProducerSeeTheConsumersClose() {
        consumer.close();
        producer.flush();
        assertThat(consumer.isFinished()).isTrue();
    }

    @Test
    void shouldContinueWhereTheSideBeforeLeftOff() {
        fill();
        assertThat(consumer.poll()).isZero();
        consumer.flush();
        final NetChannelConsumer nextConsumer = new NetChannelConsumer(memory, address, CAPACITY);
        final NetChannelProducer nextProducer = new NetChannelProducer(memory, address, CAPACITY, null);
        assertThat(nextProducer.space()).isEqualTo(1);
        assertThat(nextProducer.offer(4)).isTrue();
        assertThat(nextProducer.offer(5)).isFalse();
        nextProducer.flush();
        final long[] into = new long[CAPACITY];
        assertThat(nextConsumer.drain(into, CAPACITY)).isEqualTo(CAPACITY);
        assertThat(into).containsExactly(1, 2, 3, 4);
        nextProducer.close();
        assertThat(new NetChannelProducer(memory, address, CAPACITY, null).offer(1)).as("stays closed").isFalse();
        assertThat(new NetChannelConsumer(memory, address, CAPACITY).isFinished()).isTrue();
        NetChannel.format(memory, address, CAPACITY);
        assertThat(new NetChannelProducer(memory, address, CAPACITY, null).offer(1)).isTrue();
    }

    @Test
    void shouldWorkOnWhereTheIndicesOverflow() {
        final long start = Long.MAX_VALUE - 1;
        memory.putLong(address + NetChannelLayout.TAIL_OFFSET, start);
        memory.putLong(address + NetChannelLayout.HEAD_OFFSET, start);
        final NetChannelProducer late = new NetChannelProducer(memory, address, CAPACITY, null);
        final NetChannelConsumer taker = new NetChannelConsumer(memory, address, CAPACITY);
        for (int i = 0; i < 20; i++) {
            assertThat(late.space()).isEqualTo(CAPACITY);
            assertThat(late.offer(new long[]{i, i + 1, i + 2}, 0, 3)).isEqualTo(3);
            late.flush();
            assertThat(taker.poll()).isEqualTo(i);
            assertThat(taker.poll()).isEqualTo(i + 1);
            assertThat(taker.poll()).isEqualTo(i + 2);
            assertThat(taker.poll()).isEqualTo(NetChannelConsumer.NONE);
        }
    }

    @Test
    void shouldIgnoreIndicesThatCannotBeTrue() {
        fill();
        for (final long bad : new long[]{-1, CAPACITY + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            memory.putLong(address + NetChannelLayout.HEAD_OFFSET, bad);
            assertThat(producer.space()).as("head " + bad).isZero();
            assertThat(producer.offer(1)).isFalse();
            memory.putLong(address + NetChannelLayout.TAIL_OFFSET, bad);
            assertThat(consumer.drain(new long[64], 64)).as("tail " + bad).isZero();
        }
    }

    @Test
    void shouldWakeOncePerBurstAndOnlyWhoAsked() {
        final int[] rings = new int[1];
        final WakeWord wake = new WakeWord(memory, own.allocate(WakeWord.SIZE_BYTES), () -> rings[0]++);
        final NetChannelProducer waking = new NetChannelProducer(memory, address, CAPACITY, wake);
        waking.flush();
        assertThat(waking.wakeUps() + waking.suppressedWakeUps()).as("nothing was published").isZero();
        waking.offer(1);
        waking.offer(2);
        waking.flush();
        assertThat(waking.suppressedWakeUps()).isEqualTo(1);
        assertThat(rings[0]).isZero();
        wake.arm();
        waking.offer(3);
        waking.flush();
        assertThat(rings[0]).isEqualTo(1);
        assertThat(waking.wakeUps()).isEqualTo(1);
        wake.arm();
        waking.close();
        assertThat(rings[0]).as("the end is news too").isEqualTo(2);
    }

    @Test
    void shouldBehaveLikeAQueue() {
        final long seed = 20_260_117L;
        final Random random = new Random(seed);
        final Deque<Long> model = new ArrayDeque<>();
        final long[] buffer = new long[2 * CAPACITY];
        int unpublished = 0;
        long next = 0;
        for (int step = 0; step < 200_000; step++) {
            final String context = "seed " + seed + " step " + step;
            switch (random.nextInt(5)) {
                case 0 -> {
                    if (producer.offer(next)) {
                        model.add(next++);
                        unpublished++;
                    }
                }
                case 1 -> {
                    final int count = random.nextInt(buffer.length);
                    for (int i = 0; i < count; i++) {
                        buffer[i] = next + i;
                    }
                    final int taken = producer.offer(buffer, 0, count);
                    for (int i = 0; i < taken; i++) {
                        model.add(next++);
                    }
                    unpublished += taken;
                }
                case 2 -> {
                    producer.flush();
                    unpublished = 0;
                }
                case 3 -> {
                    final long value = consumer.poll();
                    assertThat(value).as(context).isEqualTo(model.size() > unpublished ? model.remove() : -1L);
                }
                default -> {
                    final int max = random.nextInt(buffer.length);
                    final int count = consumer.drain(buffer, max);
                    assertThat(count).as(context).isEqualTo(Math.min(max, model.size() - unpublished));
                    for (int i = 0; i < count; i++) {
                        assertThat(buffer[i]).as(context).isEqualTo(model.remove());
                    }
                    assertThat(producer.space()).as(context).isEqualTo(CAPACITY - model.size());
                }
            }
        }
        assertThat(next).isGreaterThan(50_000);
    }

    private void fill() {
        for (int i = 0; i < CAPACITY; i++) {
            producer.offer(i);
        }
        producer.flush();
    }
}
