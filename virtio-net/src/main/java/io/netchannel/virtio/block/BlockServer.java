package io.netchannel.virtio.block;

import static io.netchannel.virtio.block.BlockRequestLayout.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.storage.block.BlockQueue;
import io.netchannel.virtio.net.Counters;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DeviceQueue;

/**
 * Serves one queue of a block device, from a queue of the device below.
 *
 * <pre>
 *   available ring ─▶ RequestParser ─▶ parts, one for each buffer ─▶ BlockQueue of the device below
 *                                                                          │ completions; a short one goes on
 *   used ring ◀── status ◀── last part, and a flush if the driver knows of none ◀──┘
 * </pre>
 *
 * <p>Threading: that of the loop that polls it, {@link #close} too; counters any.
 */
public final class BlockServer implements Poller, AutoCloseable {

    private final VirtioBlockDevice device;
    private final DeviceQueue queue;
    private final DescriptorChain chain;
    private final int maxParts;
    private final OrderedMemory memory;
    private final RequestParser parser;
    private final BlockQueue below;
    private final boolean writesThrough;
    private final Doorbell interrupt;
    private final QueueReset reset;
    private final Counters<BlockCounter> counters = new Counters<>(BlockCounter.class);
    private final ServedRequest[] requests;
    private final int[] free;
    private int freeCount;
    // Parts that the device below had no room for yet, a ring of slot * maxParts + part.
    private final int[] waiting;
    private long waitingFirst;
    private long waitingEnd;
    private boolean completed;
    private boolean broken;
    private boolean closed;

    BlockServer(final VirtioBlockDevice device, final DeviceQueue queue, final int maxChain, final Region region,
            final int depth, final long features, final Doorbell wake, final Doorbell interrupt,
            final QueueReset reset) {
        this.device = device;
        this.queue = queue;
        this.chain = new DescriptorChain(maxChain);
        this.maxParts = Math.max(maxChain, RequestParser.MAX_RANGES);
        this.memory = region.memory();
        this.interrupt = interrupt;
        this.reset = reset;
        this.writesThrough = !BlockFeature.FLUSH.in(features);
        parser = new RequestParser(memory, device.below().capacityBytes(), device.below().isReadOnly(), features,
                counters);
        requests = new ServedRequest[queue.size()];
        free = new int[queue.size()];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = new ServedRequest(i, maxParts);
            free[freeCount++] = i;
        }
        waiting = new int[requests.length * maxParts];
        below = device.below().openQueue(region, depth, wake, this::partDone);
    }

    public Counters<BlockCounter> counters() {
        return counters;
    }

    @Override
    public int poll(final long nowNs) {
        if (closed) {
            return 0;
        }
        if (reset.isRequested()) {
            stop();
            return 1;
        }
        int work = 0;
        submitWaiting();
        // Each chain has a descriptor of its own, and so there is a slot for each.
        while (!broken && waitingFirst == waitingEnd && work < requests.length && freeCount > 0 && take()) {
            work++;
        }
        work += below.poll(nowNs);
        publish();
        return work;
    }

    private boolean take() {
        final int id = queue.next(chain);
        if (id < 0) {
            if (id == DeviceQueue.BROKEN) {
                broken = true;
                counters.increment(BlockCounter.VIOLATIONS);
                device.needsReset();
                interrupt.ring();
            }
            return false;
        }
        counters.increment(BlockCounter.REQUESTS);
        final ServedRequest request = requests[free[--freeCount]];
        request.begin(id);
        if (parser.parse(chain, request)) {
            start(request);
        } else {
            finish(request);
        }
        return true;
    }

    private void start(final ServedRequest request) {
        request.left = request.parts;
        for (int part = 0; part < request.parts; part++) {
            enqueue(request.slot * maxParts + part);
        }
        submitWaiting();
    }

    private void enqueue(final int token) {
        waiting[(int) (waitingEnd++ % waiting.length)] = token;
    }

    private void submitWaiting() {
        while (waitingFirst != waitingEnd) {
            final int token = waiting[(int) (waitingFirst % waiting.length)];
            final int refused = submit(requests[token / maxParts], token % maxParts, token);
            if (refused == BlockQueue.FULL) {
                return;
            }
            waitingFirst++;
            if (refused != BlockQueue.ACCEPTED) {
                partDone(token, refused);
            }
        }
    }

    private int submit(final ServedRequest request, final int part, final int token) {
        final long address = request.addresses[part];
        final long offset = request.offsets[part];
        final long length = request.lengths[part];
        return switch (request.type) {
            case TYPE_IN -> below.read(address, (int) length, offset, token);
            case TYPE_OUT -> below.write(address, (int) length, offset, token);
            case TYPE_DISCARD -> below.discard(offset, length, token);
            case TYPE_WRITE_ZEROES -> below.writeZeroes(offset, length, token);
            default -> below.flush(token);
        };
    }

    private void partDone(final long token, final int result) {
        final ServedRequest request = requests[(int) token / maxParts];
        final int part = (int) token % maxParts;
        if (result < 0 || result == 0 && request.isTransfer()) {
            request.status = result == -Errno.EOPNOTSUPP ? STATUS_UNSUPP : STATUS_IOERR;
        } else if (request.isTransfer() && result < request.lengths[part]) {
            counters.increment(BlockCounter.SHORT_TRANSFERS);
            request.addresses[part] += result;
            request.offsets[part] += result;
            request.lengths[part] -= result;
            enqueue((int) token);
            submitWaiting();
            return;
        }
        request.left--;
        if (request.left > 0) {
            return;
        }
        if (writesThrough && request.isChange() && request.status == STATUS_OK) {
            // 5.2.6.2: a driver that can't flush takes a write that is complete for durable.
            request.type = TYPE_FLUSH;
            request.left = 1;
            enqueue(request.slot * maxParts);
            submitWaiting();
            return;
        }
        if (request.status != STATUS_OK) {
            counters.increment(BlockCounter.FAILED);
        }
        finish(request);
    }

    private void finish(final ServedRequest request) {
        if (request.statusAddress != 0) {
            memory.putByte(request.statusAddress, (byte) request.status);
        }
        queue.complete(request.chainId, request.writtenBytes);
        completed = true;
        free[freeCount++] = request.slot;
    }

    private void publish() {
        if (completed) {
            completed = false;
            queue.publish();
            final boolean wanted = queue.needsInterrupt();
            counters.increment(wanted ? BlockCounter.INTERRUPTS : BlockCounter.SUPPRESSED_INTERRUPTS);
            if (wanted) {
                interrupt.ring();
            }
        }
    }

    // -- sleep and the end

    @Override
    public boolean arm() {
        if (closed) {
            return true;
        }
        queue.enableNotifications();
        // What waits for room waits for a completion below, which wakes.
        final boolean hasWork = !broken && waitingFirst == waitingEnd && queue.hasAvailable();
        return !hasWork && !reset.isRequested() && below.arm();
    }

    @Override
    public void disarm() {
        if (!closed) {
            queue.disableNotifications();
            below.disarm();
        }
    }

    @Override
    public long nextDeadlineNs() {
        return closed ? NO_DEADLINE : below.nextDeadlineNs();
    }

    @Override
    public int wakeFd() {
        return closed ? -1 : below.wakeFd();
    }

    /** Lets what is under way below complete, fails what is not, and touches the driver's memory no more. Idempotent. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        // What the driver has published is begun; how far it gets is below's to say.
        while (!broken && waitingFirst == waitingEnd && freeCount > 0 && take()) {
            submitWaiting();
        }
        stop();
    }

    private void stop() {
        below.close();
        // The queue below refuses now, and each part that still waits comes back at once.
        submitWaiting();
        publish();
        closed = true;
        reset.stopped();
        interrupt.ring();
    }

    @Override
    public String toString() {
        return "block server of " + device;
    }
}
