package io.netchannel.virtio.device;

import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.net.FrameTarget;

/**
 * Carries frames from some transmit queues of one device to the receive queues of another.
 *
 * <p>Threading: one thread; {@link #ring} any.
 */
final class WireLane implements Poller {

    /** Chains taken from a transmit queue before the next one has its turn. */
    private static final int BURST = 64;

    private final TransmitReader[] readers;
    private final ReceivePort port;
    private final int maxWaitPolls;
    private final Impairment impairment;
    private Doorbell doorbell = Doorbell.NONE;

    /**
     * @param lane takes the transmit queues of pairs lane, lane + lanes, lane + 2 lanes ...
     * @param lanes 0 to take none
     */
    WireLane(final VirtioNetDevice sender, final VirtioNetDevice receiver, final int lane, final int lanes,
            final int maxWaitPolls, final Impairment impairment) {
        final int pairs = sender.maxQueuePairs();
        this.readers = new TransmitReader[lanes == 0 || lane >= pairs ? 0 : (pairs - lane + lanes - 1) / lanes];
        for (int i = 0; i < readers.length; i++) {
            final int pair = lane + i * lanes;
            readers[i] = new TransmitReader(sender, pair);
            sender.transmitSlot(pair).notification(this::ring);
        }
        this.port = new ReceivePort(receiver);
        this.maxWaitPolls = maxWaitPolls;
        this.impairment = impairment;
    }

    void wake(final Doorbell newDoorbell) {
        doorbell = newDoorbell;
    }

    void ring() {
        doorbell.ring();
    }

    Impairment impairment() {
        return impairment;
    }

    @Override
    public int poll(final long nowNs) {
        int work = 0;
        try {
            for (final TransmitReader reader : readers) {
                work += poll(reader, nowNs);
            }
            if (impairment != null) {
                work += impairment.deliver(nowNs, port);
            }
        } finally {
            port.release();
        }
        return work;
    }

    private int poll(final TransmitReader reader, final long nowNs) {
        if (!reader.claim()) {
            return 0;
        }
        try {
            return impairment == null ? carry(reader) : impair(reader, nowNs);
        } finally {
            reader.release();
        }
    }

    private int carry(final TransmitReader reader) {
        int done = 0;
        for (int left = BURST; left > 0;) {
            final int taken = reader.next(left);
            left -= Math.abs(taken);
            if (taken >= 0) {
                return done + taken;
            }
            final int answer = port.deliver(reader.frame(), reader.header(), reader.destination(), reader.copier());
            if (answer == FrameTarget.READY) {
                reader.done();
            } else if (answer == FrameTarget.NO_ROOM && mayWait(reader)) {
                reader.putBack(port);
                return done - taken - 1;
            } else {
                reader.dropFor(answer);
            }
            done -= taken;
        }
        return done;
    }

    private boolean mayWait(final TransmitReader reader) {
        return maxWaitPolls < 0 || reader.waits() < maxWaitPolls;
    }

    private int impair(final TransmitReader reader, final long nowNs) {
        int done = 0;
        for (int left = BURST; left > 0;) {
            final int taken = reader.next(left);
            left -= Math.abs(taken);
            done += Math.abs(taken);
            if (taken >= 0) {
                return done;
            }
            final int answer = impairment.offer(reader.frame(), reader.header(), reader.copier(), nowNs);
            if (answer == FrameTarget.READY) {
                reader.done();
            } else {
                reader.dropFor(answer);
            }
        }
        return done;
    }

    @Override
    public boolean arm() {
        for (final TransmitReader reader : readers) {
            // A limit on waiting counts polls, so there must be some.
            if (reader.isWaiting() && maxWaitPolls >= 0 || !reader.arm()) {
                return false;
            }
        }
        return impairment == null || impairment.arm(port);
    }

    @Override
    public long nextDeadlineNs() {
        return impairment == null ? NO_DEADLINE : impairment.nextDeadlineNs();
    }
}
