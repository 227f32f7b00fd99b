package io.netchannel.channels.model;

import io.netchannel.channels.NetChannelConsumer;
import io.netchannel.channels.NetChannelProducer;
import io.netchannel.cpu.explore.Explorer;
import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.explore.Program;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ends of a channel, in every execution that the CPUs allow. Three elements through two slots: the ring wraps. */
final class NetChannelModelTest {

    private static final int MESSAGES = 3;
    private static final int MANY = RingProgram.MAX_MESSAGES;

    private static void check(final RingProgram ring, final MemoryModel model) {
        check(ring.program, model);
    }

    private static void check(final Program program, final MemoryModel model) {
        Explorer.check(program, model).assertHolds();
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldDeliverEachElementOnceAndInOrder(final MemoryModel model) {
        check(RingProgram.named("polled").polled(MESSAGES), model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldDeliverBursts(final MemoryModel model) {
        check(RingProgram.named("bursts").inBursts(MESSAGES), model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldWakeAConsumerThatSleeps(final MemoryModel model) {
        check(RingProgram.named("parked").parked(2), model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldFinishWithNothingLeftWhenTheProducerCloses(final MemoryModel model) {
        check(RingProgram.named("closed by producer").closedByProducer(MESSAGES), model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldFinishWithNothingLeftWhenTheConsumerCloses(final MemoryModel model) {
        check(RingProgram.named("closed by consumer").closedByConsumer(MESSAGES), model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldGoOnWithAnotherConsumer(final MemoryModel model) {
        final RingProgram ring = RingProgram.named("hand-over of the consumer");
        final long baton = ring.program.allocate("baton", Integer.BYTES, Long.BYTES);
        ring.program.thread("producer", t -> RingProgram.send(t, ring.producer(t), 1, MESSAGES));
        ring.program.thread("first consumer", t -> {
            final NetChannelConsumer consumer = ring.consumer(t);
            RingProgram.receive(t, consumer, 1, 1);
            consumer.flush();
            t.memory().putIntRelease(baton, 1);
        });
        ring.program.thread("second consumer", t -> {
            t.await(() -> t.memory().getIntAcquire(baton) == 1);
            RingProgram.receive(t, ring.consumer(t), 2, MESSAGES);
        });
        check(ring, model);
    }

    @ParameterizedTest
    @EnumSource(MemoryModel.class)
    void shouldGoOnWithAnotherProducer(final MemoryModel model) {
        final RingProgram ring = RingProgram.named("hand-over of the producer");
        final long baton = ring.program.allocate("baton", Integer.BYTES, Long.BYTES);
        ring.program.thread("first producer", t -> {
            final NetChannelProducer producer = ring.producer(t);
            RingProgram.send(t, producer, 1, 1);
            t.memory().putIntRelease(baton, 1);
        });
        ring.program.thread("second producer", t -> {
            t.await(() -> t.memory().getIntAcquire(baton) == 1);
            RingProgram.send(t, ring.producer(t), 2, MESSAGES);
        });
        ring.program.thread("consumer", t -> RingProgram.receive(t, ring.consumer(t), 1, MESSAGES));
        check(ring, model);
    }

    @ParameterizedTest
    @EnumSource(value = MemoryModel.class, names = {"X86_TSO", "ARMV8"})
    @EnabledIfSystemProperty(named = "netchannel.model.long", matches = "true")
    void shouldDeliverManyElements(final MemoryModel model) {
        check(RingProgram.named("polled, many").polled(MANY), model);
        check(RingProgram.named("bursts, many").inBursts(MANY), model);
        check(RingProgram.named("closed by producer, many").closedByProducer(MANY), model);
        check(RingProgram.named("closed by consumer, many").closedByConsumer(MANY), model);
        check(RingProgram.named("parked, more").parked(MESSAGES), model);
    }
}
