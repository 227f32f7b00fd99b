package io.netchannel.virtio.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Parameters of a test that holds for every kind of queue. */
record QueueShape(boolean packed, boolean eventIndex, boolean indirect, int size, int maxChain) {

    QueueShape(final boolean packed, final boolean eventIndex, final boolean indirect, final int size) {
        this(packed, eventIndex, indirect, size, Math.min(size, 8));
    }

    /** Both kinds with every combination of features, in one size. */
    static Stream<QueueShape> ofSize(final int size) {
        return IntStream.range(0, 8)
                .mapToObj(i -> new QueueShape((i & 1) != 0, (i & 2) != 0, (i & 4) != 0, size));
    }

    /** Every combination of features in sizes from 1 to 256, others than powers of two for packed queues. */
    static Stream<QueueShape> all() {
        final List<QueueShape> shapes = new ArrayList<>();
        for (final int size : new int[]{1, 2, 3, 4, 5, 7, 8, 16, 64, 100, 256}) {
            ofSize(size).filter(shape -> shape.packed || Integer.bitCount(size) == 1).forEach(shapes::add);
        }
        return shapes.stream();
    }

    static Stream<QueueShape> small() {
        return ofSize(8);
    }

    static Stream<QueueShape> withEventIndex() {
        return ofSize(8).filter(QueueShape::eventIndex);
    }
}
