package io.netchannel.virtio.device;

import io.netchannel.virtio.net.FrameCopier;
import io.netchannel.virtio.net.FrameTarget;
import io.netchannel.virtio.net.FrameView;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.net.VirtioNetHeader;

/**
 * The way into a device's receive queues for one poller: filters by address, steers by flow, claims the queues it needs
 * for the length of a burst.
 *
 * <p>Threading: one thread. Several ports may lead to one device, each with a thread of its own.
 */
final class ReceivePort {

    /** The frame is not for this device; beside what {@link FrameCopier#copy} answers. */
    static final int FILTERED = 5;

    // All ports from this number on share a bit; none may clear it, as the wish of another would go with it.
    private static final int LAST_BIT = Long.SIZE - 1;

    private final VirtioNetDevice device;
    private final ReceiveRingWriter writer = new ReceiveRingWriter();
    private final ReceiveSteering steering = new ReceiveSteering();
    private final long bit;
    private final boolean bitIsShared;
    // Bit i: the receive queue of pair i is claimed.
    private long claimed;
    private int lastPair;
    private int lastNeededBytes;

    ReceivePort(final VirtioNetDevice device) {
        this.device = device;
        final int number = device.addReceivePort();
        this.bitIsShared = number >= LAST_BIT;
        this.bit = 1L << Math.min(number, LAST_BIT);
    }

    VirtioNetDevice device() {
        return device;
    }

    /**
     * Copies a frame into the device's buffers.
     *
     * @param copier remembers a super-frame that went in by part only
     * @return {@link FrameTarget#READY}, or why not
     */
    int deliver(final FrameView frame, final VirtioNetHeader header, final long destination, final FrameCopier copier) {
        final int pairs = device.activeQueuePairs();
        if (pairs == 0 || !device.isLinkUp()) {
            return FrameTarget.CLOSED;
        }
        if (!device.accepts(destination)) {
            return FILTERED;
        }
        final int pair = device.queuePairOf(frame, pairs, steering);
        lastPair = pair;
        final QueueSlot slot = device.receiveSlot(pair);
        if ((claimed >>> pair & 1) == 0) {
            if (!slot.tryClaim()) {
                lastNeededBytes = 0;
                return slot.isUp() ? FrameTarget.NO_ROOM : FrameTarget.CLOSED;
            }
            claimed |= 1L << pair;
            // A port on another loop may sleep until this queue has room; its request must outlive this burst.
            if (slot.removeRoomWaiter(bitIsShared ? 0 : bit)) {
                slot.disableNotifications();
            }
        }
        final int answer = copy(slot, frame, header, copier);
        lastNeededBytes = writer.lastNeededBytes();
        return answer;
    }

    private int copy(final QueueSlot slot, final FrameView frame, final VirtioNetHeader header,
            final FrameCopier copier) {
        final long features = device.features();
        writer.select(slot, VirtioFeature.MRG_RXBUF.in(features));
        final int answer = copier.copy(frame, header, features, writer);
        if (answer == FrameTarget.READY) {
            if (FrameCopier.needsSegmentation(header, features)) {
                slot.counters().increment(DeviceCounter.SEGMENTED_FRAMES);
            } else if (FrameCopier.needsCompletion(header, features)) {
                slot.counters().increment(DeviceCounter.COMPLETED_CHECKSUMS);
            }
        }
        return answer;
    }

    /** End of the burst: publishes, interrupts, gives up all claims. */
    void release() {
        while (claimed != 0) {
            final int pair = Long.numberOfTrailingZeros(claimed);
            claimed &= claimed - 1;
            device.receiveSlot(pair).release();
        }
    }

    /** Where the frame offered last was to go: what {@link #armForRoom} needs to know after NO_ROOM. */
    int lastPair() {
        return lastPair;
    }

    /**
     * Bytes of receive buffers that the frame offered last, or its next segment, takes; 0 if another thread had the
     * queue, so that it was not even tried.
     */
    int lastNeededBytes() {
        return lastNeededBytes;
    }

    /**
     * For a frame that found no room: asks the driver to notify when it adds buffers.
     *
     * @return false if there is room already, or another thread is using it up
     */
    boolean armForRoom(final int pair, final int neededBytes) {
        final QueueSlot slot = device.receiveSlot(pair);
        if (!slot.tryClaim()) {
            return !slot.isUp();
        }
        try {
            writer.select(slot, VirtioFeature.MRG_RXBUF.in(device.features()));
            final boolean armed = writer.armForRoom(neededBytes);
            if (armed) {
                slot.addRoomWaiter(bit);
            }
            return armed;
        } finally {
            slot.release();
        }
    }
}
