package io.netchannel.kernel.storage.block;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.RunLoop;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A file as a block device, a region with buffers, and a loop that the test itself drives, asleep where it would be. */
final class BlockFixture implements AutoCloseable {

    static final int BLOCK = 4096;

    final OrderedMemory memory = HostMemory.INSTANCE;
    final List<String> lost = new ArrayList<>();
    /** Results by token. */
    final Map<Long, Integer> results = new HashMap<>();
    final RunLoop loop = RunLoop.builder("test").build();
    final Region region;
    final BlockDevice device;
    final BlockQueue queue;
    private final long buffers;

    BlockFixture(final Engine engine, final Path file, final BlockFileConfig config, final int depth) {
        region = Region.create("blocks", 1 << 20);
        buffers = region.allocate(64 * BLOCK, BLOCK);
        device = engine.open(file, config, lost::add);
        queue = device.openQueue(region, depth, loop.wakeWord()::signal, (token, result) -> results.put(token, result));
        loop.add(queue);
    }

    static Path file(final Path directory, final int blocks) throws IOException {
        final Path path = directory.resolve("disk");
        try (RandomAccessFile made = new RandomAccessFile(path.toFile(), "rw")) {
            made.setLength((long) blocks * BLOCK);
        }
        return path;
    }

    long buffer(final int index) {
        return buffers + (long) index * BLOCK;
    }

    void fill(final int index, final int value) {
        memory.fill(buffer(index), BLOCK, (byte) value);
    }

    /** @return the value of all bytes of the buffer, or -1 if they differ */
    int value(final int index) {
        final int first = memory.getByte(buffer(index)) & 0xFF;
        for (int i = 1; i < BLOCK; i++) {
            if ((memory.getByte(buffer(index) + i) & 0xFF) != first) {
                return -1;
            }
        }
        return first;
    }

    /** Runs the loop until nothing is outstanding. */
    void settle() {
        long nowNs = loop.clock().nowNs();
        while (queue.outstanding() > 0) {
            nowNs = loop.runOnceOrIdle(nowNs);
        }
    }

    /** Runs the loop until the request is complete, too. @return its result, or why it was refused */
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
        loop.close();
        device.close();
        region.close();
    }
}
