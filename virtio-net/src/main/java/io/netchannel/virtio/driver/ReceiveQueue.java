package io.netchannel.virtio.driver;

import static io.netchannel.virtio.net.VirtioNetHeaderLayout.*;

import io.netchannel.channels.PacketSink;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.virtio.net.Counters;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.net.VirtioNetHeader;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DriverQueue;

/**
 * A receive queue: keeps it filled with buffers, and makes packets of what the device has put there.
 *
 * <p>With MRG_RXBUF each chain is one buffer, and a frame takes {@code num_buffers} of them. Without, each chain holds
 * the largest frame, if need be in several buffers, which are the slices of a packet from the start.
 *
 * <p>What the device says of a frame is copied, then checked. A frame that fails is dropped whole: each of its buffers
 * is released once, whatever had become of it.
 *
 * <p>Threading: one thread.
 */
final class ReceiveQueue {

    private static final int ETHERNET_HEADER_BYTES = 14;
    private static final int MAX_REFILL_BURST = 16;

    private final DriverQueue queue;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final Counters<DriverCounter> counters;
    private final Notifier notifier;
    private final long features;
    private final boolean mergeable;
    private final int capacityBytes;
    private final int buffersPerChain;
    private final int descriptorsPerChain;
    private final int refillThreshold;
    private final int reservedBuffers;
    private final int minPostedChains;
    private final VirtioNetHeader header = new VirtioNetHeader();
    private final DescriptorChain chain;
    private final long[] spread = new long[BufferPlan.MAX_BUFFERS];
    private boolean violationCounted;

    ReceiveQueue(final DriverQueue queue, final PacketPool pool, final long features, final int mtuBytes,
            final Notifier notifier, final Counters<DriverCounter> counters) {
        this.queue = queue;
        this.pool = pool;
        this.packets = pool.packets();
        this.features = features;
        this.notifier = notifier;
        this.counters = counters;
        mergeable = VirtioFeature.MRG_RXBUF.in(features);
        capacityBytes = BufferPlan.receiveCapacity(packets.bufferBytes());
        buffersPerChain = BufferPlan.buffersPerChain(packets.bufferBytes(), mtuBytes, features);
        descriptorsPerChain = VirtioFeature.INDIRECT_DESC.in(features) ? 1 : buffersPerChain;
        refillThreshold = Math.min(MAX_REFILL_BURST, Math.max(1, queue.size() / descriptorsPerChain / 4))
                * descriptorsPerChain;
        reservedBuffers = BufferPlan.reservedBuffers(pool);
        minPostedChains = (BufferPlan.MIN_POSTED_BUFFERS + buffersPerChain - 1) / buffersPerChain;
        chain = new DescriptorChain(buffersPerChain);
    }

    // -- refill

    /** Adds buffers, if there is room for a burst of them. */
    void refill() {
        if (queue.freeDescriptors() >= refillThreshold && add()) {
            queue.publish();
            notifier.notifyIfNeeded(queue);
        }
    }

    private boolean add() {
        boolean added = false;
        while (queue.freeDescriptors() >= descriptorsPerChain) {
            final int posted = (queue.size() - queue.freeDescriptors()) / descriptorsPerChain;
            final int reserved = posted < minPostedChains ? 0 : reservedBuffers;
            if (pool.available() < reserved + buffersPerChain) {
                counters.increment(DriverCounter.RECEIVE_POOL_EXHAUSTED);
                break;
            }
            if (!(buffersPerChain == 1 ? addOne() : addSeveral())) {
                break;
            }
            added = true;
        }
        return added;
    }

    private boolean addOne() {
        final int buffer = pool.allocate();
        if (!queue.addWritable(packets.bufferAddress(buffer) + BufferPlan.RECEIVE_OFFSET, capacityBytes, buffer)) {
            pool.release(buffer);
            return false;
        }
        return true;
    }

    private boolean addSeveral() {
        final int head = pool.allocate();
        chain.clear().addWritable(packets.bufferAddress(head) + BufferPlan.RECEIVE_OFFSET, capacityBytes);
        for (int i = 1; i < buffersPerChain; i++) {
            final int buffer = pool.allocate();
            chain.addWritable(packets.bufferAddress(buffer) + BufferPlan.RECEIVE_OFFSET, capacityBytes);
            packets.addSlice(head, PacketHandle.of(buffer, BufferPlan.RECEIVE_OFFSET, capacityBytes));
        }
        if (!queue.add(chain, head)) {
            pool.releasePacket(PacketHandle.of(head, 0, 0));
            return false;
        }
        return true;
    }

    // -- receive

    /** @return frames taken from the queue, dropped ones included */
    int poll(final PacketSink sink, final int budget) {
        int frames = 0;
        int delivered = 0;
        while (frames < budget) {
            final long head = queue.takeUsed();
            if (head == DriverQueue.NONE) {
                break;
            }
            frames++;
            final long packet = receive((int) head, queue.usedBytes());
            if (packet != PacketHandle.NONE) {
                delivered++;
                sink.accept(packet);
            }
        }
        if (delivered > 0) {
            sink.endOfBurst();
        }
        refill();
        countViolation();
        return frames;
    }

    private void countViolation() {
        if (queue.violation() != null && !violationCounted) {
            violationCounted = true;
            counters.increment(DriverCounter.VIOLATIONS);
        }
    }

    private long receive(final int head, final int usedBytes) {
        if (usedBytes < LENGTH_BYTES) {
            return drop(head, DriverCounter.RECEIVE_DROPPED_SHORT);
        }
        header.read(packets.memory(), packets.bufferAddress(head) + BufferPlan.RECEIVE_OFFSET);
        final int headBytes = Math.min(usedBytes, capacityBytes) - LENGTH_BYTES;
        final DriverCounter fault;
        if (mergeable) {
            fault = merge(head, header.bufferCount());
        } else {
            fault = trim(head, usedBytes);
        }
        if (fault != null) {
            return drop(head, fault);
        }
        final long packet = PacketHandle.of(head, BufferPlan.HEADROOM_BYTES, headBytes);
        return describe(packet, head, headBytes);
    }

    /** Takes the further buffers of a frame and makes them slices of the head's packet. */
    private DriverCounter merge(final int head, final int count) {
        if (count == 0 || count > queue.size()) {
            return DriverCounter.RECEIVE_DROPPED_BAD_BUFFER_COUNT;
        }
        DriverCounter fault = count > BufferPlan.MAX_BUFFERS ? DriverCounter.RECEIVE_DROPPED_BAD_BUFFER_COUNT : null;
        for (int i = 1; i < count; i++) {
            final long next = queue.takeUsed();
            if (next == DriverQueue.NONE) {
                // All buffers of a frame become visible at once (5.1.6.4.1), so the missing ones won't come.
                return DriverCounter.RECEIVE_DROPPED_MISSING_BUFFER;
            }
            if (queue.usedBytes() == 0 && fault == null) {
                fault = DriverCounter.RECEIVE_DROPPED_EMPTY_BUFFER;
            }
            final long slice = PacketHandle.of((int) next, BufferPlan.RECEIVE_OFFSET, queue.usedBytes());
            if (fault != null || !packets.addSlice(head, slice)) {
                pool.release((int) next);
            }
        }
        return fault;
    }

    /** Gives those of a chain's buffers that the frame did not reach back to the pool. */
    private DriverCounter trim(final int head, final int usedBytes) {
        final int slices = packets.sliceCount(head);
        for (int i = 0; i < slices; i++) {
            spread[i] = packets.slice(head, i);
        }
        packets.clearSlices(head);
        int left = usedBytes - Math.min(usedBytes, capacityBytes);
        for (int i = 0; i < slices; i++) {
            final int bytes = Math.min(left, capacityBytes);
            if (bytes > 0) {
                packets.addSlice(head, PacketHandle.withRange(spread[i], BufferPlan.RECEIVE_OFFSET, bytes));
            } else {
                pool.release(PacketHandle.index(spread[i]));
            }
            left -= bytes;
        }
        return null;
    }

    /** Checks what the header says of the frame and writes it into the packet's metadata. */
    private long describe(final long packet, final int head, final int headBytes) {
        final int totalBytes = packets.frameBytes(packet);
        if (headBytes < ETHERNET_HEADER_BYTES) {
            return drop(head, DriverCounter.RECEIVE_DROPPED_SHORT);
        }
        if (totalBytes > MAX_FRAME_BYTES) {
            return drop(head, DriverCounter.RECEIVE_DROPPED_TOO_LONG);
        }
        if (header.fault(totalBytes, features) != null) {
            return drop(head, DriverCounter.RECEIVE_DROPPED_BAD_HEADER);
        }
        int flags = 0;
        if (header.needsChecksum()) {
            flags |= PacketLayout.FLAG_NEEDS_CHECKSUM;
            packets.checksum(head, header.checksumStart(), header.checksumOffset());
        } else if (header.isChecksumValid() && VirtioFeature.GUEST_CSUM.in(features)) {
            flags |= PacketLayout.FLAG_CHECKSUM_VALID;
        }
        if (header.isGso()) {
            flags |= header.hasEcn() ? PacketLayout.FLAG_GSO_ECN : 0;
            packets.gso(head, header.gsoType(), header.gsoSizeBytes());
        }
        packets.flags(head, flags);
        packets.totalLengthBytes(head, totalBytes);
        counters.increment(DriverCounter.RECEIVED_FRAMES);
        counters.add(DriverCounter.RECEIVED_BYTES, totalBytes);
        if (totalBytes != headBytes) {
            counters.increment(DriverCounter.RECEIVED_SPREAD_FRAMES);
        }
        return packet;
    }

    private long drop(final int head, final DriverCounter reason) {
        counters.increment(reason);
        pool.releasePacket(PacketHandle.of(head, 0, 0));
        return PacketHandle.NONE;
    }

    // -- parking and the end

    boolean hasUsed() {
        return queue.hasUsed();
    }

    /** @return whether there is something to do already */
    boolean enableInterrupts() {
        queue.enableInterrupts();
        return queue.hasUsed();
    }

    void disableInterrupts() {
        queue.disableInterrupts();
    }

    /** After reset: takes back every buffer. */
    void reclaim() {
        for (long head = queue.reclaim(); head != DriverQueue.NONE; head = queue.reclaim()) {
            pool.releasePacket(PacketHandle.of((int) head, 0, 0));
        }
    }
}
