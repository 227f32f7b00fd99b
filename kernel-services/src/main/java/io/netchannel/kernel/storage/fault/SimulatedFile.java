package io.netchannel.kernel.storage.fault;

import io.netchannel.kernel.storage.mapped.StoredFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.SplittableRandom;

/** A file in the cache and on the disk of a {@link SimulatedDisk}. */
final class SimulatedFile implements StoredFile {

    static final int SECTOR_BYTES = 512;
    static final int PAGE_BYTES = 4096;

    private final SimulatedDisk disk;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment cache;
    private final MemorySegment durable;
    private final int sizeBytes;
    // Sectors that were stored to since they were last written; what the kernel has forgotten is not among them.
    private final BitSet dirty = new BitSet();
    private final BitSet forgotten = new BitSet();
    private String name;

    SimulatedFile(final SimulatedDisk disk, final String name, final int sizeBytes) {
        this.disk = disk;
        this.name = name;
        this.sizeBytes = sizeBytes;
        this.cache = arena.allocate(sizeBytes, PAGE_BYTES);
        this.durable = MemorySegment.ofArray(new byte[sizeBytes]);
    }

    @Override
    public String name() {
        return name;
    }

    void name(final String other) {
        name = other;
    }

    @Override
    public long address() {
        return cache.address();
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    public ByteBuffer buffer() {
        return cache.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    @Override
    public void force(final int offsetBytes, final int lengthBytes) {
        disk.force(this, offsetBytes, lengthBytes);
    }

    @Override
    public void close() {
        // The cache lives on, as the kernel's does; a program that uses it after this is not caught.
    }

    boolean contains(final long address, final long lengthBytes) {
        return address + lengthBytes <= cache.address() + sizeBytes;
    }

    void dirty(final long address, final long lengthBytes) {
        final int from = (int) (address - cache.address());
        dirty.set(from / SECTOR_BYTES, (int) (from + lengthBytes - 1) / SECTOR_BYTES + 1);
        // The page is dirty as a whole, and so is what was forgotten in it before.
        for (int page = from & -PAGE_BYTES; page < from + lengthBytes && !forgotten.isEmpty(); page += PAGE_BYTES) {
            for (int at = page; at < Math.min(page + PAGE_BYTES, sizeBytes); at += SECTOR_BYTES) {
                if (forgotten.get(at / SECTOR_BYTES)) {
                    forgotten.clear(at / SECTOR_BYTES);
                    dirty.set(at / SECTOR_BYTES);
                }
            }
        }
    }

    boolean isDirty(final int offsetBytes) {
        return dirty.get(offsetBytes / SECTOR_BYTES);
    }

    void writeBack(final int offsetBytes) {
        MemorySegment.copy(cache, offsetBytes, durable, offsetBytes, Math.min(SECTOR_BYTES, sizeBytes - offsetBytes));
        dirty.clear(offsetBytes / SECTOR_BYTES);
    }

    void writeBackOne(final SplittableRandom random) {
        final int sector = dirty.nextSetBit(random.nextInt((sizeBytes + SECTOR_BYTES - 1) / SECTOR_BYTES));
        if (sector >= 0) {
            writeBack(sector * SECTOR_BYTES);
        }
    }

    /** A page that could not be written: the kernel takes it for clean. */
    void forget(final int pageOffsetBytes) {
        for (int at = pageOffsetBytes; at < Math.min(pageOffsetBytes + PAGE_BYTES, sizeBytes); at += SECTOR_BYTES) {
            if (isDirty(at)) {
                dirty.clear(at / SECTOR_BYTES);
                forgotten.set(at / SECTOR_BYTES);
            }
        }
    }

    /** After a power cut: each sector that is dirty was written, or wasn't. */
    void loseCache(final SplittableRandom random) {
        for (int sector = dirty.nextSetBit(0); sector >= 0; sector = dirty.nextSetBit(sector + 1)) {
            if (random.nextBoolean()) {
                writeBack(sector * SECTOR_BYTES);
            }
        }
        dirty.clear();
        forgotten.clear();
        cache.copyFrom(durable);
    }

    void flip(final int offsetBytes) {
        for (final MemorySegment image : new MemorySegment[]{cache, durable}) {
            image.set(ValueLayout.JAVA_BYTE, offsetBytes, (byte) (image.get(
                    ValueLayout.JAVA_BYTE, offsetBytes) ^ 0x10));
        }
    }

    void clear(final int offsetBytes, final int lengthBytes) {
        for (final MemorySegment image : new MemorySegment[]{cache, durable}) {
            image.asSlice(offsetBytes, lengthBytes).fill((byte) 0);
        }
    }

    void free() {
        arena.close();
    }
}
