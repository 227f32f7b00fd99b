package io.netchannel.perf.netperf.role;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where a test stands, for all its connections, and what has gone wrong.
 *
 * <p>Threading: any.
 */
public final class TestPhase {

    private enum Phase {
        RAMP, COUNTING, STOPPED
    }

    private volatile Phase phase = Phase.RAMP;
    private final CountDownLatch connected;
    private final CountDownLatch ended;
    private final AtomicReference<String> failure = new AtomicReference<>();

    /** @param connections that the client side opens */
    public TestPhase(final int connections) {
        connected = new CountDownLatch(connections);
        ended = new CountDownLatch(connections);
    }

    public void count() {
        phase = Phase.COUNTING;
    }

    public void stop() {
        phase = Phase.STOPPED;
    }

    boolean isStopped() {
        return phase == Phase.STOPPED;
    }

    boolean isCounting() {
        return phase == Phase.COUNTING;
    }

    void connected() {
        connected.countDown();
    }

    /** One of the client's connections has ended. */
    void ended(final String reason) {
        if (reason != null) {
            failed(reason);
        }
        connected.countDown();
        ended.countDown();
    }

    void failed(final String reason) {
        failure.compareAndSet(null, reason);
    }

    /** What went wrong first; null if nothing did. */
    public String failure() {
        return failure.get();
    }

    public boolean awaitConnected(final long timeoutNs) throws InterruptedException {
        return connected.await(timeoutNs, TimeUnit.NANOSECONDS);
    }

    public boolean awaitEnded(final long timeoutNs) throws InterruptedException {
        return ended.await(timeoutNs, TimeUnit.NANOSECONDS);
    }
}
