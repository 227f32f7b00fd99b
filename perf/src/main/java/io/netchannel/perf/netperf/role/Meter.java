package io.netchannel.perf.netperf.role;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What one side of one connection has done so far.
 *
 * <p>Threading: written by that side's thread; may be read by any.
 */
public final class Meter {

    // Three counters that one thread writes and others read: ordered stores, no locked instruction.
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    void add(final long byteCount, final long operationCount) {
        bytes.setRelease(bytes.getPlain() + byteCount);
        operations.setRelease(operations.getPlain() + operationCount);
    }

    void addRefused() {
        refused.setRelease(refused.getPlain() + 1);
    }

    public long bytes() {
        return bytes.getAcquire();
    }

    /** Messages of a stream, transactions, datagrams. */
    public long operations() {
        return operations.getAcquire();
    }

    /** Sends that found no room. */
    public long refused() {
        return refused.getAcquire();
    }
}
