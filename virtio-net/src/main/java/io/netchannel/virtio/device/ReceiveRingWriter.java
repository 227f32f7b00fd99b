package io.netchannel.virtio.device;

import static io.netchannel.virtio.net.VirtioNetHeaderLayout.LENGTH_BYTES;
import static io.netchannel.virtio.net.VirtioNetHeaderLayout.NUM_BUFFERS_OFFSET;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.virtio.net.FrameTarget;
import io.netchannel.virtio.net.Scratch;
import io.netchannel.virtio.net.VirtioNetHeader;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DeviceQueue;

/**
 * Writes frames into the receive buffers of a driver: into one chain, or with MRG_RXBUF into as many as a frame takes,
 * all of them filled but the last (VirtIO 1.3, 5.1.6.4).
 *
 * <p>Threading: the thread that holds the slot.
 */
final class ReceiveRingWriter implements FrameTarget {

    /** More chains than any frame needs whose driver means well. */
    private static final int MAX_CHAINS = 256;
    // One fewer than a system call takes: a TAP adds a piece of its own.
    private static final int MAX_PIECES = VirtioNetDevice.MAX_CHAIN - 1;

    private final Scratch headerCopy = new Scratch(16, 16);
    private final OrderedMemory memory = headerCopy.memory();
    private final long scratch = headerCopy.address();
    private final long[] addresses = new long[MAX_PIECES];
    private final int[] lengths = new int[MAX_PIECES];
    private final int[] ids = new int[MAX_CHAINS];
    private final int[] capacities = new int[MAX_CHAINS];
    private final int[] pieceEnds = new int[MAX_CHAINS];
    private final VirtioNetHeader header = new VirtioNetHeader();

    private QueueSlot slot;
    private boolean mergeable;
    private int pieces;
    private int chains;
    private int capacityBytes;
    private int frameBytes;
    private int lastNeededBytes;
    // Where the next byte goes.
    private int piece;
    private int within;

    /** @param newSlot claimed by this thread */
    void select(final QueueSlot newSlot, final boolean mergeableBuffers) {
        slot = newSlot;
        mergeable = mergeableBuffers;
    }

    @Override
    public int begin(final int newFrameBytes, final VirtioNetHeader newHeader) {
        final int answer = reserve(LENGTH_BYTES + newFrameBytes);
        if (answer == READY) {
            header.copy(newHeader);
            frameBytes = newFrameBytes;
            seek(LENGTH_BYTES);
        }
        return answer;
    }

    /** Takes chains until they hold {@code neededBytes}, the header included; takes none if they don't. */
    int reserve(final int neededBytes) {
        final int answer = take(neededBytes);
        if (answer != READY) {
            slot.putBack(chains);
        }
        return answer;
    }

    int lastNeededBytes() {
        return lastNeededBytes;
    }

    private int take(final int neededBytes) {
        reset();
        return takeMore(neededBytes);
    }

    private void reset() {
        chains = 0;
        pieces = 0;
        capacityBytes = 0;
    }

    private int takeMore(final int neededBytes) {
        lastNeededBytes = neededBytes;
        while (capacityBytes < neededBytes) {
            if (chains > 0 && !mergeable || chains == MAX_CHAINS) {
                return TOO_LONG;
            }
            final int id = slot.next();
            if (id < 0) {
                return id == DeviceQueue.EMPTY ? NO_ROOM : CLOSED;
            }
            final int capacity = addPieces(slot.chain());
            ids[chains] = id;
            capacities[chains] = Math.max(0, capacity);
            pieceEnds[chains++] = pieces;
            if (capacity < 0) {
                return TOO_LONG;
            }
            capacityBytes += capacity;
        }
        return READY;
    }

    /**
     * After {@link #NO_ROOM}: asks the driver to notify when it adds chains to those that were too few.
     *
     * @return false if there is room already, or never will be
     */
    boolean armForRoom(final int neededBytes) {
        if (take(neededBytes) != NO_ROOM) {
            slot.putBack(chains);
            return false;
        }
        // With the chains taken, the event index is behind the last one. Were it at the first, the driver, which is
        // past it already, would never notify.
        final boolean more = slot.enableNotifications();
        slot.putBack(chains);
        return !more;
    }

    // -1 if there are more pieces, or bytes, than any driver has a use for.
    private int addPieces(final DescriptorChain chain) {
        final int before = pieces;
        int capacity = 0;
        for (int i = chain.readableCount(); i < chain.count(); i++) {
            final int bytes = chain.lengthBytes(i);
            if (pieces == MAX_PIECES || bytes < 0 || bytes > (1 << 30) - capacityBytes - capacity) {
                pieces = before;
                return -1;
            }
            addresses[pieces] = chain.address(i);
            lengths[pieces++] = bytes;
            capacity += bytes;
        }
        return capacity;
    }

    private void seek(final int offset) {
        piece = 0;
        within = offset;
        while (within >= lengths[piece] && piece < pieces - 1) {
            within -= lengths[piece++];
        }
    }

    @Override
    public void write(final long sourceAddress, final int lengthBytes) {
        int done = 0;
        while (done < lengthBytes) {
            if (within == lengths[piece]) {
                piece++;
                within = 0;
            }
            final int bytes = Math.min(lengthBytes - done, lengths[piece] - within);
            memory.copy(sourceAddress + done, addresses[piece] + within, bytes);
            within += bytes;
            done += bytes;
        }
    }

    @Override
    public void end() {
        final int used = LENGTH_BYTES + frameBytes;
        // All that were taken are needed, or the last would not have been.
        header.bufferCount(chains);
        if (lengths[0] >= LENGTH_BYTES) {
            header.write(memory, addresses[0]);
        } else {
            header.write(memory, scratch);
            seek(0);
            write(scratch, LENGTH_BYTES);
        }
        complete(used, chains);
    }

    // -- for a device that fills the pieces itself, header included, and keeps those left over for its next frame

    /** Begins a burst: nothing is reserved. */
    void beginBurst(final QueueSlot newSlot, final boolean mergeableBuffers) {
        select(newSlot, mergeableBuffers);
        reset();
    }

    /** Takes chains until what is reserved holds {@code neededBytes}; as {@link #begin} answers. */
    int topUp(final int neededBytes) {
        return takeMore(neededBytes);
    }

    /** Puts back what is reserved. */
    void endBurst() {
        slot.putBack(chains);
        reset();
    }

    int pieceCount() {
        return pieces;
    }

    long pieceAddress(final int position) {
        return addresses[position];
    }

    int pieceBytes(final int position) {
        return lengths[position];
    }

    int capacityBytes() {
        return capacityBytes;
    }

    /** Destination address of the frame that the pieces hold. */
    long destination() {
        long mac = 0;
        seek(LENGTH_BYTES);
        for (int i = 0; i < 6; i++) {
            if (within == lengths[piece]) {
                piece++;
                within = 0;
            }
            mac = mac << 8 | memory.getByte(addresses[piece] + within++) & 0xFF;
        }
        return mac;
    }

    /** The pieces hold {@code usedBytes}: at least a header, which lacks the number of buffers. */
    void endFilled(final int usedBytes) {
        final int count = chainsFor(usedBytes);
        memory.putShort(scratch, (short) count);
        seek(NUM_BUFFERS_OFFSET);
        write(scratch, Short.BYTES);
        frameBytes = usedBytes - LENGTH_BYTES;
        complete(usedBytes, count);
        keepFrom(count);
    }

    private void keepFrom(final int chain) {
        final int firstPiece = pieceEnds[chain - 1];
        for (int i = 0; i < chain; i++) {
            capacityBytes -= capacities[i];
        }
        for (int i = firstPiece; i < pieces; i++) {
            addresses[i - firstPiece] = addresses[i];
            lengths[i - firstPiece] = lengths[i];
        }
        for (int i = chain; i < chains; i++) {
            ids[i - chain] = ids[i];
            capacities[i - chain] = capacities[i];
            pieceEnds[i - chain] = pieceEnds[i] - firstPiece;
        }
        pieces -= firstPiece;
        chains -= chain;
    }

    private int chainsFor(final int usedBytes) {
        int count = 0;
        for (int covered = 0; covered < usedBytes; count++) {
            covered += capacities[count];
        }
        return count;
    }

    private void complete(final int usedBytes, final int count) {
        int left = usedBytes;
        for (int i = 0; i < count; i++) {
            final int bytes = Math.min(left, capacities[i]);
            slot.complete(ids[i], bytes);
            left -= bytes;
        }
        slot.counters().increment(DeviceCounter.FRAMES);
        slot.counters().add(DeviceCounter.BYTES, frameBytes);
    }
}
