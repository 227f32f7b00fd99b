package io.netchannel.virtio.block;

import static io.netchannel.virtio.block.BlockRequestLayout.*;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.virtio.net.Counters;
import io.netchannel.virtio.queue.DescriptorChain;

/**
 * The trust boundary of a block device: makes of a chain what the device below is asked, or says why not. Each byte of the
 * driver's is read once.
 *
 * <p>Threading: that of its server.
 */
final class RequestParser {

    /** Ranges of one discard or write of zeroes. */
    static final int MAX_RANGES = 16;

    private final OrderedMemory memory;
    private final long capacityBytes;
    private final boolean readOnly;
    private final long features;
    private final Counters<BlockCounter> counters;
    private final byte[] copied = new byte[MAX_RANGES * RANGE_BYTES];

    RequestParser(final OrderedMemory memory, final long capacityBytes, final boolean readOnly, final long features,
            final Counters<BlockCounter> counters) {
        this.memory = memory;
        this.capacityBytes = capacityBytes;
        this.readOnly = readOnly;
        this.features = features;
        this.counters = counters;
    }

    /** @return false if there is nothing to do: the request's status says why, if there is a place for it */
    boolean parse(final DescriptorChain chain, final ServedRequest request) {
        final int last = chain.count() - 1;
        final boolean hasStatus = chain.readableCount() <= last;
        request.statusAddress = hasStatus ? chain.address(last) + chain.lengthBytes(last) - 1 : 0;
        request.writtenBytes = chain.writableBytes();
        final int readBytes = chain.readableBytes();
        if (!hasStatus || readBytes < HEADER_BYTES) {
            return refuse(request, BlockCounter.REFUSED_BAD_CHAIN, STATUS_IOERR);
        }
        copy(chain, 0, HEADER_BYTES);
        request.type = intAt(TYPE_OFFSET);
        final long sector = longAt(SECTOR_OFFSET);
        return switch (request.type) {
            case TYPE_IN -> parseTransfer(chain, request, sector, chain.writableBytes() - 1, readBytes == HEADER_BYTES);
            case TYPE_OUT -> parseTransfer(chain, request, sector, readBytes - HEADER_BYTES,
                    chain.writableBytes() == 1);
            case TYPE_FLUSH -> {
                request.addPart(0, 0, 0);
                yield true;
            }
            case TYPE_DISCARD -> parseRanges(chain, request, BlockFeature.DISCARD, 0);
            case TYPE_WRITE_ZEROES -> parseRanges(chain, request, BlockFeature.WRITE_ZEROES, RANGE_UNMAP);
            default -> refuse(request, BlockCounter.REFUSED_UNSUPPORTED, STATUS_UNSUPP);
        };
    }

    private boolean refuse(final ServedRequest request, final BlockCounter reason, final int status) {
        counters.increment(reason);
        request.status = status;
        request.parts = 0;
        return false;
    }

    // -- reads and writes

    private boolean parseTransfer(final DescriptorChain chain, final ServedRequest request, final long sector,
            final int lengthBytes, final boolean onlyData) {
        if (request.type == TYPE_OUT && readOnly) {
            return refuse(request, BlockCounter.REFUSED_READ_ONLY, STATUS_IOERR);
        }
        if (!onlyData || lengthBytes <= 0 || lengthBytes % SECTOR_BYTES != 0) {
            return refuse(request, BlockCounter.REFUSED_BAD_LENGTH, STATUS_IOERR);
        }
        if (!isInside(sector, lengthBytes / SECTOR_BYTES)) {
            return refuse(request, BlockCounter.REFUSED_OUT_OF_RANGE, STATUS_IOERR);
        }
        final boolean in = request.type == TYPE_IN;
        addBuffers(chain, request, in ? chain.readableCount() : 0, in ? chain.count() : chain.readableCount(),
                in ? 0 : HEADER_BYTES, lengthBytes, sector * SECTOR_BYTES);
        return true;
    }

    /** Adds the buffers {@code from} to {@code to}, without the first {@code skipBytes} and what is beyond the length. */
    private static void addBuffers(final DescriptorChain chain, final ServedRequest request, final int from,
            final int to, final int skipBytes, final int lengthBytes, final long offsetBytes) {
        int skip = skipBytes;
        int done = 0;
        for (int i = from; i < to; i++) {
            final int skipped = Math.min(skip, chain.lengthBytes(i));
            skip -= skipped;
            final int partBytes = Math.min(chain.lengthBytes(i) - skipped, lengthBytes - done);
            if (partBytes > 0) {
                request.addPart(chain.address(i) + skipped, offsetBytes + done, partBytes);
                done += partBytes;
            }
        }
    }

    // -- ranges

    private boolean parseRanges(final DescriptorChain chain, final ServedRequest request, final BlockFeature feature,
            final int knownFlags) {
        if (!feature.in(features)) {
            return refuse(request, BlockCounter.REFUSED_UNSUPPORTED, STATUS_UNSUPP);
        }
        if (readOnly) {
            return refuse(request, BlockCounter.REFUSED_READ_ONLY, STATUS_IOERR);
        }
        final int lengthBytes = chain.readableBytes() - HEADER_BYTES;
        if (lengthBytes <= 0 || lengthBytes % RANGE_BYTES != 0 || lengthBytes > copied.length) {
            return refuse(request, BlockCounter.REFUSED_BAD_LENGTH, STATUS_IOERR);
        }
        copy(chain, HEADER_BYTES, lengthBytes);
        for (int at = 0; at < lengthBytes; at += RANGE_BYTES) {
            final long sector = longAt(at + RANGE_SECTOR_OFFSET);
            final long sectors = Integer.toUnsignedLong(intAt(at + RANGE_SECTORS_OFFSET));
            if ((intAt(at + RANGE_FLAGS_OFFSET) & ~knownFlags) != 0) {
                // 5.2.6.2: a reserved flag, or unmap of a discard, is answered with UNSUPP.
                return refuse(request, BlockCounter.REFUSED_UNSUPPORTED, STATUS_UNSUPP);
            }
            if (sectors == 0 || !isInside(sector, sectors)) {
                return refuse(request, BlockCounter.REFUSED_OUT_OF_RANGE, STATUS_IOERR);
            }
            request.addPart(0, sector * SECTOR_BYTES, sectors * SECTOR_BYTES);
        }
        return true;
    }

    // In sectors, and compared with what is left: no product or sum can wrap around.
    private boolean isInside(final long sector, final long sectors) {
        final long capacitySectors = capacityBytes / SECTOR_BYTES;
        return sector >= 0 && sector <= capacitySectors && sectors <= capacitySectors - sector;
    }

    // -- bytes of the driver's, wherever its descriptors cut them

    private void copy(final DescriptorChain chain, final int offsetBytes, final int lengthBytes) {
        int skip = offsetBytes;
        int done = 0;
        for (int i = 0; i < chain.readableCount() && done < lengthBytes; i++) {
            final int skipped = Math.min(skip, chain.lengthBytes(i));
            skip -= skipped;
            final int taken = Math.min(chain.lengthBytes(i) - skipped, lengthBytes - done);
            memory.copyToArray(chain.address(i) + skipped, copied, done, taken);
            done += taken;
        }
    }

    private int intAt(final int offset) {
        return copied[offset] & 0xFF | (copied[offset + 1] & 0xFF) << 8 | (copied[offset + 2] & 0xFF) << 16
                | copied[offset + 3] << 24;
    }

    private long longAt(final int offset) {
        return intAt(offset) & 0xFFFF_FFFFL | (long) intAt(offset + 4) << 32;
    }
}
