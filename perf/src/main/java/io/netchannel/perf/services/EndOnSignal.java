package io.netchannel.perf.services;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Interrupts the thread that opened it when a signal ends the JVM, which then waits until it is closed: so that a comparison deletes
 * its files and control groups, and ends its processes.
 */
final class EndOnSignal implements AutoCloseable {

    /** For as long as a comparison may need to close what it has. */
    private static final long GRACE_SECONDS = 30;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    EndOnSignal() {
        final Thread measuring = Thread.currentThread();
        hook = new Thread(() -> end(measuring), "netchannel-services-end");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end(final Thread measuring) {
        measuring.interrupt();
        try {
            closed.await(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (final InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            // The JVM ends.
        }
    }
}
