package io.netchannel.virtio.device;

import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;

/**
 * A cable between two devices.
 *
 * <p>Each direction has as many lanes as its receiver has queue pairs. A lane is a {@link Poller} that belongs to the
 * loop of that queue pair on the <em>receiving</em> side: it takes frames from some of the sender's transmit queues and
 * copies them into whichever receive queues they are for. All lanes must be polled, or the transmit queues behind them
 * stand still.
 *
 * <p>An impaired direction is one link with one queue, so its first lane does all the work.
 *
 * <p>Threading: each lane on one thread; lanes on as many as one likes.
 */
public final class Wire {

    private final VirtioNetDevice a;
    private final WireLane[] toA;
    private final WireLane[] toB;

    public Wire(final VirtioNetDevice a, final VirtioNetDevice b, final WireConfig config) {
        this.a = a;
        toB = lanes(a, b, config.maxWaitPolls(), config.impairmentToB());
        toA = lanes(b, a, config.maxWaitPolls(), config.impairmentToA());
    }

    private static WireLane[] lanes(final VirtioNetDevice sender, final VirtioNetDevice receiver,
            final int maxWaitPolls, final ImpairmentConfig impairment) {
        final int count = receiver.maxQueuePairs();
        final WireLane[] lanes = new WireLane[count];
        for (int i = 0; i < count; i++) {
            final Impairment stage = impairment == null || i > 0
                    ? null
                    : new Impairment(impairment, sender.mtuBytes());
            lanes[i] = new WireLane(sender, receiver, i, impairment == null ? count : i == 0 ? 1 : 0, maxWaitPolls,
                    stage);
        }
        // A driver that adds receive buffers may free a frame on any lane.
        for (int i = 0; i < count; i++) {
            receiver.receiveSlot(i).notification(() -> ringAll(lanes));
        }
        return lanes;
    }

    private static void ringAll(final WireLane[] lanes) {
        for (final WireLane lane : lanes) {
            lane.ring();
        }
    }

    /**
     * The lane that the loop of a receiving queue pair polls.
     *
     * @param receiver one of the two devices
     * @param queuePair of the receiver
     */
    public Poller lane(final VirtioNetDevice receiver, final int queuePair) {
        return lanesTo(receiver)[queuePair];
    }

    /** @param doorbell wakes the loop that polls this lane, rung when there are frames for it */
    public void wake(final VirtioNetDevice receiver, final int queuePair, final Doorbell doorbell) {
        lanesTo(receiver)[queuePair].wake(doorbell);
    }

    /** What the impairment towards a device has done, or null if there is none. */
    public Impairment impairment(final VirtioNetDevice receiver) {
        return lanesTo(receiver)[0].impairment();
    }

    private WireLane[] lanesTo(final VirtioNetDevice receiver) {
        return receiver == a ? toA : toB;
    }
}
