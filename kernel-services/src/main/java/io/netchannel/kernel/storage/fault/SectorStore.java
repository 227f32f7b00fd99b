package io.netchannel.kernel.storage.fault;

import io.netchannel.cpu.OrderedMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The medium behind a simulated device: what survives a loss of power, and above it a cache of what was written since.
 *
 * <p>A sector of {@value #SECTOR_BYTES} bytes is the unit that is written whole or not at all; a larger block may tear.
 *
 * <p>Threading: one thread.
 */
final class SectorStore {

    static final int SECTOR_BYTES = 512;

    /** Contents of a sector at some time. @param data null for zeroes without space */
    private record Version(byte[] data, long sequence) {
    }

    private static final class Sector {
        private byte[] durable;
        /** Oldest first. */
        private final List<Version> cached = new ArrayList<>();

        byte[] current() {
            return cached.isEmpty() ? durable : cached.getLast().data;
        }
    }

    // In the order of their numbers, so that a seed says it all.
    private final TreeMap<Long, Sector> sectors = new TreeMap<>();
    private final long spaceSectors;
    private long usedSectors;
    private long sequence;

    SectorStore(final long spaceBytes) {
        spaceSectors = spaceBytes / SECTOR_BYTES;
    }

    /** What {@link #flush} is to reach: all that was written before this. */
    long mark() {
        return sequence;
    }

    void read(final long sector, final OrderedMemory memory, final long address) {
        final Sector at = sectors.get(sector);
        final byte[] data = at == null ? null : at.current();
        if (data == null) {
            memory.fill(address, SECTOR_BYTES, (byte) 0);
        } else {
            memory.copyFromArray(data, 0, address, SECTOR_BYTES);
        }
    }

    /** @param data becomes the store's; null to give the space back. @return false if there is no space */
    boolean write(final long sector, final byte[] data) {
        final Sector at = sectors.computeIfAbsent(sector, number -> new Sector());
        final long used = usedSectors + (data == null ? 0 : 1) - (at.current() == null ? 0 : 1);
        if (used > spaceSectors && used > usedSectors) {
            return false;
        }
        usedSectors = used;
        at.cached.add(new Version(data, sequence++));
        return true;
    }

    /** What was written before {@code mark} survives from now on, or something newer. */
    void flush(final long mark) {
        for (final Sector at : sectors.values()) {
            while (!at.cached.isEmpty() && at.cached.getFirst().sequence < mark) {
                at.durable = at.cached.removeFirst().data;
            }
        }
    }

    /** Of each sector one of the contents that it had since the last flush, or was about to have, chosen by chance. */
    SectorStore afterPowerCut(final long spaceBytes, final RandomGenerator random) {
        final SectorStore after = new SectorStore(spaceBytes);
        sectors.forEach((number, at) -> {
            final int choice = random.nextInt(at.cached.size() + 1);
            final Sector survivor = new Sector();
            survivor.durable = choice == 0 ? at.durable : at.cached.get(choice - 1).data;
            after.sectors.put(number, survivor);
            after.usedSectors += survivor.durable == null ? 0 : 1;
        });
        return after;
    }
}
