package io.netchannel.virtio.block;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.Poller;
import io.netchannel.kernel.storage.block.BlockDevice;
import io.netchannel.kernel.storage.block.BlockQueue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A driver, the device that it drives, and what is below that, all polled by hand in virtual time. */
final class BlockPair implements AutoCloseable {

    static final int BLOCK = 4096;
    static final int DEPTH = 8;

    final OrderedMemory memory = HostMemory.INSTANCE;
    final Region region = Region.create("virtio-blk", 1 << 20);
    final Map<Long, Integer> results = new HashMap<>();
    final List<Long> order = new ArrayList<>();
    final VirtioBlockDevice device;
    final VirtioBlockDriver driver;
    final BlockServer server;
    final BlockQueue queue;
    long nowNs;
    private final long buffers = region.allocate(32L * BLOCK, BLOCK);

    BlockPair(final BlockDevice below, final long features, final int depthBelow) {
        device = new VirtioBlockDevice(below, BlockFeature.all(), 1);
        driver = VirtioBlockDriver.open(device, region, features, 1, DEPTH);
        queue = driver.openQueue(region, DEPTH, Doorbell.NONE, (token, result) -> {
            results.put(token, result);
            order.add(token);
        });
        server = device.serve(0, region, depthBelow, Doorbell.NONE);
    }

    long buffer(final int index) {
        return buffers + (long) index * BLOCK;
    }

    void fill(final int index, final int value) {
        memory.fill(buffer(index), BLOCK, (byte) value);
    }

    /** Value of the first byte of each sector of a buffer. */
    List<Integer> sectors(final int index) {
        final List<Integer> values = new ArrayList<>();
        for (int at = 0; at < BLOCK; at += BlockRequestLayout.SECTOR_BYTES) {
            values.add(memory.getByte(buffer(index) + at) & 0xFF);
        }
        return values;
    }

    void turn() {
        queue.poll(nowNs);
        server.poll(nowNs);
    }

    /** Turns until nothing is outstanding, or nothing will ever happen. */
    void settle() {
        while (queue.outstanding() > 0) {
            turn();
            queue.poll(nowNs);
            if (server.nextDeadlineNs() != Poller.NO_DEADLINE) {
                nowNs = Math.max(nowNs, server.nextDeadlineNs());
            } else if (server.poll(nowNs) + queue.poll(nowNs) == 0 && queue.outstanding() > 0
                    && server.nextDeadlineNs() == Poller.NO_DEADLINE) {
                return;
            }
        }
    }

    int result(final int submitted, final long token) {
        if (submitted != BlockQueue.ACCEPTED) {
            return submitted;
        }
        settle();
        return results.get(token);
    }

    @Override
    public void close() {
        queue.close();
        driver.close();
        region.close();
    }
}
