package io.netchannel.perf.iperf3;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.udp.UdpSocket;
import io.netchannel.tcpip.wire.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A client's test, at the server.
 *
 * <p>Threading: on the loop of the control connection; {@link #wantsStreams}, {@link #hasCookie} and {@link #parameters} any.
 */
final class ServerSession implements ControlChannel.Peer, TestRun.Owner {

    /** For the parameters, and for all streams to come: iperf3's patience for what is lost on the way. */
    private static final long SETUP_TIMEOUT_NS = 30_000_000_000L;
    /** Beyond the test's time, until the client must have ended it (iperf3: ten round trips of four seconds). */
    private static final long GRACE_NS = 40_000_000_000L;
    private static final double NS_PER_SECOND = 1e9;

    private final Iperf3Server server;
    private final LoopContext home;
    private final byte[] cookie;
    private final ControlChannel channel = new ControlChannel(this);
    private final Report report;
    private final Timer patience = new Patience();
    private final AtomicReferenceArray<UdpSocket> greeted;
    // Published to the other loops by wantsStreams, after it.
    private TestParameters parameters;
    private volatile boolean wantsStreams;
    private TestRun run;
    private boolean over;

    ServerSession(final Iperf3Server server, final LoopContext home, final byte[] cookie) {
        this.server = server;
        this.home = home;
        this.cookie = cookie;
        this.report = server.options().newReport(true);
        this.greeted = new AtomicReferenceArray<>(server.loops().size());
    }

    ControlChannel channel() {
        return channel;
    }

    LoopContext home() {
        return home;
    }

    boolean wantsStreams() {
        return wantsStreams;
    }

    boolean hasCookie(final byte[] other) {
        return Arrays.equals(cookie, other);
    }

    TestRun run() {
        return run;
    }

    // -- parameters

    @Override
    public void onConnected(final TcpFlow flow) {
        patience(SETUP_TIMEOUT_NS);
        channel.expectJson();
        channel.send(State.PARAM_EXCHANGE);
    }

    private void patience(final long durationNs) {
        home.timers().schedule(patience, home.nowNs() + durationNs);
    }

    @Override
    public void onJson(final JsonNode json) {
        if (parameters == null) {
            agree(json);
        } else {
            exchange(json);
        }
    }

    private void agree(final JsonNode json) {
        final TestParameters asked;
        try {
            asked = TestParameters.parse(json);
        } catch (final IllegalArgumentException e) {
            channel.sendError(State.ERROR_PARAMETERS, 0);
            end("parameters refused: " + e.getMessage());
            return;
        }
        parameters = asked;
        run = new TestRun(server.loops(), home, asked, report, server.options().intervalSeconds(), this);
        final TcpFlow flow = channel.flow();
        report.connecting(true, IpAddress.format(flow.remoteHigh(), flow.remoteLow()), flow.remotePort(),
                new String(cookie, 0, State.COOKIE_BYTES - 1, StandardCharsets.ISO_8859_1), asked);
        wantsStreams = true;
        if (asked.udp()) {
            server.loops().onEach(this::greet, home, failure -> {
                if (failure != null) {
                    fail("can't receive datagrams: " + failure.getMessage());
                } else if (!over) {
                    channel.send(State.CREATE_STREAMS);
                }
            });
        } else {
            channel.send(State.CREATE_STREAMS);
        }
    }

    // -- streams

    /** On each loop: the socket to which a client's first datagrams come. */
    private void greet(final LoopContext loop) {
        greeted.set(loop.index(), loop.stack().udp().bind(0, 0, server.port(),
                (socket, remoteHigh, remoteLow, remotePort, address, lengthBytes) -> {
                    if (wantsStreams && lengthBytes >= Integer.BYTES) {
                        admit(loop, socket, remoteHigh, remoteLow, remotePort);
                    }
                }));
    }

    private void admit(final LoopContext loop, final UdpSocket socket, final long remoteHigh, final long remoteLow,
            final int remotePort) {
        final TcpFlow control = channel.flow();
        if (remoteHigh != control.remoteHigh() || remoteLow != control.remoteLow()) {
            return;
        }
        final UdpStream stream = new UdpStream(loop, run, null);
        stream.connect(socket.datagramLocalHigh(), socket.datagramLocalLow(), server.port(), remoteHigh, remoteLow,
                remotePort);
        server.loops().execute(home, () -> {
            if (join(stream)) {
                server.loops().execute(loop, stream::answer);
            }
        });
    }

    /** A stream has come. @return whether it is taken */
    boolean join(final DataStream stream) {
        if (over || !wantsStreams || run.isComplete()) {
            server.loops().execute(stream.loop, stream::abort);
            return false;
        }
        run.add(stream);
        if (run.isComplete()) {
            wantsStreams = false;
            closeGreeted();
            // After what the last stream's loop has to do for it: its answer goes first.
            server.loops().onEach(_ -> {
            }, home, _ -> begin());
        }
        return true;
    }

    private void closeGreeted() {
        server.loops().onEach(loop -> {
            final UdpSocket socket = greeted.getAndSet(loop.index(), null);
            if (socket != null) {
                socket.close();
            }
        }, home, _ -> {
        });
    }

    private void begin() {
        if (over) {
            return;
        }
        run.arrange(true);
        report.started(parameters, run.streams());
        channel.send(State.TEST_START);
        channel.send(State.TEST_RUNNING);
        run.begin();
        if (parameters.seconds() > 0) {
            patience((parameters.seconds() + parameters.omitSeconds()) * (long) NS_PER_SECOND + GRACE_NS);
        } else {
            home.timers().cancel(patience);
        }
    }

    // -- the end

    @Override
    public void onState(final int state) {
        switch (state) {
            case State.TEST_END -> {
                if (run == null || run.streams().isEmpty() || wantsStreams) {
                    fail("ended a test that has not begun");
                } else {
                    finish();
                }
            }
            case State.CLIENT_TERMINATE -> end("the client has terminated");
            case State.IPERF_DONE -> end(null);
            default -> fail("sent " + State.name(state) + ", which no client sends");
        }
    }

    private void finish() {
        patience(SETUP_TIMEOUT_NS);
        run.halt(() -> {
            report.ended(outcome());
            run.close(() -> {
                if (!over) {
                    channel.expectJson();
                    channel.send(State.EXCHANGE_RESULTS);
                }
            });
        });
    }

    private Report.Outcome outcome() {
        return new Report.Outcome(run.totals(null), run.cpu(), null, run.sends(), run.congestionControl(), "", null,
                null);
    }

    private void exchange(final JsonNode theirs) {
        if (!theirs.path("streams").isArray()) {
            fail("sent results without streams");
            return;
        }
        final ObjectNode ours = run.results();
        if (parameters.serverOutput()) {
            switch (report) {
                case final TextReport text -> ours.put("server_output_text", text.text());
                case final JsonReport json -> ours.set("server_output_json", json.document());
            }
        }
        channel.send(ours);
        channel.send(State.DISPLAY_RESULTS);
    }

    @Override
    public void onServerError(final int error, final int errno) {
        fail("sent a server's error");
    }

    @Override
    public void onLost(final String why) {
        end(why);
    }

    @Override
    public void onQuotaUsed() {
        // The client ends the test when it has counted so.
    }

    @Override
    public void onStreamLost(final String why) {
        // The client's control connection tells what it makes of that.
    }

    private void fail(final String what) {
        channel.fail(what);
    }

    /** @param why null if all went well */
    private void end(final String why) {
        if (over) {
            return;
        }
        over = true;
        wantsStreams = false;
        home.timers().cancel(patience);
        closeGreeted();
        if (run != null) {
            run.abort();
        }
        if (why != null) {
            final TcpFlow flow = channel.flow();
            report.failed(IpAddress.format(flow.remoteHigh(), flow.remoteLow()) + " port " + flow.remotePort() + ": "
                    + why);
        }
        channel.close();
        report.finish();
        server.ended(this);
    }

    /** The server ends: the client is told. On the home loop. */
    void terminate() {
        if (!over) {
            over = true;
            channel.send(State.SERVER_TERMINATE);
            report.failed("the server has terminated");
            report.finish();
        }
    }

    private final class Patience extends Timer {

        @Override
        protected void expire(final long nowNs) {
            fail(wantsStreams ? "has not opened all of its " + parameters.streams() + " streams" : "says no more");
        }
    }
}
