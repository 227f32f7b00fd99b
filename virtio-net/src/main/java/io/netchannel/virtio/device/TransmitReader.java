package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioNetHeaderLayout.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.virtio.net.FrameCopier;
import io.netchannel.virtio.net.FrameTarget;
import io.netchannel.virtio.net.FrameView;
import io.netchannel.virtio.net.Scratch;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.net.VirtioNetHeader;

/**
 * Takes frames out of one transmit queue of a device, and believes neither the chains nor the headers in them.
 *
 * <p>Use: {@link #claim}; {@link #next} and {@link #done}, {@link #drop} or {@link #putBack}; {@link #release}.
 *
 * <p>Threading: one thread.
 */
final class TransmitReader {

    private static final int ETHERNET_HEADER_BYTES = 14;
    private static final int MIN_IP_AND_TCP_BYTES = 40;
    private static final int MIN_IP_AND_UDP_BYTES = 28;

    private final VirtioNetDevice device;
    private final QueueSlot slot;
    private final Scratch headers = new Scratch(32, 32);
    private final OrderedMemory memory = headers.memory();
    private final long scratch = headers.address();
    private final FrameView frame = new FrameView(memory, VirtioNetDevice.MAX_CHAIN);
    private final VirtioNetHeader header = new VirtioNetHeader();
    private final FrameCopier copier = new FrameCopier();
    private final int mtuBytes;

    private int id;
    private long destination;
    private long source;
    private int startsSeen;
    // If not 0, the first frame waits for room, and so do all behind it.
    private int waits;
    private ReceivePort waitingFor;
    private int waitingPair;
    private int waitingBytes;

    TransmitReader(final VirtioNetDevice device, final int pair) {
        this.device = device;
        this.slot = device.transmitSlot(pair);
        this.mtuBytes = device.mtuBytes();
    }

    boolean claim() {
        if (!slot.tryClaim()) {
            return false;
        }
        slot.disableNotifications();
        if (startsSeen != slot.starts()) {
            // Another driver, or the same one after a reset: what was half sent was sent by somebody else.
            startsSeen = slot.starts();
            forget();
        }
        return true;
    }

    void release() {
        slot.release();
    }

    /** @return false if there is something to do for this queue already, or another thread is at it */
    boolean arm() {
        if (!slot.tryClaim()) {
            return !slot.isUp();
        }
        boolean work = false;
        // After a restart the frame that waited is gone, and what is in the queue has not been looked at.
        final boolean waiting = waits > 0 && startsSeen == slot.starts();
        try {
            work = !waiting && slot.enableNotifications();
        } finally {
            slot.release();
        }
        return waiting ? waitingFor.armForRoom(waitingPair, waitingBytes) : !work;
    }

    QueueSlot slot() {
        return slot;
    }

    /**
     * Takes the next frame that deserves the name; others are dropped and counted on the way.
     *
     * @param budget chains to take at most
     * @return chains taken; negative if the last of them is a frame, 0 if there are no more
     */
    int next(final int budget) {
        int taken = 0;
        while (taken < budget) {
            id = slot.next();
            if (id < 0) {
                return taken;
            }
            taken++;
            final DeviceCounter fault = validate();
            if (fault == null) {
                return -taken;
            }
            drop(fault);
        }
        return taken;
    }

    private DeviceCounter validate() {
        if (!frame.wrap(slot.chain()) || frame.lengthBytes() < LENGTH_BYTES + ETHERNET_HEADER_BYTES) {
            return DeviceCounter.DROPPED_BAD_CHAIN;
        }
        frame.copy(0, LENGTH_BYTES + 12, scratch);
        header.read(memory, scratch);
        destination = Long.reverseBytes(memory.getLong(scratch + LENGTH_BYTES)) >>> 16;
        source = Long.reverseBytes(memory.getLong(scratch + LENGTH_BYTES + 4)) & 0xFFFF_FFFF_FFFFL;
        frame.skip(LENGTH_BYTES);
        // What only a receiver may be told means nothing here (5.1.6.2.2).
        header.flags(header.needsChecksum() ? FLAG_NEEDS_CSUM : 0);
        final long accepted = VirtioFeature.acceptedFromDriver(device.features());
        if (header.fault(frame.lengthBytes(), accepted) != null || header.isGso() && !header.needsChecksum()) {
            return DeviceCounter.DROPPED_BAD_HEADER;
        }
        final int leastHeaders = header.gsoType() == GSO_UDP_L4 ? MIN_IP_AND_UDP_BYTES : MIN_IP_AND_TCP_BYTES;
        final boolean tooLong = header.isGso()
                ? frame.lengthBytes() > MAX_FRAME_BYTES || header.gsoSizeBytes() + leastHeaders > mtuBytes
                : frame.lengthBytes() > mtuBytes + MAX_LINK_HEADER_BYTES;
        return tooLong ? DeviceCounter.DROPPED_TOO_LONG : null;
    }

    FrameView frame() {
        return frame;
    }

    VirtioNetHeader header() {
        return header;
    }

    /** Keeps, for the frame taken last, how much of it has been copied. */
    FrameCopier copier() {
        return copier;
    }

    long destination() {
        return destination;
    }

    long source() {
        return source;
    }

    /** The frame has gone on. */
    void done() {
        slot.counters().increment(DeviceCounter.FRAMES);
        slot.counters().add(DeviceCounter.BYTES, frame.lengthBytes());
        waits = 0;
        slot.complete(id, 0);
    }

    void drop(final DeviceCounter reason) {
        slot.counters().increment(reason);
        forget();
        slot.complete(id, 0);
    }

    /** Drops for what a target, or {@link FrameCopier}, has answered. */
    void dropFor(final int answer) {
        drop(switch (answer) {
            case FrameTarget.NO_ROOM -> DeviceCounter.DROPPED_NO_BUFFER;
            case FrameTarget.TOO_LONG -> DeviceCounter.DROPPED_TOO_LONG;
            case FrameCopier.BAD_GSO -> DeviceCounter.DROPPED_BAD_GSO;
            case ReceivePort.FILTERED -> DeviceCounter.DROPPED_FILTERED;
            default -> DeviceCounter.DROPPED_LINK_DOWN;
        });
    }

    /** The frame waits in the queue for room at {@code target}, where it was offered last, and will be taken again. */
    void putBack(final ReceivePort target) {
        slot.counters().increment(DeviceCounter.STALLS);
        slot.putBack(1);
        waits++;
        waitingFor = target;
        waitingPair = target.lastPair();
        waitingBytes = target.lastNeededBytes();
    }

    /** How often in a row the first frame has been put back. */
    int waits() {
        return waits;
    }

    /** @return whether a frame waits for room; not if its driver has taken the queue away meanwhile */
    boolean isWaiting() {
        return waits > 0 && slot.isUp();
    }

    private void forget() {
        waits = 0;
        copier.forget();
    }
}
