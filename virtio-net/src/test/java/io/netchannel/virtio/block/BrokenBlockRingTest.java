package io.netchannel.virtio.block;

import static io.netchannel.virtio.block.BlockPair.BLOCK;
import static io.netchannel.virtio.block.BlockPair.DEPTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.sched.IdleStrategy;
import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.kernel.storage.block.BlockQueue;
import io.netchannel.kernel.storage.fault.BlockFaults;
import io.netchannel.kernel.storage.fault.SimulatedBlockDevice;
import io.netchannel.virtio.net.DeviceStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A device that breaks the ring while it has buffers: a request comes back when the device can't touch its buffer any more. */
final class BrokenBlockRingTest {

    private static final long SPLIT = BlockFeature.all() & ~BlockFeature.RING_PACKED.mask();
    private static final int AVAILABLE_INDEX_OFFSET = 2;
    private static final int USED_INDEX_OFFSET = 2;

    private final OrderedMemory memory = HostMemory.INSTANCE;

    private static SimulatedBlockDevice disk() {
        return new SimulatedBlockDevice(16L * BLOCK, BLOCK, BlockFaults.NONE, 1);
    }

    /** The device says that it has used more than it was given. */
    private void breakRing(final VirtioBlockDevice device) {
        final long index = device.setup(0).deviceArea() + USED_INDEX_OFFSET;
        memory.putShortRelease(index, (short) (memory.getShortAcquire(index) + 1000));
    }

    private static BlockPair brokenWithAReadUnderWay(final long features) {
        final BlockPair p = new BlockPair(disk(), features, DEPTH);
        p.fill(0, 0x77);
        assertThat(p.queue.read(p.buffer(0), BLOCK, 0, 1)).isZero();
        assertThat(p.queue.write(p.buffer(1), BLOCK, BLOCK, 2)).isZero();
        p.turn();
        assertThat(p.server.nextDeadlineNs()).as("it is under way below").isPositive();
        return p;
    }

    @Test
    void shouldKeepBuffersUntilTheQueueIsReset() {
        try (BlockPair p = brokenWithAReadUnderWay(SPLIT)) {
            breakRing(p.device);
            p.queue.poll(0);
            assertThat(p.results).as("the device has the buffers").isEmpty();
            assertThat(p.queue.outstanding()).isEqualTo(2);
            assertThat(p.queue.read(p.buffer(2), BLOCK, 0, 3)).isEqualTo(-Errno.EIO);
            assertThat(p.sectors(0)).as("not read yet").containsOnly(0x77);
            assertThat(p.server.arm()).as("it is told to stop").isFalse();
            assertThat(p.queue.arm()).isTrue();
            p.server.poll(0);
            assertThat(p.sectors(0)).as("the device wrote there after the ring was broken").containsOnly(0);
            assertThat(p.queue.arm()).as("the device has stopped").isFalse();
            p.queue.poll(0);
            assertThat(p.results).containsOnlyKeys(1L, 2L).containsValue(-Errno.EIO);
            assertThat(p.queue.outstanding()).isZero();
            assertThat(p.server.nextDeadlineNs()).isEqualTo(BlockQueue.NO_DEADLINE);
            assertThat(p.queue.flush(4)).isEqualTo(-Errno.EIO);
        }
    }

    /** What the device had not taken when it is told to stop, it does not begin. */
    @Test
    void shouldBeginNothingThatWasPublishedWhenTheQueueIsReset() {
        try (BlockPair p = brokenWithAReadUnderWay(SPLIT)) {
            p.fill(2, 0x55);
            p.queue.write(p.buffer(2), BLOCK, 2 * BLOCK, 3);
            p.queue.poll(0);
            breakRing(p.device);
            p.queue.poll(0);
            p.server.poll(0);
            p.queue.poll(0);
            assertThat(p.results).containsOnlyKeys(1L, 2L, 3L);
            assertThat(p.server.counters().get(BlockCounter.REQUESTS)).isEqualTo(2);
        }
    }

    @Test
    void shouldKeepBuffersUntilItClosesIfQueuesCanNotBeReset() {
        final BlockPair p = brokenWithAReadUnderWay(SPLIT & ~BlockFeature.RING_RESET.mask());
        breakRing(p.device);
        p.queue.poll(0);
        p.server.poll(p.server.nextDeadlineNs());
        p.queue.poll(0);
        assertThat(p.results).isEmpty();
        p.close();
        assertThat(p.results).containsOnlyKeys(1L, 2L).containsValue(-Errno.EIO);
        assertThat(p.device.status()).isZero();
    }

    @Test
    void shouldGiveBuffersBackWhenTheServerIsClosed() {
        try (BlockPair p = brokenWithAReadUnderWay(SPLIT & ~BlockFeature.RING_RESET.mask())) {
            breakRing(p.device);
            p.queue.poll(0);
            assertThat(p.queue.arm()).isTrue();
            p.server.close();
            assertThat(p.queue.arm()).as("there is something to tell").isFalse();
            p.queue.poll(0);
            assertThat(p.results).containsOnlyKeys(1L, 2L).containsValue(-Errno.EIO);
        }
    }

    /** 2.1.2: of a device that needs a reset the driver can't expect that it completes anything. */
    @Test
    void shouldGiveUpADeviceThatNeedsReset() {
        try (BlockPair p = brokenWithAReadUnderWay(SPLIT)) {
            // Somebody overwrites the driver's own part of the ring: the available index jumps.
            memory.putShort(p.device.setup(0).driverArea() + AVAILABLE_INDEX_OFFSET, (short) 1000);
            p.server.poll(0);
            assertThat(p.device.status() & DeviceStatus.NEEDS_RESET).isNotZero();
            p.queue.poll(0);
            assertThat(p.results).as("the device has the buffers").isEmpty();
            assertThat(p.queue.flush(3)).isEqualTo(-Errno.EIO);
            p.server.poll(0);
            p.queue.poll(0);
            assertThat(p.results).containsOnly(entry(1L, -Errno.EIO), entry(2L, -Errno.EIO));
        }
    }

    @Test
    void shouldRefuseRequestsThatNobodyWouldServe() {
        try (BlockPair p = new BlockPair(disk(), BlockFeature.all(), DEPTH)) {
            assertThat(p.queue.read(p.buffer(0), BLOCK, 0, 1)).isZero();
            p.server.close();
            assertThat(p.queue.read(p.buffer(1), BLOCK, 0, 2)).isEqualTo(-Errno.EIO);
            p.queue.poll(0);
            assertThat(p.results).as("never begun").containsOnly(entry(1L, -Errno.EIO));
        }
    }

    /** A device that begins to serve a queue only after its driver has given it up doesn't touch it. */
    @Test
    void shouldNotServeAQueueThatWasReset() {
        try (Region region = Region.create("late", 1 << 20)) {
            final VirtioBlockDevice device = new VirtioBlockDevice(disk(), BlockFeature.all(), 1);
            final VirtioBlockDriver driver = VirtioBlockDriver.open(device, region, SPLIT, 1, DEPTH);
            final List<Integer> told = new ArrayList<>();
            final BlockQueue queue = driver.openQueue(region, DEPTH, Doorbell.NONE,
                    (token, result) -> told.add(result));
            queue.read(region.allocate(BLOCK, BLOCK), BLOCK, 0, 1);
            breakRing(device);
            queue.poll(0);
            queue.poll(0);
            assertThat(told).isEmpty();
            final BlockServer server = device.serve(0, region, DEPTH, Doorbell.NONE);
            server.poll(0);
            queue.poll(0);
            assertThat(told).containsExactly(-Errno.EIO);
            assertThat(server.counters().get(BlockCounter.REQUESTS)).isZero();
            queue.close();
            driver.close();
        }
    }

    /** Both loops sleep at once: if the wish or the answer rang nobody, this would hang. */
    @Test
    void shouldAskALoopThatSleepsAndBeToldOfTheEnd() throws Exception {
        final CompletableFuture<Integer> result = new CompletableFuture<>();
        try (Region region = Region.create("two loops", 1 << 20)) {
            final RunLoop driverLoop = RunLoop.builder("driver").idle(IdleStrategy.PARK_AT_ONCE).build();
            final RunLoop deviceLoop = RunLoop.builder("device").idle(IdleStrategy.PARK_AT_ONCE).build();
            final long buffer = region.allocate(BLOCK, BLOCK);
            final VirtioBlockDevice device = new VirtioBlockDevice(disk(), BlockFeature.all(), 1);
            final VirtioBlockDriver driver = VirtioBlockDriver.open(device, region, SPLIT, 1, DEPTH);
            final BlockQueue queue = driver.openQueue(region, DEPTH, driverLoop.wakeWord()::signal,
                    (token, answer) -> result.complete(answer));
            final BlockServer server = device.serve(0, region, DEPTH, deviceLoop.wakeWord()::signal);
            deviceLoop.onClose(server::close);
            deviceLoop.add(server);
            driverLoop.onClose(queue::close);
            driverLoop.add(queue);
            deviceLoop.start();
            driverLoop.start();
            driverLoop.execute(() -> {
                queue.read(buffer, BLOCK, 0, 1);
                breakRing(device);
            });
            assertThat(result.get()).isEqualTo(-Errno.EIO);
            deviceLoop.close();
            driverLoop.close();
            driver.close();
        }
    }
}
