package io.netchannel.cpu.litmus.thread;

/**
 * A page-table entry as a number that memory can hold: where the page is, and its flags.
 *
 * @param output address of the physical page; 0 if none
 */
public record PageTableEntry(long output, boolean valid, boolean accessed, boolean writable, boolean user) {

    private static final long TAG = 0x7E00_0000_0000_0000L;
    private static final long TAG_MASK = 0x7F00_0000_0000_0000L;
    private static final int VALID = 1;
    private static final int ACCESSED = 2;
    private static final int WRITABLE = 4;
    private static final int USER = 8;

    /** herd's default: valid, accessed, dirty, and open to EL0. */
    public static PageTableEntry of(final long output) {
        return new PageTableEntry(output, true, true, true, true);
    }

    public long bits() {
        return TAG | output | (valid ? VALID : 0) | (accessed ? ACCESSED : 0) | (writable ? WRITABLE : 0)
                | (user ? USER : 0);
    }

    /** @return null if the number is no entry */
    static PageTableEntry ofBits(final long bits) {
        if ((bits & TAG_MASK) != TAG) {
            return null;
        }
        return new PageTableEntry(bits & ~TAG_MASK & ~0xFFF, (bits & VALID) != 0, (bits & ACCESSED) != 0,
                (bits & WRITABLE) != 0, (bits & USER) != 0);
    }

    /** @return the fault that an access takes, or null */
    Fault faultOf(final boolean isWrite, final boolean isUser) {
        if (!valid || output == 0) {
            return Fault.TRANSLATION;
        }
        if (!accessed) {
            return Fault.ACCESS_FLAG;
        }
        return isWrite && !writable || isUser && !user ? Fault.PERMISSION : null;
    }

    /** Why an access faults. */
    public enum Fault {
        TRANSLATION("Translation"), ACCESS_FLAG("AccessFlag"), PERMISSION("Permission");

        private final String herdName;

        Fault(final String herdName) {
            this.herdName = herdName;
        }

        @Override
        public String toString() {
            return "MMU:" + herdName;
        }
    }
}
