package io.netchannel.perf.netperf.role;

import io.netchannel.cpu.HostMemory;
import io.netchannel.perf.netperf.host.Payload;

/**
 * Checks that what comes is what was sent: messages one after the other, all alike.
 *
 * <p>Threading: confined to one thread.
 */
final class Pattern {

    private final int messageBytes;
    private int position;

    Pattern(final int messageBytes) {
        this.messageBytes = messageBytes;
    }

    /** @return null, or what is wrong with these bytes */
    String check(final long address, final int lengthBytes) {
        for (int i = 0; i < lengthBytes; i++) {
            final byte actual = HostMemory.INSTANCE.getByte(address + i);
            if (actual != Payload.byteAt(position)) {
                return "byte " + position + " of a message is " + actual + ", not " + Payload.byteAt(position);
            }
            position = position + 1 == messageBytes ? 0 : position + 1;
        }
        return null;
    }
}
