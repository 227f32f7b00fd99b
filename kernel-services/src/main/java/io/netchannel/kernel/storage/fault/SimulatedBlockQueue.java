package io.netchannel.kernel.storage.fault;

import static io.netchannel.kernel.storage.fault.SectorStore.SECTOR_BYTES;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.storage.block.BlockBounds;
import io.netchannel.kernel.storage.block.BlockCompletion;
import io.netchannel.kernel.storage.block.BlockQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * One queue of a {@link SimulatedBlockDevice}. A request goes out at the poll after it was submitted and is carried out
 * when it completes: until then its buffer is read or written by nobody, as far as anyone can tell.
 *
 * <p>Threading: that of the device.
 */
final class SimulatedBlockQueue implements BlockQueue {

    private enum Kind {
        READ, WRITE, FLUSH, DISCARD, WRITE_ZEROES
    }

    /** @param mark of a flush: what was written before it went out */
    private record Request(Kind kind, long address, long lengthBytes, long offsetBytes, long token, long dueNs,
            long order, long mark) {
    }

    private final SimulatedBlockDevice device;
    private final OrderedMemory memory;
    private final BlockBounds bounds;
    private final int depth;
    private final BlockCompletion listener;
    private final List<Request> submitted = new ArrayList<>();
    private final PriorityQueue<Request> underWay = new PriorityQueue<>(
            Comparator.comparingLong(Request::dueNs).thenComparingLong(Request::order));
    private long order;
    private boolean closing;

    SimulatedBlockQueue(final SimulatedBlockDevice device, final Region region, final int depth,
            final BlockCompletion listener) {
        this.device = device;
        this.memory = region.memory();
        this.bounds = new BlockBounds(device, region);
        this.depth = depth;
        this.listener = listener;
    }

    // -- requests

    @Override
    public int read(final long address, final int lengthBytes, final long offsetBytes, final long token) {
        return submit(Kind.READ, bounds.read(address, lengthBytes, offsetBytes), address, lengthBytes, offsetBytes,
                token);
    }

    @Override
    public int write(final long address, final int lengthBytes, final long offsetBytes, final long token) {
        return submit(Kind.WRITE, bounds.write(address, lengthBytes, offsetBytes), address, lengthBytes, offsetBytes,
                token);
    }

    @Override
    public int flush(final long token) {
        return submit(Kind.FLUSH, 0, 0, 0, 0, token);
    }

    @Override
    public int discard(final long offsetBytes, final long lengthBytes, final long token) {
        return submit(Kind.DISCARD, bounds.range(offsetBytes, lengthBytes), 0, lengthBytes, offsetBytes, token);
    }

    @Override
    public int writeZeroes(final long offsetBytes, final long lengthBytes, final long token) {
        return submit(Kind.WRITE_ZEROES, bounds.range(offsetBytes, lengthBytes), 0, lengthBytes, offsetBytes, token);
    }

    private int submit(final Kind kind, final int refused, final long address, final long lengthBytes,
            final long offsetBytes, final long token) {
        if (refused != 0) {
            return refused;
        }
        if (closing || device.isOff()) {
            return -Errno.ENODEV;
        }
        if (outstanding() == depth) {
            return FULL;
        }
        // A flush is about what has completed now, however late it goes out.
        submitted.add(new Request(kind, address, lengthBytes, offsetBytes, token, 0, order++, device.store().mark()));
        return ACCEPTED;
    }

    @Override
    public int depth() {
        return depth;
    }

    @Override
    public int outstanding() {
        return submitted.size() + underWay.size();
    }

    // -- the loop's turn

    @Override
    public int poll(final long nowNs) {
        if (device.isOff()) {
            return 0;
        }
        int work = submitted.size();
        sendOut(nowNs);
        final int most = underWay.size();
        for (int done = 0; done < most && !underWay.isEmpty() && underWay.peek().dueNs <= nowNs; done++) {
            if (!complete(underWay.peek())) {
                break;
            }
            work++;
        }
        return work;
    }

    private void sendOut(final long nowNs) {
        final BlockFaults faults = device.faults();
        for (final Request request : submitted) {
            final long latencyNs = device.random().nextLong(faults.minLatencyNs(), faults.maxLatencyNs() + 1);
            underWay.add(new Request(request.kind, request.address, request.lengthBytes, request.offsetBytes,
                    request.token, nowNs + latencyNs, request.order, request.mark));
        }
        submitted.clear();
    }

    /** @return false if power went instead */
    private boolean complete(final Request request) {
        if (request.kind == Kind.WRITE && !device.countWrite()) {
            return false;
        }
        underWay.remove(request);
        final int result = carryOut(request);
        listener.completed(request.token, result);
        return true;
    }

    private int carryOut(final Request request) {
        final boolean fails = device.random().nextDouble() < device.faults().errorShare();
        return switch (request.kind) {
            case READ -> fails ? -Errno.EIO : read(request);
            case WRITE -> write(request, fails);
            case FLUSH -> fails ? -Errno.EIO : makeDurable(request.mark);
            case DISCARD -> fails ? -Errno.EIO : change(request, false);
            case WRITE_ZEROES -> fails ? -Errno.EIO : change(request, true);
        };
    }

    private int read(final Request request) {
        final long lengthBytes = movedBytes(request.lengthBytes);
        for (long done = 0; done < lengthBytes; done += SECTOR_BYTES) {
            device.store().read((request.offsetBytes + done) / SECTOR_BYTES, memory, request.address + done);
        }
        return (int) lengthBytes;
    }

    private int write(final Request request, final boolean fails) {
        if (fails) {
            // Up to some sector it is there; the caller isn't told to which.
            writeSectors(request, device.random().nextLong(request.lengthBytes + 1) & -SECTOR_BYTES);
            return -Errno.EIO;
        }
        final long lengthBytes = movedBytes(request.lengthBytes);
        final long writtenBytes = writeSectors(request, lengthBytes) & -device.blockBytes();
        return writtenBytes == 0 ? -Errno.ENOSPC : (int) writtenBytes;
    }

    /** @return bytes that there was space for */
    private long writeSectors(final Request request, final long lengthBytes) {
        for (long done = 0; done < lengthBytes; done += SECTOR_BYTES) {
            final byte[] data = new byte[SECTOR_BYTES];
            memory.copyToArray(request.address + done, data, 0, SECTOR_BYTES);
            if (!device.store().write((request.offsetBytes + done) / SECTOR_BYTES, data)) {
                return done;
            }
        }
        return lengthBytes;
    }

    /** @return all, or some whole blocks of it */
    private long movedBytes(final long lengthBytes) {
        final long blocks = lengthBytes / device.blockBytes();
        if (blocks == 1 || device.random().nextDouble() >= device.faults().shortShare()) {
            return lengthBytes;
        }
        return device.random().nextLong(1, blocks) * device.blockBytes();
    }

    private int makeDurable(final long mark) {
        device.store().flush(mark);
        return 0;
    }

    private int change(final Request request, final boolean keepsSpace) {
        for (long done = 0; done < request.lengthBytes; done += SECTOR_BYTES) {
            final byte[] data = keepsSpace ? new byte[SECTOR_BYTES] : null;
            if (!device.store().write((request.offsetBytes + done) / SECTOR_BYTES, data)) {
                return -Errno.ENOSPC;
            }
        }
        return 0;
    }

    /** Writes that are under way when power goes: each of their sectors may be there or not. */
    void leaveHalfDone() {
        sendOut(0);
        while (!underWay.isEmpty()) {
            final Request request = underWay.poll();
            switch (request.kind) {
                case WRITE -> writeSectors(request, request.lengthBytes);
                case DISCARD -> change(request, false);
                case WRITE_ZEROES -> change(request, true);
                case READ, FLUSH -> {
                    // Leave nothing behind.
                }
            }
        }
    }

    // -- sleep and the end

    @Override
    public boolean arm() {
        return submitted.isEmpty() || device.isOff();
    }

    @Override
    public long nextDeadlineNs() {
        return underWay.isEmpty() || device.isOff() ? NO_DEADLINE : underWay.peek().dueNs;
    }

    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        sendOut(0);
        while (!device.isOff() && !underWay.isEmpty()) {
            complete(underWay.peek());
        }
        device.removeQueue(this);
    }

    @Override
    public String toString() {
        return "queue of " + device;
    }
}
