package io.netchannel.kernel.storage.fault;

import io.netchannel.cpu.OrderedMemory;
import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.linux.LinuxException;
import io.netchannel.kernel.storage.mapped.StoredFile;
import io.netchannel.kernel.storage.mapped.MappedStorage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A disk, its page cache and its directory, in memory: all that a power cut may do, from a seed.
 *
 * <p>Every store and every sector of a force is an event; {@link #endAfter} ends the program at one of them, by a {@link PowerCut}
 * thrown from where it is. Then the test says what that was:
 * <ul>
 * <li>{@link #powerUp}: a power cut. Of what was stored and not forced, any subset of the sectors of
 * {@value SimulatedFile#SECTOR_BYTES} bytes is on the disk, in any of its states since; of the names that were made and
 * deleted and not synced, any subset.
 * <li>{@link #restart}: a kill. All that was stored is there.
 * </ul>
 * A sector is written whole or not at all, and a force that has returned holds: what real disks promise.
 *
 * <p>Threading: confined to a thread.
 */
public final class SimulatedDisk implements MappedStorage {

    private final SplittableRandom random;
    private final long capacityBytes;
    private final OrderedMemory memory = new EventMemory(this);
    private FaultRates rates = FaultRates.NONE;

    // In the order of the names: what is random must not depend on where the host puts anything.
    private final Map<String, SimulatedFile> names = new TreeMap<>();
    private final Map<String, SimulatedFile> durableNames = new TreeMap<>();
    private final List<NameChange> unsynced = new ArrayList<>();
    private final TreeMap<Long, SimulatedFile> byAddress = new TreeMap<>();
    private long usedBytes;

    private long events;
    private long endsAt = Long.MAX_VALUE;
    private boolean off;
    private boolean endsWithin;

    /** A change of the directory: the file that a name stands for, or null. */
    private record NameChange(String name, SimulatedFile before, SimulatedFile after, NameChange with) {
    }

    public SimulatedDisk(final long seed, final long capacityBytes) {
        this.random = new SplittableRandom(seed);
        this.capacityBytes = capacityBytes;
    }

    // -- faults

    public void rates(final FaultRates more) {
        rates = more;
    }

    /** Ends the program at the {@code count}th event from now. */
    public void endAfter(final long count) {
        endsAt = events + count;
    }

    /** Stores and sectors forced so far. */
    public long events() {
        return events;
    }

    /** Whether the program has ended. */
    public boolean isOff() {
        return off;
    }

    /** The power was cut, and is there again. What the program had mapped is gone. */
    public void powerUp() {
        for (final NameChange change : unsynced) {
            if (random.nextBoolean()) {
                apply(change, durableNames);
            }
        }
        unsynced.clear();
        names.clear();
        names.putAll(durableNames);
        final List<SimulatedFile> all = new ArrayList<>(byAddress.values());
        byAddress.clear();
        usedBytes = 0;
        for (final SimulatedFile file : new LinkedHashSet<>(names.values())) {
            file.loseCache(random);
            register(file);
        }
        for (final SimulatedFile file : all) {
            if (!names.containsValue(file)) {
                file.free();
            }
        }
        on();
    }

    /** The process was killed, and there is another; the kernel has lived on. */
    public void restart() {
        on();
    }

    private void on() {
        off = false;
        endsAt = Long.MAX_VALUE;
    }

    /** Flips a bit of a file, cached and on the disk: what no program did. */
    public void damage(final String name, final int offsetBytes) {
        names.get(name).flip(offsetBytes);
    }

    /** Makes bytes of a file zeros, cached and on the disk: what no program did. */
    public void clear(final String name, final int offsetBytes, final int lengthBytes) {
        names.get(name).clear(offsetBytes, lengthBytes);
    }

    /** Of a file, as the program would read it. */
    public int sizeBytes(final String name) {
        return names.get(name).sizeBytes();
    }

    void event() {
        checkOn();
        if (++events >= endsAt) {
            off = true;
            throw new PowerCut(events);
        }
    }

    private void checkOn() {
        if (off) {
            throw new PowerCut(events);
        }
    }

    /** Before a store. */
    void beforeStore(final long address, final long lengthBytes) {
        event();
        if (rates.writeBack() > 0 && random.nextDouble() < rates.writeBack()) {
            // Before the store, which makes its sector dirty again.
            fileAt(address, lengthBytes).writeBackOne(random);
        }
        fileAt(address, lengthBytes).dirty(address, lengthBytes);
    }

    private SimulatedFile fileAt(final long address, final long lengthBytes) {
        final Map.Entry<Long, SimulatedFile> entry = byAddress.floorEntry(address);
        if (entry == null || !entry.getValue().contains(address, lengthBytes)) {
            throw new IllegalStateException("store outside of every file: address=0x" + Long.toHexString(address)
                    + ", lengthBytes=" + lengthBytes);
        }
        return entry.getValue();
    }

    /** @return how much of a copy is done before the program ends, see {@link #endIfDue} */
    long beforeCopy(final long address, final long lengthBytes) {
        checkOn();
        if (events + 1 < endsAt) {
            beforeStore(address, lengthBytes);
            return lengthBytes;
        }
        endsWithin = true;
        fileAt(address, lengthBytes).dirty(address, lengthBytes);
        return random.nextLong(lengthBytes + 1);
    }

    void endIfDue() {
        if (endsWithin) {
            endsWithin = false;
            event();
        }
    }

    // -- storage

    @Override
    public OrderedMemory memory() {
        return memory;
    }

    @Override
    public List<String> names() {
        checkOn();
        return List.copyOf(names.keySet());
    }

    @Override
    public StoredFile create(final String name, final int sizeBytes) {
        event();
        if (names.containsKey(name)) {
            throw new LinuxException("open", name, Errno.EEXIST);
        }
        if (usedBytes + sizeBytes > capacityBytes || random.nextDouble() < rates.spaceError()) {
            throw new LinuxException("fallocate", name + ", lengthBytes=" + sizeBytes, Errno.ENOSPC);
        }
        final SimulatedFile file = new SimulatedFile(this, name, sizeBytes);
        register(file);
        change(new NameChange(name, null, file, null));
        return file;
    }

    private void register(final SimulatedFile file) {
        byAddress.put(file.address(), file);
        usedBytes += file.sizeBytes();
    }

    @Override
    public StoredFile open(final String name) {
        checkOn();
        final SimulatedFile file = names.get(name);
        if (file == null) {
            throw new LinuxException("open", name, Errno.ENOENT);
        }
        file.name(name);
        return file;
    }

    @Override
    public void rename(final String from, final String to) {
        event();
        final SimulatedFile file = names.get(from);
        change(new NameChange(to, names.get(to), file, new NameChange(from, file, null, null)));
        file.name(to);
    }

    @Override
    public void delete(final String name) {
        event();
        if (rates.deleteError() > 0 && random.nextDouble() < rates.deleteError()) {
            throw new LinuxException("unlink", name, Errno.EIO);
        }
        final SimulatedFile file = names.get(name);
        if (file != null) {
            change(new NameChange(name, file, null, null));
            usedBytes -= file.sizeBytes();
        }
    }

    private void change(final NameChange change) {
        apply(change, names);
        unsynced.add(change);
    }

    private static void apply(final NameChange change, final Map<String, SimulatedFile> directory) {
        if (change.after() != null) {
            directory.put(change.name(), change.after());
        } else {
            directory.remove(change.name(), change.before());
        }
        if (change.with() != null) {
            apply(change.with(), directory);
        }
    }

    @Override
    public void syncNames() {
        event();
        unsynced.forEach(change -> apply(change, durableNames));
        unsynced.clear();
    }

    void force(final SimulatedFile file, final int offsetBytes, final int lengthBytes) {
        event();
        final boolean fails = random.nextDouble() < rates.forceError();
        final int last = offsetBytes + lengthBytes;
        // The kernel writes pages, so a force covers more than it was asked for.
        for (int page = offsetBytes & -SimulatedFile.PAGE_BYTES; page < last; page += SimulatedFile.PAGE_BYTES) {
            if (fails && random.nextBoolean()) {
                file.forget(page);
                continue;
            }
            for (int at = page; at < Math.min(page + SimulatedFile.PAGE_BYTES, file
                    .sizeBytes()); at += SimulatedFile.SECTOR_BYTES) {
                if (file.isDirty(at)) {
                    event();
                    file.writeBack(at);
                }
            }
        }
        if (fails) {
            throw new LinuxException("msync", file.name(), Errno.EIO);
        }
    }

    /** Frees the memory of all files. */
    @Override
    public void close() {
        byAddress.values().forEach(SimulatedFile::free);
        byAddress.clear();
    }

    @Override
    public String toString() {
        return "simulated disk";
    }
}
