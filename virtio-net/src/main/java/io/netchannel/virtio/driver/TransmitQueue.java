package io.netchannel.virtio.driver;

import static io.netchannel.virtio.net.VirtioNetHeaderLayout.*;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketLayout;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.virtio.net.Counters;
import io.netchannel.virtio.net.FrameCopier;
import io.netchannel.virtio.net.VirtioFeature;
import io.netchannel.virtio.net.VirtioNetHeader;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DriverQueue;

/**
 * A transmit queue. A frame is one chain: the head with the {@code virtio_net_hdr} written into its headroom, then the
 * slices, where they lie.
 *
 * <p>Sent packets are given back in bursts, when the owner asks for it or room is needed.
 *
 * <p>Threading: one thread.
 */
final class TransmitQueue {

    private final DriverQueue queue;
    private final TransmitCompletion completion;
    private final PacketMemory packets;
    private final Counters<DriverCounter> counters;
    private final Notifier notifier;
    private final long accepted;
    private final boolean indirect;
    private final int maxBuffers;
    private final int reclaimThreshold;
    private final DescriptorChain chain;
    private final VirtioNetHeader header = new VirtioNetHeader();
    private final VirtioNetHeader finished = new VirtioNetHeader();
    private final SoftwareTransmit software;
    private boolean unpublished;
    // Somebody was told that there is no space, and waits for an interrupt.
    private boolean spaceWanted;
    private boolean violationCounted;

    TransmitQueue(final DriverQueue queue, final QueuePairBinding binding, final long features,
            final SoftwareTransmit software, final Notifier notifier, final Counters<DriverCounter> counters) {
        this.queue = queue;
        this.completion = binding.completion();
        this.packets = binding.pool().packets();
        this.accepted = VirtioFeature.acceptedFromDriver(features);
        this.software = software;
        this.notifier = notifier;
        this.counters = counters;
        indirect = VirtioFeature.INDIRECT_DESC.in(features);
        maxBuffers = Math.min(BufferPlan.MAX_BUFFERS, queue.maxChain());
        reclaimThreshold = queue.size() / 2;
        chain = new DescriptorChain(maxBuffers);
    }

    int maxBuffers() {
        return maxBuffers;
    }

    /** Frames of any shape that there is room for. */
    int space() {
        int free = queue.freeDescriptors();
        final int each = indirect ? 1 : maxBuffers;
        if (free < each) {
            reclaim();
            free = queue.freeDescriptors();
        }
        spaceWanted |= free < each;
        // Asked for each frame, and a division is dear.
        return each == 1 ? free : free / each;
    }

    boolean transmit(final long packet) {
        final int head = PacketHandle.index(packet);
        final int buffers = 1 + packets.sliceCount(head);
        if (buffers > maxBuffers || PacketHandle.offsetBytes(packet) < LENGTH_BYTES) {
            drop(packet, DriverCounter.TRANSMIT_DROPPED_BAD_PACKET);
            return true;
        }
        if (queue.violation() != null) {
            countViolation();
            drop(packet, DriverCounter.TRANSMIT_DROPPED_QUEUE_DOWN);
            return true;
        }
        fillHeader(head);
        if (FrameCopier.needsSegmentation(header, accepted) || FrameCopier.needsCompletion(header, accepted)) {
            return finishAndTransmit(packet);
        }
        if (!hasRoom(indirect ? 1 : buffers)) {
            return false;
        }
        return enqueue(packet, head, header);
    }

    private boolean hasRoom(final int descriptors) {
        if (queue.freeDescriptors() >= descriptors) {
            return true;
        }
        reclaim();
        if (queue.freeDescriptors() >= descriptors) {
            return true;
        }
        spaceWanted = true;
        counters.increment(DriverCounter.TRANSMIT_FULL);
        return false;
    }

    // GSO_ECN belongs into gso_type; in flags its bit would mean nothing, and the device would set CWR on every
    // segment.
    private void fillHeader(final int head) {
        final int flags = packets.flags(head);
        header.clear();
        if ((flags & PacketLayout.FLAG_NEEDS_CHECKSUM) != 0) {
            header.flags(FLAG_NEEDS_CSUM);
            header.checksum(packets.checksumStart(head), packets.checksumOffset(head));
        }
        final int gsoType = packets.gsoType(head);
        if (gsoType != PacketLayout.GSO_NONE) {
            header.gso(gsoType, (flags & PacketLayout.FLAG_GSO_ECN) != 0, packets.gsoSizeBytes(head),
                    packets.headerLengthBytes(head));
        }
    }

    private boolean enqueue(final long packet, final int head, final VirtioNetHeader frameHeader) {
        final long address = packets.address(packet) - LENGTH_BYTES;
        frameHeader.write(packets.memory(), address);
        chain.clear().addReadable(address, LENGTH_BYTES + PacketHandle.lengthBytes(packet));
        int bytes = PacketHandle.lengthBytes(packet);
        for (int i = 0, n = packets.sliceCount(head); i < n; i++) {
            final long slice = packets.slice(head, i);
            final int sliceBytes = PacketHandle.lengthBytes(slice);
            if (sliceBytes > 0) {
                chain.addReadable(packets.address(slice), sliceBytes);
                bytes += sliceBytes;
            }
        }
        if (!queue.add(chain, packet)) {
            return false;
        }
        unpublished = true;
        counters.increment(DriverCounter.TRANSMITTED_FRAMES);
        counters.add(DriverCounter.TRANSMITTED_BYTES, bytes);
        return true;
    }

    /** For what the device has not agreed to do, such as ECN on super-frames without HOST_ECN. */
    private boolean finishAndTransmit(final long packet) {
        final int frames = software.frameCount(packet, header);
        if (frames > queue.size()) {
            drop(packet, DriverCounter.TRANSMIT_DROPPED_UNFINISHED);
            return true;
        }
        // All or none: the caller keeps a packet that is refused, and would send its first segments again.
        if (!hasRoom(frames)) {
            return false;
        }
        final boolean done = software.finish(packet, header, this);
        counters.increment(
                done ? DriverCounter.TRANSMIT_FINISHED_FRAMES : DriverCounter.TRANSMIT_DROPPED_UNFINISHED);
        completion.completed(packet);
        return true;
    }

    /** Sends a finished frame in one buffer; there is room. */
    void enqueueFinished(final long packet) {
        if (!enqueue(packet, PacketHandle.index(packet), finished)) {
            drop(packet, DriverCounter.TRANSMIT_DROPPED_QUEUE_DOWN);
        }
    }

    private void drop(final long packet, final DriverCounter reason) {
        counters.increment(reason);
        completion.completed(packet);
    }

    void flush() {
        if (unpublished) {
            unpublished = false;
            queue.publish();
            notifier.notifyIfNeeded(queue);
        }
        if (queue.freeDescriptors() < reclaimThreshold) {
            reclaim();
        }
    }

    /** @return packets given back */
    int reclaim() {
        int count = 0;
        for (long packet = queue.takeUsed(); packet != DriverQueue.NONE; packet = queue.takeUsed()) {
            completion.completed(packet);
            count++;
        }
        if (count > 0) {
            spaceWanted = false;
        }
        countViolation();
        return count;
    }

    private void countViolation() {
        if (queue.violation() != null && !violationCounted) {
            violationCounted = true;
            counters.increment(DriverCounter.VIOLATIONS);
        }
    }

    boolean hasUsed() {
        return queue.hasUsed();
    }

    /** Asks for an interrupt if somebody waits for space. @return whether there is space to be had already */
    boolean enableInterruptsIfWanted() {
        if (!spaceWanted) {
            return false;
        }
        queue.enableInterrupts();
        return queue.hasUsed();
    }

    void disableInterrupts() {
        queue.disableInterrupts();
    }

    /** After reset: takes back every packet. */
    void reclaimAll() {
        for (long packet = queue.reclaim(); packet != DriverQueue.NONE; packet = queue.reclaim()) {
            completion.completed(packet);
        }
        unpublished = false;
    }
}
