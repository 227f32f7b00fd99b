package io.netchannel.samples.haproxy.load;

import io.netchannel.cpu.HostMemory;
import io.netchannel.kernel.sched.NanoClock;
import io.netchannel.samples.load.AnswerCounter;
import io.netchannel.samples.load.Conversation;
import io.netchannel.samples.load.Link;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * A client in closed loop: on each connection the next request follows the response to the one before.
 *
 * <p>Threading: confined to its client's thread; {@link #close} after that.
 */
final class RequestLoop implements AutoCloseable {

    private final NanoClock clock;
    private final int bodyBytes;
    private final Arena arena = Arena.ofShared();
    private final long request;
    private final int requestBytes;
    private final List<Connection> connections = new ArrayList<>();
    private final AnswerCounter answers = new AnswerCounter();
    private Consumer<RequestCounts> onEnd;
    private long durationNs;
    private int working;

    RequestLoop(final String host, final int bodyBytes, final NanoClock clock) {
        this.clock = clock;
        this.bodyBytes = bodyBytes;
        // What wrk sends.
        final byte[] text = ("GET " + LoadProfile.RESOURCE + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(
                StandardCharsets.US_ASCII);
        requestBytes = text.length;
        request = arena.allocate(requestBytes).address();
        HostMemory.INSTANCE.copyFromArray(text, 0, request, requestBytes);
    }

    /** A connection over a link, for rounds to come. */
    Conversation open(final Link link) {
        final Connection connection = new Connection(link);
        connections.add(connection);
        return connection;
    }

    void run(final long roundNs, final Consumer<RequestCounts> whenDone) {
        final long nowNs = clock.nowNs();
        durationNs = roundNs;
        onEnd = whenDone;
        answers.begin(nowNs + roundNs);
        // One more than there are, so that it doesn't end before all have begun.
        working = connections.size() + 1;
        connections.forEach(connection -> connection.ask(nowNs));
        rested();
    }

    /** A connection has its last response. */
    private void rested() {
        if (--working == 0) {
            onEnd.accept(counts());
        }
    }

    private RequestCounts counts() {
        final long requests = answers.inTime();
        final long intervalNs = durationNs * connections.size() / Math.max(1, requests);
        final Histogram latencies = answers.latencies().copyCorrectedForCoordinatedOmission(intervalNs);
        return new RequestCounts(requests, answers.all(), durationNs, latencies.getValueAtPercentile(50) / 1e3,
                latencies.getValueAtPercentile(99) / 1e3);
    }

    @Override
    public void close() {
        arena.close();
    }

    private final class Connection implements Conversation {

        private final Link link;
        private final ResponseReader reader = new ResponseReader(bodyBytes);
        private long sentNs;
        private int unsentBytes;

        Connection(final Link link) {
            this.link = link;
        }

        void ask(final long nowNs) {
            sentNs = nowNs;
            unsentBytes = requestBytes;
            writable();
        }

        @Override
        public void writable() {
            if (unsentBytes > 0) {
                unsentBytes -= link.write(request + requestBytes - unsentBytes, unsentBytes);
            }
        }

        @Override
        public void receive(final long address, final int length) {
            int done = 0;
            while (done < length) {
                done += reader.read(address + done, length - done);
                if (reader.isAtEnd()) {
                    answered(clock.nowNs());
                }
            }
        }

        private void answered(final long nowNs) {
            answers.completed(sentNs, nowNs);
            if (answers.isOver(nowNs)) {
                rested();
            } else {
                ask(nowNs);
            }
        }
    }
}
