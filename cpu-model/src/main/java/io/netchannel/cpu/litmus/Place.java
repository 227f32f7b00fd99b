package io.netchannel.cpu.litmus;

import io.netchannel.cpu.litmus.thread.PageTableEntry;

/**
 * Something that a final state shows: a register of a thread, or a location in memory.
 *
 * @param name        as herd prints it: {@code 1:X0}, {@code [x]}
 * @param thread      -1 for memory
 * @param register    its number; sorts the registers of a thread
 * @param address     of memory
 * @param sizeBytes   how much of it is shown
 * @param signed      how the value is shown
 * @param fault       null unless it is whether an instruction faulted
 */
public record Place(String name, int thread, int register, long address, int sizeBytes, boolean signed, Fault fault)
        implements
            Comparable<Place> {

    /**
     * @param instruction index of the instruction
     * @param address     that it accessed; 0 for any
     * @param type        as herd writes it; null for any
     * @param shown       what is printed when it faulted
     */
    public record Fault(int instruction, long address, PageTableEntry.Fault type, String shown) {
    }

    public static Place ofFault(final String name, final int thread, final Fault fault) {
        return new Place(name, thread, 0, 0, 0, false, fault);
    }

    public boolean isMemory() {
        return thread < 0 && fault == null;
    }

    /** As herd sorts what it prints: registers by thread and number, then memory by name. */
    @Override
    public int compareTo(final Place other) {
        if (fault != null || other.fault != null) {
            return fault != null && other.fault != null ? name.compareTo(other.name) : fault != null ? 1 : -1;
        }
        if (isMemory() || other.isMemory()) {
            return isMemory() && other.isMemory() ? name.compareTo(other.name) : isMemory() ? 1 : -1;
        }
        return thread != other.thread
                ? Integer.compare(thread, other.thread)
                : Integer.compare(register, other.register);
    }
}
