package io.netchannel.virtio.block;

import static io.netchannel.virtio.block.BlockPair.BLOCK;
import static io.netchannel.virtio.block.BlockRequestLayout.*;
import static io.netchannel.virtio.net.DeviceStatus.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.sched.Doorbell;
import io.netchannel.kernel.storage.fault.BlockFaults;
import io.netchannel.kernel.storage.fault.SimulatedBlockDevice;
import io.netchannel.virtio.queue.DescriptorChain;
import io.netchannel.virtio.queue.DriverQueue;
import io.netchannel.virtio.queue.QueueConfig;
import io.netchannel.virtio.queue.QueueMemory;
import io.netchannel.virtio.queue.RegionAddressSpace;
import io.netchannel.virtio.queue.SplitDriverQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that no good driver makes, and good ones in buffers that are cut in odd places. */
final class HostileBlockDriverTest {

    private static final int MAX_CHAIN = 8;
    private static final long SECTORS = 16L * BLOCK / SECTOR_BYTES;
    private static final int UNWRITTEN = 0xEE;

    private final OrderedMemory memory = HostMemory.INSTANCE;
    private final Region region = Region.create("hostile", 1 << 20);
    private final long header = region.allocate(64, 64);
    private final long range = region.allocate(RequestParser.MAX_RANGES * RANGE_BYTES + RANGE_BYTES, 64);
    private final long data = region.allocate(8 * BLOCK, BLOCK);
    private final long status = region.allocate(64, 64);
    private final DescriptorChain chain = new DescriptorChain(MAX_CHAIN);
    private final VirtioBlockDevice device = new VirtioBlockDevice(
            new SimulatedBlockDevice(SECTORS * SECTOR_BYTES, BLOCK,
                    BlockFaults.NONE, 1),
            BlockFeature.all(), 1);
    private final DriverQueue ring;
    private final QueueConfig config;
    private final BlockServer server;

    HostileBlockDriverTest() {
        device.writeStatus(ACKNOWLEDGE | DRIVER);
        device.chooseFeatures(BlockFeature.all() & device.offeredFeatures() & ~BlockFeature.RING_PACKED.mask()
                & ~BlockFeature.INDIRECT_DESC.mask());
        device.writeStatus(FEATURES_OK);
        config = QueueMemory.allocate(region, 16, false, true, false, MAX_CHAIN, new RegionAddressSpace(region));
        ring = new SplitDriverQueue(config);
        device.configureQueue(0, config, Doorbell.NONE);
        device.writeStatus(DRIVER_OK);
        server = device.serve(0, region, 16, Doorbell.NONE);
    }

    @AfterEach
    void close() {
        device.writeStatus(RESET);
        region.close();
    }

    private void header(final int type, final long sector) {
        memory.putInt(header + TYPE_OFFSET, type);
        memory.putLong(header + SECTOR_OFFSET, sector);
        memory.putByte(status, (byte) UNWRITTEN);
        chain.clear();
    }

    private void range(final int index, final long sector, final int sectors, final int flags) {
        final long at = range + (long) index * RANGE_BYTES;
        memory.putLong(at + RANGE_SECTOR_OFFSET, sector);
        memory.putInt(at + RANGE_SECTORS_OFFSET, sectors);
        memory.putInt(at + RANGE_FLAGS_OFFSET, flags);
    }

    /** @return the status byte */
    private int serve() {
        assertThat(ring.add(chain, 1)).isTrue();
        ring.publish();
        server.poll(0);
        server.poll(1_000_000);
        assertThat(ring.takeUsed()).isEqualTo(1);
        return memory.getByte(status) & 0xFF;
    }

    private int transfer(final int type, final long sector, final int dataBytes) {
        header(type, sector);
        chain.addReadable(header, HEADER_BYTES);
        if (dataBytes > 0) {
            if (type == TYPE_IN) {
                chain.addWritable(data, dataBytes);
            } else {
                chain.addReadable(data, dataBytes);
            }
        }
        chain.addWritable(status, 1);
        return serve();
    }

    private int ranges(final int bytes) {
        chain.addReadable(header, HEADER_BYTES);
        chain.addReadable(range, bytes);
        chain.addWritable(status, 1);
        return serve();
    }

    @Test
    void shouldRefuseTransfersOutsideTheDevice() {
        assertThat(transfer(TYPE_IN, SECTORS - 8, BLOCK)).isEqualTo(STATUS_OK);
        for (final long sector : new long[]{SECTORS, SECTORS - 7, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 55}) {
            assertThat(transfer(TYPE_IN, sector, BLOCK)).as("sector " + sector).isEqualTo(STATUS_IOERR);
            assertThat(transfer(TYPE_OUT, sector, BLOCK)).as("sector " + sector).isEqualTo(STATUS_IOERR);
        }
        assertThat(server.counters().get(BlockCounter.REFUSED_OUT_OF_RANGE)).isEqualTo(12);
    }

    @Test
    void shouldRefuseWhatIsNotWholeSectorsOrBlocks() {
        assertThat(transfer(TYPE_IN, 0, 0)).isEqualTo(STATUS_IOERR);
        assertThat(transfer(TYPE_OUT, 0, 0)).isEqualTo(STATUS_IOERR);
        assertThat(transfer(TYPE_IN, 0, 511)).isEqualTo(STATUS_IOERR);
        assertThat(server.counters().get(BlockCounter.REFUSED_BAD_LENGTH)).isEqualTo(3);
        assertThat(transfer(TYPE_OUT, 0, 512)).as("less than a block").isEqualTo(STATUS_IOERR);
        assertThat(transfer(TYPE_OUT, 1, BLOCK)).as("between blocks").isEqualTo(STATUS_IOERR);
        assertThat(server.counters().get(BlockCounter.FAILED)).isEqualTo(2);
    }

    @Test
    void shouldAnswerUnknownRequestsWithUnsupported() {
        for (final int type : new int[]{2, 3, 8, 10, 12, 14, 0xFFFF_FFFF}) {
            assertThat(transfer(type, 0, BLOCK)).as("type " + type).isEqualTo(STATUS_UNSUPP);
        }
    }

    @Test
    void shouldSurviveChainsWithoutHeaderOrStatus() {
        header(TYPE_IN, 0);
        chain.addReadable(header, HEADER_BYTES - 1);
        chain.addWritable(status, 1);
        assertThat(serve()).isEqualTo(STATUS_IOERR);
        header(TYPE_FLUSH, 0);
        chain.addReadable(header, HEADER_BYTES);
        assertThat(serve()).as("there is no place for it").isEqualTo(UNWRITTEN);
        header(TYPE_IN, 0);
        chain.addWritable(status, 1);
        assertThat(serve()).isEqualTo(STATUS_IOERR);
        assertThat(server.counters().get(BlockCounter.REFUSED_BAD_CHAIN)).isEqualTo(3);
    }

    @Test
    void shouldCheckEachRange() {
        header(TYPE_DISCARD, 0);
        range(0, 0, 8, 0);
        range(1, SECTORS - 8, 8, 0);
        assertThat(ranges(2 * RANGE_BYTES)).isEqualTo(STATUS_OK);
        header(TYPE_DISCARD, 0);
        range(1, SECTORS - 8, 16, 0);
        assertThat(ranges(2 * RANGE_BYTES)).isEqualTo(STATUS_IOERR);
        header(TYPE_DISCARD, 0);
        range(0, Long.MAX_VALUE, 0xFFFF_FFFF, 0);
        assertThat(ranges(RANGE_BYTES)).isEqualTo(STATUS_IOERR);
        header(TYPE_DISCARD, 0);
        range(0, 0, 8, RANGE_UNMAP);
        assertThat(ranges(RANGE_BYTES)).as("unmap of a discard").isEqualTo(STATUS_UNSUPP);
        header(TYPE_WRITE_ZEROES, 0);
        assertThat(ranges(RANGE_BYTES)).as("unmap of zeroes").isEqualTo(STATUS_OK);
        header(TYPE_WRITE_ZEROES, 0);
        assertThat(ranges(RANGE_BYTES - 1)).isEqualTo(STATUS_IOERR);
        header(TYPE_WRITE_ZEROES, 0);
        assertThat(ranges(17 * RANGE_BYTES)).as("too many").isEqualTo(STATUS_IOERR);
    }

    /** 2.6.4.2: the device makes nothing of where descriptors cut. */
    @Test
    void shouldTakeARequestWhereverItIsCut() {
        memory.fill(data, 2 * BLOCK, (byte) 0x5A);
        header(TYPE_OUT, 8);
        chain.addReadable(header, 5);
        chain.addReadable(header + 5, HEADER_BYTES - 5);
        chain.addReadable(data, BLOCK);
        chain.addReadable(data + BLOCK, BLOCK);
        chain.addWritable(status, 1);
        assertThat(serve()).isEqualTo(STATUS_OK);
        header(TYPE_IN, 8);
        memory.fill(data, 4 * BLOCK, (byte) 0);
        chain.addReadable(header, HEADER_BYTES);
        chain.addWritable(data, BLOCK);
        chain.addWritable(data + 2 * BLOCK, BLOCK + 1);
        memory.putByte(data + 3 * BLOCK, (byte) UNWRITTEN);
        serve();
        assertThat(ring.usedBytes()).isEqualTo(2 * BLOCK + 1);
        assertThat(memory.getByte(data + 3 * BLOCK)).as("status, behind the data").isEqualTo((byte) STATUS_OK);
        assertThat(memory.getByte(data + BLOCK - 1)).isEqualTo((byte) 0x5A);
        assertThat(memory.getByte(data + 3 * BLOCK - 1)).isEqualTo((byte) 0x5A);
        assertThat(memory.getByte(data + BLOCK)).as("between").isZero();
    }

    @Test
    void shouldStandStillWhenTheRingIsBroken() {
        // The available index jumps by more than the ring holds.
        memory.putShort(config.driverArea() + 2, (short) 1000);
        server.poll(0);
        assertThat(server.counters().get(BlockCounter.VIOLATIONS)).isEqualTo(1);
        assertThat(device.status() & NEEDS_RESET).isNotZero();
        server.poll(0);
        assertThat(server.counters().get(BlockCounter.VIOLATIONS)).isEqualTo(1);
        assertThat(server.arm()).isTrue();
    }

    @Test
    void shouldSurviveRandomRequests() {
        final long seed = 12;
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            header(random.nextInt(16), random.nextInt(4) == 0 ? random.nextLong() : random.nextLong(SECTORS + 8));
            for (int words = 0; words < RANGE_BYTES; words++) {
                memory.putInt(range + words * 4L, random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(64));
            }
            final int buffers = random.nextInt(1, MAX_CHAIN - 1);
            chain.addReadable(header, random.nextInt(10) == 0 ? random.nextInt(1, 16) : HEADER_BYTES);
            for (int b = 0; b < buffers; b++) {
                final long at = random.nextBoolean() ? data + random.nextInt(4) * BLOCK : range;
                final int bytes = random.nextBoolean() ? random.nextInt(1, 3) * BLOCK : random.nextInt(1, 64) * 16;
                if (random.nextBoolean()) {
                    chain.addReadable(at, Math.min(bytes, at == range ? RANGE_BYTES : bytes));
                } else {
                    chain.addWritable(data + random.nextInt(4) * BLOCK, bytes);
                }
            }
            chain.addWritable(status, 1);
            final int answer = serve();
            assertThat(answer).as("seed " + seed + ", request " + i).isBetween(STATUS_OK, STATUS_UNSUPP);
        }
        assertThat(server.counters().get(BlockCounter.VIOLATIONS)).isZero();
    }
}
