package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioNetHeaderLayout.LENGTH_BYTES;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.IovecLayout;
import io.netchannel.kernel.linux.Linux;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.net.FrameTarget;
import io.netchannel.virtio.net.Scratch;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.net.VirtioNetHeaderLayout;
import io.netchannel.virtio.queue.DescriptorChain;

/**
 * One queue of a TAP, behind one queue pair: {@code writev} from the transmit descriptors, {@code readv} into the
 * receive descriptors.
 *
 * <p>Threading: one thread; {@link #ring} any; {@link #close}, {@link #attach}, {@link #setOffload} the control thread.
 */
final class TapQueue implements Poller {

    private static final int BURST = 64;
    private static final int MIN_FRAME_BYTES = 14;
    private static final int MAX_SHORT_POLLS = 64;
    private static final int SPILL_BYTES = LENGTH_BYTES + VirtioNetHeaderLayout.MAX_FRAME_BYTES;
    private static final int CLOSED = -1;

    private final VirtioNetDevice device;
    private final int pair;
    private final QueueSlot transmit;
    private final QueueSlot receive;
    private final ReceiveRingWriter writer = new ReceiveRingWriter();
    private final Scratch iovecs = new Scratch((long) IovecLayout.MAX_ENTRIES * IovecLayout.ENTRY_BYTES, 128);
    private final OrderedMemory memory = iovecs.memory();
    // Takes what does not fit into the receive buffers, so that a frame cut short is told from one that fits exactly.
    private final Scratch spill = new Scratch(SPILL_BYTES, 128);
    private Doorbell doorbell = Doorbell.NONE;
    private int fd;
    private boolean attached = true;
    // No receive buffers: frames wait in the kernel, and the descriptor must not wake us for them.
    private boolean starved;
    private int neededBytes;
    // Polls in a row that found buffers for a packet, but not for a super-frame.
    private int shortPolls;

    TapQueue(final VirtioNetDevice device, final int pair, final int fd) {
        this.device = device;
        this.pair = pair;
        this.fd = fd;
        this.transmit = device.transmitSlot(pair);
        this.receive = device.receiveSlot(pair);
        transmit.notification(this::ring);
        receive.notification(this::ring);
    }

    void wake(final Doorbell newDoorbell) {
        doorbell = newDoorbell;
    }

    void ring() {
        doorbell.ring();
    }

    boolean knowsUso() {
        return TunRequests.knowsUso(fd);
    }

    int setOffload(final long features) {
        return fd == CLOSED ? 0 : TunRequests.setOffload(fd, features);
    }

    void attach(final boolean attach) {
        if (fd != CLOSED && attach != attached && TunRequests.setQueue(fd, attach) >= 0) {
            attached = attach;
        }
    }

    void close() {
        if (fd != CLOSED) {
            Linux.close(fd);
            fd = CLOSED;
        }
    }

    @Override
    public int poll(final long nowNs) {
        int work = 0;
        if (transmit.tryClaim()) {
            try {
                transmit.disableNotifications();
                work += send();
            } finally {
                transmit.release();
            }
        }
        if (pair >= device.activeQueuePairs() || fd == CLOSED) {
            // Nothing is read for this pair, so it waits for no buffers either.
            starved = false;
        } else if (receive.tryClaim()) {
            try {
                receive.disableNotifications();
                work += receive();
            } finally {
                receive.release();
            }
        }
        return work;
    }

    // -- transmit

    private int send() {
        int frames = 0;
        while (frames < BURST) {
            final int id = transmit.next();
            if (id < 0) {
                break;
            }
            final DeviceCounter fault = send(transmit.chain());
            transmit.counters().increment(fault == null ? DeviceCounter.FRAMES : fault);
            transmit.complete(id, 0);
            frames++;
        }
        return frames;
    }

    private DeviceCounter send(final DescriptorChain chain) {
        final int count = chain.readableCount();
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            final long pieceBytes = chain.lengthBytes(i) & 0xFFFF_FFFFL;
            putIovec(i, chain.address(i), pieceBytes);
            bytes += pieceBytes;
        }
        if (bytes < LENGTH_BYTES + MIN_FRAME_BYTES) {
            return DeviceCounter.DROPPED_BAD_CHAIN;
        }
        if (bytes > LENGTH_BYTES + VirtioNetHeaderLayout.MAX_FRAME_BYTES) {
            return DeviceCounter.DROPPED_TOO_LONG;
        }
        if (fd == CLOSED) {
            return DeviceCounter.DROPPED_LINK_DOWN;
        }
        final long result = Linux.writev(fd, iovecs.address(), count);
        if (result >= 0) {
            device.linkUp(true);
            transmit.counters().add(DeviceCounter.BYTES, bytes - LENGTH_BYTES);
            return null;
        }
        return lost((int) -result) ? DeviceCounter.DROPPED_LINK_DOWN : DeviceCounter.DROPPED_BY_HOST;
    }

    private void putIovec(final int position, final long address, final long lengthBytes) {
        final long entry = iovecs.address() + (long) position * IovecLayout.ENTRY_BYTES;
        memory.putLong(entry + IovecLayout.BASE_OFFSET, address);
        memory.putLong(entry + IovecLayout.LENGTH_OFFSET, lengthBytes);
    }

    /** @return whether the error means that there is no link, for now or for ever */
    private boolean lost(final int errno) {
        switch (errno) {
            case Errno.EIO :
                // The host has set the interface down; it may come up again.
                device.linkUp(false);
                return true;
            case Errno.EBADFD, Errno.EBADF, Errno.ENODEV, Errno.ENXIO :
                // The interface is gone. Its descriptor would report an error at every wait, so it goes too.
                device.linkUp(false);
                close();
                return true;
            default :
                return false;
        }
    }

    // -- receive

    private int receive() {
        final long features = device.features();
        neededBytes = VirtioFeature.acceptsSuperFrames(features)
                ? LENGTH_BYTES + VirtioNetHeaderLayout.MAX_FRAME_BYTES
                : packetBytes();
        writer.beginBurst(receive, VirtioFeature.MRG_RXBUF.in(features));
        starved = false;
        int frames = 0;
        while (frames < BURST && fd != CLOSED && hasRoom()) {
            final long result = readFrame();
            if (result < 0) {
                if (result != -Errno.EAGAIN && result != -Errno.EINTR) {
                    lost((int) -result);
                }
                break;
            }
            keep((int) result);
            frames++;
        }
        writer.endBurst();
        return frames;
    }

    private int packetBytes() {
        return LENGTH_BYTES + device.mtuBytes() + VirtioNetHeaderLayout.MAX_LINK_HEADER_BYTES;
    }

    // A driver that is short of buffers may be waiting for an acknowledgement that frees them. So after some polls
    // frames are read even if a super-frame would not fit; one that does not is dropped, and sent again in smaller
    // pieces.
    private boolean hasRoom() {
        final int answer = writer.topUp(neededBytes);
        if (answer == FrameTarget.READY || answer == FrameTarget.TOO_LONG) {
            shortPolls = 0;
            return true;
        }
        if (answer == FrameTarget.CLOSED) {
            // The ring is broken: no buffers until a reset, and meanwhile the descriptor must not wake us.
            starved = true;
            return false;
        }
        if (writer.capacityBytes() >= packetBytes() && shortPolls >= MAX_SHORT_POLLS) {
            return true;
        }
        shortPolls++;
        starved = true;
        receive.counters().increment(DeviceCounter.STALLS);
        return false;
    }

    private long readFrame() {
        final int pieces = writer.pieceCount();
        for (int i = 0; i < pieces; i++) {
            putIovec(i, writer.pieceAddress(i), writer.pieceBytes(i));
        }
        putIovec(pieces, spill.address(), SPILL_BYTES);
        return Linux.readv(fd, iovecs.address(), pieces + 1);
    }

    private void keep(final int bytes) {
        if (bytes < LENGTH_BYTES + MIN_FRAME_BYTES) {
            receive.counters().increment(DeviceCounter.DROPPED_BAD_CHAIN);
        } else if (bytes > writer.capacityBytes()) {
            receive.counters().increment(DeviceCounter.DROPPED_TOO_LONG);
        } else if (!device.accepts(writer.destination())) {
            receive.counters().increment(DeviceCounter.DROPPED_FILTERED);
        } else {
            device.linkUp(true);
            writer.endFilled(bytes);
        }
    }

    // -- parking

    @Override
    public boolean arm() {
        if (transmit.tryClaim()) {
            final boolean work;
            try {
                work = transmit.enableNotifications();
            } finally {
                transmit.release();
            }
            if (work) {
                return false;
            }
        } else if (transmit.isUp()) {
            return false;
        }
        return !starved || fd == CLOSED || armForRoom();
    }

    private boolean armForRoom() {
        if (!receive.tryClaim()) {
            return !receive.isUp();
        }
        try {
            writer.select(receive, VirtioFeature.MRG_RXBUF.in(device.features()));
            // With room for a packet it is polled on, which counts; without, there is nothing to do before there is
            // some. Only a reset gives a broken ring room, and the start after it notifies.
            return receive.isBroken() || writer.armForRoom(packetBytes());
        } finally {
            receive.release();
        }
    }

    /** The TAP, while there are buffers to read into. */
    @Override
    public int wakeFd() {
        return starved || !receive.isUp() || pair >= device.activeQueuePairs() ? CLOSED : fd;
    }
}
