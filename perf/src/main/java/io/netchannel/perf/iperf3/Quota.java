package io.netchannel.perf.iperf3;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes or blocks that end a test, shared by its streams on all loops; sent or received.
 *
 * <p>Threading: any.
 */
final class Quota {

    private final boolean limited;
    private final boolean ofBlocks;
    private final AtomicLong left = new AtomicLong();
    private final long initial;

    Quota(final TestParameters parameters) {
        ofBlocks = parameters.bytes() == 0 && parameters.blocks() != 0;
        initial = ofBlocks ? parameters.blocks() : parameters.bytes();
        limited = initial != 0;
        left.set(initial);
    }

    boolean isLimited() {
        return limited;
    }

    /** The seconds to be omitted are over: counts anew. */
    void restart() {
        left.set(initial);
    }

    boolean isExhausted() {
        return limited && left.get() <= 0;
    }

    /** @return whether that was the last of it */
    boolean use(final long bytes, final int blockBytes) {
        if (!limited) {
            return false;
        }
        final long used = ofBlocks ? Math.max(1, bytes / blockBytes) : bytes;
        final long rest = left.addAndGet(-used);
        return rest <= 0 && rest + used > 0;
    }
}
