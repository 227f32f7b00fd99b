package io.netchannel.perf.iperf3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.node.LoopContext;
import io.netchannel.perf.loops.LoopGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * The streams of a test while it runs, governed by the loop of the control connection: starts them, samples them each
 * interval, halts them.
 *
 * <p>Threading: on its home loop; {@link #used}, {@link #quota} and {@link #streamLost} on any loop.
 */
final class TestRun {

    private static final double NS_PER_SECOND = 1e9;
    /** A last interval that is shorter than this part of one isn't shown. */
    private static final double SHORTEST_PART = 0.1;

    /** Who governs the test. */
    interface Owner {

        /** Bytes or blocks that end the test have been sent or received. */
        void onQuotaUsed();

        void onStreamLost(String why);
    }

    private final LoopGroup loops;
    private final LoopContext home;
    private final TestParameters parameters;
    private final Report report;
    private final Owner owner;
    private final Quota quota;
    private final List<DataStream> streams = new ArrayList<>();
    private final Timer interval = new IntervalTimer();
    private final Timer omit = new OmitTimer();
    private final long intervalNs;
    private StreamSample[] before;
    private long startNs;
    private long intervalStartNs;
    private long intervalEndNs;
    private boolean omitting;
    private boolean halted;
    private ProcessTimes timesAtStart;
    private ProcessTimes.Utilization cpu = ProcessTimes.Utilization.NONE;
    private double seconds;

    TestRun(final LoopGroup loops, final LoopContext home, final TestParameters parameters, final Report report,
            final double intervalSeconds, final Owner owner) {
        this.loops = loops;
        this.home = home;
        this.parameters = parameters;
        this.report = report;
        this.owner = owner;
        this.quota = new Quota(parameters);
        this.intervalNs = (long) (intervalSeconds * NS_PER_SECOND);
    }

    void add(final DataStream stream) {
        stream.number = streams.size();
        streams.add(stream);
    }

    boolean isComplete() {
        return streams.size() == parameters.streams();
    }

    List<DataStream> streams() {
        return streams;
    }

    TestParameters parameters() {
        return parameters;
    }

    /** By the time at which they were accepted; then the roles follow from the order, as the client has it. */
    void arrange(final boolean server) {
        if (!parameters.udp() && server) {
            streams.sort(Comparator.comparingLong(stream -> stream.acceptedNs));
        }
        for (int i = 0; i < streams.size(); i++) {
            final DataStream stream = streams.get(i);
            // The client's senders come first.
            final boolean clientSends = parameters.bidirectional() ? i < parameters.parallel() : !parameters.reverse();
            stream.number = i;
            stream.sends = clientSends != server;
        }
        before = new StreamSample[streams.size()];
    }

    void begin() {
        startNs = home.nowNs();
        intervalStartNs = startNs;
        intervalEndNs = startNs + intervalNs;
        timesAtStart = ProcessTimes.read(startNs);
        omitting = parameters.omitSeconds() > 0;
        resetSamples();
        onEachStream(DataStream::begin, _ -> {
        });
        if (omitting) {
            home.timers().schedule(omit, startNs + parameters.omitSeconds() * (long) NS_PER_SECOND);
        }
        if (intervalNs > 0) {
            home.timers().schedule(interval, intervalEndNs);
        }
    }

    private void resetSamples() {
        Arrays.fill(before, StreamSample.ZERO);
    }

    private void onEachStream(final Consumer<DataStream> task, final Consumer<RuntimeException> then) {
        final List<DataStream> all = List.copyOf(streams);
        loops.onEach(loop -> {
            for (final DataStream stream : all) {
                if (stream.loop == loop) {
                    task.accept(stream);
                }
            }
        }, home, then);
    }

    // -- while it runs

    Quota quota() {
        return quota;
    }

    void used(final long bytes) {
        if (quota.use(bytes, parameters.blockBytes())) {
            loops.execute(home, () -> {
                if (!omitting && !halted) {
                    owner.onQuotaUsed();
                }
            });
        }
    }

    void streamLost(final String why) {
        loops.execute(home, () -> {
            if (!halted) {
                owner.onStreamLost(why);
            }
        });
    }

    private void sampled(final long nowNs) {
        final double start = (intervalStartNs - startNs) / NS_PER_SECOND;
        final double end = (nowNs - startNs) / NS_PER_SECOND;
        final List<Report.Interval> rows = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            final DataStream stream = streams.get(i);
            rows.add(new Report.Interval(stream.socket(), stream.sends, start, end, stream.latest.since(before[i]),
                    omitting));
            before[i] = stream.latest;
        }
        intervalStartNs = nowNs;
        report.interval(rows);
    }

    private final class IntervalTimer extends Timer {

        @Override
        protected void expire(final long nowNs) {
            intervalEndNs += intervalNs;
            home.timers().schedule(this, intervalEndNs);
            onEachStream(stream -> stream.latest = stream.sample(), _ -> {
                if (!halted && nowNs > intervalStartNs) {
                    sampled(nowNs);
                }
            });
        }
    }

    private final class OmitTimer extends Timer {

        @Override
        protected void expire(final long nowNs) {
            onEachStream(stream -> {
                stream.latest = stream.sample();
                stream.restart();
            }, _ -> {
                if (halted) {
                    return;
                }
                if (nowNs - intervalStartNs > SHORTEST_PART * intervalNs && intervalNs > 0) {
                    sampled(nowNs);
                }
                omitting = false;
                quota.restart();
                startNs = nowNs;
                intervalStartNs = nowNs;
                intervalEndNs = nowNs + intervalNs;
                resetSamples();
                if (intervalNs > 0) {
                    home.timers().schedule(interval, intervalEndNs);
                }
                report.omitDone();
            });
        }
    }

    // -- the end

    /** Halts all streams, takes the last samples; then, on the home loop, {@code then}. */
    void halt(final Runnable then) {
        if (halted) {
            return;
        }
        halted = true;
        stopTimers();
        final long endNs = home.nowNs();
        onEachStream(DataStream::halt, _ -> {
            seconds = Math.max(endNs - startNs, 1) / NS_PER_SECOND;
            cpu = timesAtStart == null ? cpu : ProcessTimes.read(endNs).since(timesAtStart);
            if (intervalNs > 0 && startNs != 0 && (endNs - intervalStartNs > SHORTEST_PART * intervalNs
                    || intervalStartNs == startNs)) {
                sampled(endNs);
            }
            then.run();
        });
    }

    private void stopTimers() {
        home.timers().cancel(interval);
        home.timers().cancel(omit);
    }

    /** Closes the data connections; then, on the home loop, {@code then}. */
    void close(final Runnable then) {
        onEachStream(DataStream::close, _ -> then.run());
    }

    void abort() {
        halted = true;
        stopTimers();
        onEachStream(DataStream::abort, _ -> {
        });
    }

    ProcessTimes.Utilization cpu() {
        return cpu;
    }

    double seconds() {
        return seconds;
    }

    String congestionControl() {
        return streams.isEmpty() || !(streams.getFirst() instanceof final TcpStream stream)
                ? ""
                : stream.congestionControl();
    }

    boolean sends() {
        return streams.stream().anyMatch(stream -> stream.sends);
    }

    // -- results

    /** What goes to the other side. */
    ObjectNode results() {
        final ObjectNode json = ControlChannel.MAPPER.createObjectNode();
        json.put("cpu_util_total", cpu.total()).put("cpu_util_user", cpu.user()).put("cpu_util_system", cpu.system())
                .put("sender_has_retransmits", sends() ? parameters.udp() ? 0 : 1 : -1);
        if (!parameters.udp()) {
            json.put("congestion_used", congestionControl());
        }
        final ArrayNode array = json.putArray("streams");
        for (final DataStream stream : streams) {
            final StreamSample total = stream.latest;
            array.addObject().put("id", stream.id()).put("bytes", total.bytes())
                    .put("retransmits", stream.sends && !parameters.udp() ? total.retransmits() : -1)
                    .put("jitter", total.jitterSeconds()).put("errors", total.lost()).put("packets", total.packets())
                    .put("start_time", 0).put("end_time", seconds);
        }
        return json;
    }

    /** Totals of the streams, with what the other side has told, which may be null. */
    List<Report.Total> totals(final JsonNode remote) {
        final List<Report.Total> totals = new ArrayList<>();
        for (final DataStream stream : streams) {
            final Report.Side local = new Report.Side(stream.latest.bytes(), stream.latest.retransmits(),
                    stream.latest.jitterSeconds(), stream.latest.lost(), stream.latest.packets(),
                    stream.latest.outOfOrder(), seconds);
            final Report.Side other = remote == null ? null : side(remote, stream.id());
            totals.add(new Report.Total(stream.socket(), stream.sends, stream.sends ? local : other,
                    stream.sends ? other : local));
        }
        return totals;
    }

    private Report.Side side(final JsonNode remote, final int id) {
        for (final JsonNode stream : remote.path("streams")) {
            if (stream.path("id").asInt() == id) {
                final double theirs = stream.path("end_time").asDouble() - stream.path("start_time").asDouble();
                return new Report.Side(stream.path("bytes").asLong(), Math.max(0, stream.path("retransmits").asLong()),
                        stream.path("jitter").asDouble(), stream.path("errors").asLong(),
                        stream.path("packets").asLong(), 0, theirs > 0 ? theirs : seconds);
            }
        }
        return null;
    }
}
