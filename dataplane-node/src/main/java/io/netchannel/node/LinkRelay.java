package io.netchannel.node;

import io.netchannel.channels.PacketSink;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.sched.Priority;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.virtio.device.VirtioNetDevice;
import io.netchannel.virtio.device.VirtioNetDeviceConfig;
import io.netchannel.virtio.driver.QueuePair;
import io.netchannel.virtio.driver.QueuePairBinding;
import io.netchannel.virtio.driver.VirtioNetDriver;
import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import java.util.List;

/**
 * Joins two links: every frame that comes out of one goes into the other, as it is, super-frames and unfinished
 * checksums included. A TAP joined to an impaired {@link NodeWire} is a Linux host behind a bad path.
 *
 * <pre>
 *  link ─▶ device │ driver ─▶ driver │ device ─▶ link        and back
 * </pre>
 * Open it, and whatever is at the other end of its links; then {@link #start} it on a loop; then start the loop.
 *
 * <p>Threading: opened, started and closed by one thread, while the loop isn't running; the rest is the loop's.
 */
public final class LinkRelay implements AutoCloseable {

    private static final int QUEUE_SIZE = 256;
    private static final int BUFFERS = 4096;
    private static final int BUFFER_BYTES = 4096;
    private static final int BURST = 64;
    // Nobody is addressed by it; the low bits tell the two sides apart.
    private static final long MAC = 0x02_4E_43_00_00_00L;

    private final Region region;
    private final PacketPool pool;
    private final Side left;
    private final Side right;
    private boolean closed;

    private LinkRelay(final NodeLink left, final NodeLink right) {
        final VirtioNetDriverConfig config = VirtioNetDriverConfig.DEFAULT.withQueueSizes(QUEUE_SIZE, QUEUE_SIZE);
        region = Region.create("relay", PacketMemory.requiredBytes(BUFFERS, BUFFER_BYTES)
                + 2 * VirtioNetDriver.requiredBytes(config, 1) + (1 << 16));
        try {
            pool = new PacketPool(new PacketMemory(region, BUFFERS, BUFFER_BYTES));
            this.left = new Side(left, 1);
            this.right = new Side(right, 2);
        } catch (final RuntimeException | Error failed) {
            region.close();
            throw failed;
        }
    }

    /** @param left and {@code right}: become the relay's, which closes them, even if this fails */
    public static LinkRelay open(final NodeLink left, final NodeLink right) {
        try {
            return new LinkRelay(left, right);
        } catch (final RuntimeException | Error failed) {
            left.close();
            right.close();
            throw failed;
        }
    }

    /** Puts it on a loop. */
    public void start(final RunLoop loop) {
        final VirtioNetDriverConfig config = VirtioNetDriverConfig.DEFAULT.withQueueSizes(QUEUE_SIZE, QUEUE_SIZE);
        final Doorbell wake = loop.wakeWord()::signal;
        left.open(config, wake);
        right.open(config, wake);
        left.run(loop, right, wake);
        right.run(loop, left, wake);
    }

    /** Frames taken from the left link and handed to the right one. */
    public long leftToRight() {
        return left.forwarded;
    }

    /** Frames taken from the right link and handed to the left one. */
    public long rightToLeft() {
        return right.forwarded;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        left.close();
        right.close();
        region.close();
    }

    /** A link with a device and a driver. */
    private final class Side implements PacketSink {

        private final NodeLink link;
        private final VirtioNetDevice device;
        private VirtioNetDriver driver;
        private QueuePair pair;
        private QueuePair other;
        private long forwarded;

        Side(final NodeLink link, final int number) {
            this.link = link;
            device = new VirtioNetDevice(VirtioNetDeviceConfig.of(MAC | number).withMtuBytes(link.mtuBytes()));
            link.attach(device);
        }

        void open(final VirtioNetDriverConfig config, final Doorbell wake) {
            driver = VirtioNetDriver.open(device, config, region, List.of(QueuePairBinding.of(pool, wake)));
            // Frames are for others.
            driver.setPromiscuous(true);
            pair = driver.queuePair(0);
        }

        void run(final RunLoop loop, final Side to, final Doorbell wake) {
            other = to.pair;
            link.wake(0, wake);
            loop.add(link.poller(0), Priority.DATAPLANE);
            loop.add(new Forwarder(), Priority.DATAPLANE);
        }

        @Override
        public void accept(final long packet) {
            if (other.transmit(packet)) {
                forwarded++;
            } else {
                // Can't be: the budget was the other's space.
                pool.releasePacket(packet);
            }
        }

        @Override
        public void endOfBurst() {
            other.flush();
        }

        void close() {
            if (driver != null) {
                driver.close();
            }
            link.close();
        }

        /** Takes no more than the other side has room for; the rest waits where it is. */
        private final class Forwarder implements Poller {

            @Override
            public int poll(final long nowNs) {
                final int released = pair.reclaimTransmitted();
                return released + pair.pollReceive(Side.this, Math.min(BURST, other.space()));
            }

            @Override
            public boolean arm() {
                return pair.arm();
            }

            @Override
            public void disarm() {
                pair.disarm();
            }
        }
    }
}
