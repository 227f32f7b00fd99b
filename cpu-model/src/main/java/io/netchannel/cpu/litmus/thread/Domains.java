package io.netchannel.cpu.litmus.thread;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * The values that each location may ever hold, a superset: the initial one, and all that any run of any thread stored when
 * its loads chose among the values found before. Grown by {@link #add} until nothing new comes.
 */
public final class Domains {

    private static final long[] ZERO = {0};

    private final InitialMemory initial;
    private final Map<Long, long[]> values = new TreeMap<>();

    public Domains(final InitialMemory initial) {
        this.initial = initial;
        initial.values().forEach((address, value) -> values.put(address, new long[]{value}));
    }

    boolean isVirtual(final long address) {
        return initial.isVirtual(address);
    }

    long entryAddress(final long address) {
        return initial.entryAddress(address);
    }

    boolean isMemory(final long address, final int sizeBytes) {
        return initial.isMemory(address, sizeBytes);
    }

    /** @return what a load may return; null if there is no memory */
    long[] valuesAt(final long address, final int sizeBytes) {
        return isMemory(address, sizeBytes) ? values.getOrDefault(address, ZERO) : null;
    }

    /** @return whether the value is new */
    boolean add(final long address, final long value) {
        final long[] known = values.getOrDefault(address, ZERO);
        for (final long each : known) {
            if (each == value) {
                return false;
            }
        }
        final long[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = value;
        values.put(address, more);
        return true;
    }
}
