package io.netchannel.samples.haproxy.proxy;

/** What a stream adds to the numbers of all that it went through. */
final class StreamAccount {

    private static final long INTERVAL_MS = 5_000;

    private final Stream stream;
    private final long clientBytesBefore;
    private final long sentBytesBefore;
    private long countedIn;
    private long countedOut;
    /** {@code option contstats}. */
    private final Timeout interval = new Timeout() {
        @Override
        void expired(final long nowMs) {
            count(bytesFromClient(), bytesToClient());
            stream.loop.timers().arm(this, nowMs + INTERVAL_MS);
        }
    };

    StreamAccount(final Stream stream) {
        this.stream = stream;
        if (stream.session.frontend.options().continuousStats) {
            stream.loop.timers().arm(interval, stream.loop.nowMs() + INTERVAL_MS);
        }
        this.clientBytesBefore = stream.client.bytesIn() - stream.client.available();
        this.sentBytesBefore = stream.client.bytesOut();
    }

    long bytesToClient() {
        return stream.client.bytesOut() - sentBytesBefore;
    }

    long bytesFromClient() {
        return stream.client.bytesIn() - stream.client.available() - clientBytesBefore;
    }

    /** Bytes and times of the whole stream. */
    void settle(final long in, final long out) {
        stream.loop.timers().cancel(interval);
        count(in, out);
        if (stream.backend() != null) {
            means(stream.backend().counters());
        }
        if (stream.server() != null) {
            means(stream.server().counters());
        }
    }

    /** What came since the last time. */
    private void count(final long allIn, final long allOut) {
        final long in = allIn - countedIn;
        final long out = allOut - countedOut;
        countedIn = allIn;
        countedOut = allOut;
        bytes(stream.session.frontend.counters(), in, out);
        bytes(stream.session.listener.counters(), in, out);
        if (stream.backend() != null) {
            bytes(stream.backend().counters(), in, out);
        }
        if (stream.server() != null) {
            bytes(stream.server().counters(), in, out);
        }
    }

    private static void bytes(final Counters counters, final long in, final long out) {
        counters.bytesIn += in;
        counters.bytesOut += out;
    }

    private void means(final Counters counters) {
        final StreamTimes times = stream.times();
        if (times.connectMs >= 0) {
            counters.queueTime.add(Math.max(0, times.waitedMs()));
            counters.connectTime.add(Math.max(0, times.connectedInMs()));
            counters.dataTime.add(Math.max(0, times.answeredInMs()));
            counters.totalTime.add(Math.max(0, times.closeMs));
        }
    }
}
