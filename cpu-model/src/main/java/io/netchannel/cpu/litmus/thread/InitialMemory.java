package io.netchannel.cpu.litmus.thread;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The locations of a test under their names, at addresses far apart, and what they hold at first. An address is a number
 * as any other to the instructions; {@link #nameOf} turns it back into its name.
 */
public final class InitialMemory {

    /** Of the first location. Numbers that tests compute with are smaller. */
    private static final long BASE = 0x5A00_7F3A_0000L;
    /** Between two locations: a page, so that arithmetic on page numbers works. */
    private static final long STRIDE = 1L << 12;

    private final List<String> names = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final Map<Long, Long> values = new TreeMap<>();

    /** @return the address of a location, which is made if the name is new */
    public long address(final String name) {
        int index = names.indexOf(name);
        if (index < 0) {
            index = names.size();
            names.add(name);
            sizes.add(8);
        }
        return BASE + index * STRIDE;
    }

    public boolean isKnown(final String name) {
        return names.contains(name);
    }

    /** Says how long a location is; 8 bytes if nothing does. */
    public void setSizeBytes(final String name, final int sizeBytes) {
        final long address = address(name);
        sizes.set((int) ((address - BASE) / STRIDE), Math.max(8, Math.min(sizeBytes, (int) STRIDE)));
    }

    public void set(final long address, final long value) {
        values.put(address, value);
    }

    public long valueAt(final long address) {
        return values.getOrDefault(address, 0L);
    }

    Map<Long, Long> values() {
        return Collections.unmodifiableMap(values);
    }

    boolean isMemory(final long address, final int sizeBytes) {
        final int index = indexOf(address);
        return index >= 0 && (address - BASE) % STRIDE + sizeBytes <= sizes.get(index);
    }

    private int indexOf(final long address) {
        final long index = Math.floorDiv(address - BASE, STRIDE);
        return index >= 0 && index < names.size() ? (int) index : -1;
    }

    /** Gives each location its page-table entry, unless the test did: named PTE(x), it maps x to its own page. */
    public void addPageTable() {
        for (final String name : List.copyOf(names)) {
            if (!isEntry(name)) {
                final long entry = address(entryName(name));
                values.putIfAbsent(entry, PageTableEntry.of(address(name)).bits());
            }
        }
    }

    public static String entryName(final String name) {
        return "PTE(" + name + ")";
    }

    private static boolean isEntry(final String name) {
        return name.startsWith("PTE(");
    }

    /** Whether an access to the address is translated: entries themselves are reached directly. */
    boolean isVirtual(final long address) {
        final int index = indexOf(address);
        return index >= 0 && !isEntry(names.get(index));
    }

    long entryAddress(final long address) {
        return BASE + names.indexOf(entryName(names.get(indexOf(address)))) * STRIDE;
    }

    /** @return the name of the location that the number is the address of, with the offset into it; null if none */
    public String nameOf(final long address) {
        final int index = indexOf(address);
        if (index < 0) {
            return null;
        }
        final long offset = (address - BASE) % STRIDE;
        return offset == 0 ? names.get(index) : names.get(index) + "+" + offset;
    }
}
