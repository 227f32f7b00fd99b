package io.netchannel.samples.memcached.load;

import io.netchannel.kernel.sched.NanoClock;
import io.netchannel.samples.load.AnswerCounter;
import io.netchannel.samples.load.Link;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a client's connections share: the round they are in, the requests to come, what was counted.
 *
 * <p>Threading: confined to its client's thread; {@link #close} after that.
 */
final class LoadWorker implements AutoCloseable {

    /** {@link #next}: there is none. */
    static final int NOTHING = -1;
    /** Requests that are handed to a link at once. */
    static final int BURST_BYTES = 64 << 10;
    /** Of a link's answers that are awaited at once while keys are stored. */
    private static final int STORING_DEPTH = 16;

    private final LoadProfile profile;
    private final NanoClock clock;
    private final RequestEncoder encoder;
    private final Arena arena = Arena.ofShared();
    private final long buffer;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final AnswerCounter answers = new AnswerCounter();
    private long random;

    // -- the round
    private Consumer<LoadCounts> onEnd;
    private boolean storing;
    private int depth;
    private int nextKey;
    private int working;

    // -- counted
    private long misses;
    private long errors;
    private String firstError;

    LoadWorker(final LoadProfile profile, final NanoClock clock) {
        this.profile = profile;
        this.clock = clock;
        this.encoder = new RequestEncoder(profile.valueBytes(), profile.seed());
        this.buffer = arena.allocate(BURST_BYTES + encoder.maxBytes(), Long.BYTES).address();
        this.random = profile.seed() * 2 + 1;
    }

    /** A connection over a link, for rounds to come. */
    LoadConnection open(final Link link) {
        final LoadConnection connection = new LoadConnection(this, link);
        connections.add(connection);
        return connection;
    }

    RequestEncoder encoder() {
        return encoder;
    }

    /** Where requests are put together: {@link #BURST_BYTES} and a request more. */
    long buffer() {
        return buffer;
    }

    boolean verifies() {
        return profile.verify();
    }

    long nowNs() {
        return clock.nowNs();
    }

    // -- rounds

    /** Stores each key once. */
    void store(final Consumer<LoadCounts> whenStored) {
        storing = true;
        nextKey = 0;
        begin(STORING_DEPTH, Long.MAX_VALUE, whenStored);
    }

    /** Keeps {@code requests} under way on each connection for so long. */
    void run(final int requests, final long durationNs, final Consumer<LoadCounts> whenDone) {
        storing = false;
        begin(requests, clock.nowNs() + durationNs, whenDone);
    }

    private void begin(final int requests, final long end, final Consumer<LoadCounts> whenDone) {
        depth = requests;
        onEnd = whenDone;
        answers.begin(end);
        misses = 0;
        errors = 0;
        firstError = null;
        // One more than there are, so that it doesn't end before all have begun.
        working = connections.size() + 1;
        connections.forEach(connection -> connection.begin(depth));
        rested();
    }

    /** A connection has all its answers, and asks no more. */
    void rested() {
        if (--working == 0) {
            onEnd.accept(new LoadCounts(answers.inTime(), answers.all(), misses, errors, firstError,
                    answers.latencies()));
        }
    }

    /** @return twice the next request's key, and 1 more to store it; or {@link #NOTHING} */
    int next(final long nowNs) {
        if (storing) {
            return nextKey < profile.keys() ? nextKey++ << 1 | 1 : NOTHING;
        }
        if (answers.isOver(nowNs)) {
            return NOTHING;
        }
        // xorshift64: Marsaglia 2003.
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        final int key = (int) ((random >>> Integer.SIZE) * profile.keys() >>> Integer.SIZE);
        final long share = (random & 0xFFFF) * (profile.sets() + profile.gets()) >>> Short.SIZE;
        return key << 1 | (share < profile.sets() ? 1 : 0);
    }

    // -- answers

    void completed(final long sentNs, final long nowNs) {
        answers.completed(sentNs, nowNs);
    }

    void missed() {
        misses++;
    }

    void refused(final String answer) {
        errors++;
        if (firstError == null) {
            firstError = answer;
        }
    }

    @Override
    public void close() {
        encoder.close();
        arena.close();
    }
}
