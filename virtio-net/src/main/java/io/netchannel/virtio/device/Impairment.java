package io.netchannel.virtio.device;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.virtio.net.Counters;
import io.netchannel.virtio.net.FrameCopier;
import io.netchannel.virtio.net.FrameTarget;
import io.netchannel.virtio.net.FrameView;
import io.netchannel.virtio.net.VirtioNetHeader;
import io.netchannel.virtio.net.VirtioNetHeaderLayout;
import java.util.SplittableRandom;

/**
 * A link that loses, delays, reorders, duplicates and corrupts frames, from a seed, in whatever time it is handed.
 *
 * <p>Frames are finished before they enter: cut to segments, so that each is lost by itself, and with complete
 * checksums that nobody vouches for, so that damage can be noticed. They wait in buffers of the link's own, so the
 * sender gets its buffers back at once.
 *
 * <p>Threading: the poller's thread; counters any.
 */
public final class Impairment {

    private static final int BURST = 64;
    private static final int ETHERNET_HEADER_BYTES = 14;
    private static final double NS_TIMES_BITS_PER_BYTE = 8e9;

    private final ImpairmentConfig config;
    private final OrderedMemory memory;
    private final SplittableRandom random;
    private final FrameStore store;
    private final Entrance entrance = new Entrance();
    private final FrameView view;
    private final VirtioNetHeader finished = new VirtioNetHeader();
    private final FrameCopier copier = new FrameCopier();
    private final Counters<ImpairmentCounter> counters = new Counters<>(ImpairmentCounter.class);

    private long nowNs;
    private long linkFreeNs;
    private long lastDueNs;
    private boolean started;
    private boolean blocked;
    private int blockedPair;
    private int blockedBytes;

    Impairment(final ImpairmentConfig config, final int mtuBytes) {
        this.config = config;
        random = new SplittableRandom(config.seed());
        store = new FrameStore(config.queueFrames(), mtuBytes + VirtioNetHeaderLayout.MAX_LINK_HEADER_BYTES);
        memory = store.memory();
        view = new FrameView(memory, 1);
    }

    public Counters<ImpairmentCounter> counters() {
        return counters;
    }

    /** Puts a frame on the link; it never has to wait. @return as {@link FrameCopier#copy} */
    int offer(final FrameView frame, final VirtioNetHeader header, final FrameCopier frameCopier, final long now) {
        nowNs = now;
        if (!started) {
            started = true;
            linkFreeNs = now;
            lastDueNs = now;
        }
        return frameCopier.copy(frame, header, 0, entrance);
    }

    /** Decides the fate of each finished frame, and keeps a copy of those that will arrive. */
    private final class Entrance implements FrameTarget {

        private int cell;
        private int written;

        @Override
        public int begin(final int frameBytes, final VirtioNetHeader header) {
            if (frameBytes > store.maxFrameBytes()) {
                return TOO_LONG;
            }
            counters.increment(ImpairmentCounter.OFFERED);
            cell = FrameStore.FULL;
            written = 0;
            if (happens(config.loss())) {
                counters.increment(ImpairmentCounter.LOST);
            } else {
                cell = allocate(frameBytes);
            }
            return READY;
        }

        @Override
        public void write(final long sourceAddress, final int lengthBytes) {
            if (cell != FrameStore.FULL) {
                memory.copy(sourceAddress, store.address(cell) + written, lengthBytes);
                written += lengthBytes;
            }
        }

        @Override
        public void end() {
            if (cell != FrameStore.FULL) {
                enter(cell);
            }
        }
    }

    private int allocate(final int frameBytes) {
        final int cell = store.allocate(frameBytes);
        if (cell == FrameStore.FULL) {
            counters.increment(ImpairmentCounter.QUEUE_FULL);
        }
        return cell;
    }

    private boolean happens(final double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    private void enter(final int cell) {
        final int frameBytes = store.lengthBytes(cell);
        int copy = FrameStore.FULL;
        if (happens(config.duplicate())) {
            copy = allocate(frameBytes);
        }
        if (copy != FrameStore.FULL) {
            memory.copy(store.address(cell), store.address(copy), frameBytes);
            counters.increment(ImpairmentCounter.DUPLICATED);
        }
        corrupt(cell);
        schedule(cell);
        if (copy != FrameStore.FULL) {
            schedule(copy);
        }
    }

    private void corrupt(final int cell) {
        if (!happens(config.corrupt())) {
            return;
        }
        final long frame = store.address(cell);
        final int etherType = Short.reverseBytes(memory.getShort(frame + 12)) & 0xFFFF;
        final int bytes = store.lengthBytes(cell) - ETHERNET_HEADER_BYTES;
        if (etherType != 0x0800 && etherType != 0x86DD || bytes <= 0) {
            return;
        }
        final int bit = random.nextInt(bytes * Byte.SIZE);
        final long address = frame + ETHERNET_HEADER_BYTES + (bit >>> 3);
        memory.putByte(address, (byte) (memory.getByte(address) ^ 1 << (bit & 7)));
        counters.increment(ImpairmentCounter.CORRUPTED);
    }

    private void schedule(final int cell) {
        linkFreeNs = later(linkFreeNs, nowNs);
        if (config.ecnMarkNs() > 0 && linkFreeNs - nowNs > config.ecnMarkNs()
                && EcnMark.set(memory, store.address(cell))) {
            counters.increment(ImpairmentCounter.ECN_MARKED);
        }
        if (config.rateBitsPerSecond() > 0) {
            linkFreeNs += (long) (store.lengthBytes(cell) * NS_TIMES_BITS_PER_BYTE / config.rateBitsPerSecond());
        }
        long dueNs = linkFreeNs + config.delayNs();
        if (config.jitterNs() > 0) {
            dueNs += random.nextLong(-config.jitterNs(), config.jitterNs() + 1);
        }
        dueNs = later(dueNs, lastDueNs);
        if (happens(config.reorder())) {
            counters.increment(ImpairmentCounter.REORDERED);
            dueNs += config.reorderHoldNs();
        } else {
            lastDueNs = dueNs;
        }
        store.schedule(cell, dueNs);
    }

    private static long later(final long a, final long b) {
        return a - b >= 0 ? a : b;
    }

    /** Hands over what has arrived. @return frames */
    int deliver(final long now, final ReceivePort port) {
        blocked = false;
        int delivered = 0;
        while (delivered < BURST && !store.isEmpty() && store.dueNs(store.first()) - now <= 0) {
            final int cell = store.first();
            final long frame = store.address(cell);
            view.clear().add(frame, store.lengthBytes(cell));
            final long destination = Long.reverseBytes(memory.getLong(frame)) >>> 16;
            final int answer = port.deliver(view, finished, destination, copier);
            if (answer == FrameTarget.NO_ROOM) {
                blocked = true;
                blockedPair = port.lastPair();
                blockedBytes = port.lastNeededBytes();
                return delivered;
            }
            counters.increment(
                    answer == FrameTarget.READY ? ImpairmentCounter.DELIVERED : ImpairmentCounter.REFUSED);
            store.removeFirst();
            delivered++;
        }
        return delivered;
    }

    /** @return false if a frame that waits for room could go on */
    boolean arm(final ReceivePort port) {
        return !blocked || port.armForRoom(blockedPair, blockedBytes);
    }

    long nextDeadlineNs() {
        return blocked || store.isEmpty() ? Poller.NO_DEADLINE : store.dueNs(store.first());
    }
}
