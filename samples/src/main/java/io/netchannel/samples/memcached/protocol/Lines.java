package io.netchannel.samples.memcached.protocol;

import io.netchannel.cpu.HostMemory;
import io.netchannel.cpu.OrderedMemory;

/**
 * Ends of lines, eight characters at a time.
 *
 * <p>Threading: stateless.
 */
public final class Lines {

    private static final OrderedMemory MEMORY = HostMemory.INSTANCE;

    private Lines() {
    }

    /** @return offset of the LF, or -1 */
    public static int findEnd(final long address, final int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            // A byte of the difference is 0 where there is an LF.
            final long word = MEMORY.getLong(address + i) ^ 0x0A0A_0A0A_0A0A_0A0AL;
            final long found = word - 0x0101_0101_0101_0101L & ~word & 0x8080_8080_8080_8080L;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; i < length; i++) {
            if (MEMORY.getByte(address + i) == '\n') {
                return i;
            }
        }
        return -1;
    }
}
