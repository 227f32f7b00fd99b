package io.netchannel.perf.netperf;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Closes channels on which a test of blocking sockets would otherwise wait for ever, for a datagram that was lost or a peer
 * that has failed.
 */
final class Watchdog implements AutoCloseable {

    static final long GRACE_NS = 20_000_000_000L;

    private final CountDownLatch done = new CountDownLatch(1);

    private Watchdog() {
    }

    /** @param durationNs of the test, which gets {@link #GRACE_NS} more */
    static Watchdog closing(final long durationNs, final Closeable... channels) {
        final Watchdog watchdog = new Watchdog();
        Thread.ofPlatform().daemon().name("netperf-watchdog")
                .start(() -> watchdog.watch(durationNs + GRACE_NS, channels));
        return watchdog;
    }

    private void watch(final long timeoutNs, final Closeable... channels) {
        try {
            if (!done.await(timeoutNs, TimeUnit.NANOSECONDS)) {
                for (final Closeable channel : channels) {
                    channel.close();
                }
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        done.countDown();
    }
}
