package io.netchannel.perf.iperf3;

import com.fasterxml.jackson.databind.JsonNode;
import io.netchannel.kernel.sched.Timer;
import io.netchannel.node.LoopContext;
import io.netchannel.tcpip.tcp.TcpFlow;
import io.netchannel.tcpip.tcp.TcpInfo;
import io.netchannel.tcpip.wire.IpAddress;
import java.nio.charset.StandardCharsets;

/**
 * A test, at the client. Streams are opened one after the other, so that the server takes them in this order.
 *
 * <p>Threading: on its home loop, that of the control connection.
 */
final class ClientSession implements ControlChannel.Peer, TestRun.Owner {

    private static final double NS_PER_SECOND = 1e9;
    /** A server that says nothing for so long outside of a test is gone. */
    private static final long SILENCE_NS = 30_000_000_000L;
    private static final int HEADERS_OF_UDP = 8;
    private static final int HEADERS_OF_TCP = 20;

    private final Iperf3Client client;
    private final LoopContext home;
    private final byte[] cookie;
    private final Report report;
    private final ControlChannel channel = new ControlChannel(this);
    private final Timer end = new EndTimer();
    private TestParameters parameters;
    private TestRun run;
    private JsonNode theirs;
    private boolean running;
    private boolean over;

    ClientSession(final Iperf3Client client, final LoopContext home) {
        this.client = client;
        this.home = home;
        this.cookie = client.newCookie();
        this.parameters = client.parameters();
        this.report = client.options().newReport(false);
    }

    private String cookieText() {
        return new String(cookie, 0, State.COOKIE_BYTES - 1, StandardCharsets.ISO_8859_1);
    }

    void connect() {
        final IpAddress server = client.server();
        if (home.stack().tcp().connect(server.high(), server.low(), client.port(), channel) == null) {
            failed("unable to connect to server: " + home.stack().tcp().connectFailure());
        }
    }

    @Override
    public void onConnected(final TcpFlow flow) {
        channel.write(cookie);
        silence();
    }

    private void silence() {
        home.timers().schedule(end, home.nowNs() + SILENCE_NS);
    }

    // -- the server's states

    @Override
    public void onState(final int state) {
        if (over) {
            return;
        }
        if (!running) {
            silence();
        }
        switch (state) {
            case State.PARAM_EXCHANGE -> agree();
            case State.CREATE_STREAMS -> createStreams();
            case State.TEST_START -> {
                // TEST_RUNNING follows.
            }
            case State.TEST_RUNNING -> begin();
            case State.EXCHANGE_RESULTS -> exchange();
            case State.DISPLAY_RESULTS -> finish();
            case State.ACCESS_DENIED -> failed("the server is busy running a test. try again later");
            case State.SERVER_TERMINATE -> {
                if (run != null) {
                    run.halt(() -> failed("the server has terminated"));
                } else {
                    failed("the server has terminated");
                }
            }
            default -> failed("received an unknown control message: " + State.name(state));
        }
    }

    private void agree() {
        if (run != null) {
            failed("received PARAM_EXCHANGE again");
            return;
        }
        if (!client.blockBytesGiven() && parameters.udp()) {
            parameters = parameters.withBlockBytes(datagramBytes());
        }
        run = new TestRun(client.loops(), home, parameters, report, client.options().intervalSeconds(), this);
        report.connecting(false, client.server().toString(), client.port(), cookieText(), parameters);
        channel.send(parameters.toJson());
    }

    /** What the path takes uncut, as the control connection knows it. */
    private int datagramBytes() {
        final TcpInfo info = new TcpInfo();
        channel.flow().info(info);
        final long payload = info.get(TcpInfo.Field.ADVMSS) + HEADERS_OF_TCP - HEADERS_OF_UDP;
        final long segment = info.get(TcpInfo.Field.SND_MSS);
        final long fits = segment > 0 ? Math.min(segment, payload) : Iperf3Client.DEFAULT_UDP_BLOCK_BYTES;
        return Math.clamp(fits, 16, 65_507);
    }

    private void createStreams() {
        if (run == null || !run.streams().isEmpty()) {
            failed("received CREATE_STREAMS at the wrong time");
        } else {
            createNext();
        }
    }

    private void createNext() {
        final int number = run.streams().size();
        final LoopContext loop = client.loops().loop(number % client.loops().size());
        client.loops().execute(loop, () -> open(loop));
    }

    /** On the stream's loop. */
    private void open(final LoopContext loop) {
        final IpAddress server = client.server();
        if (parameters.udp()) {
            final UdpStream stream = new UdpStream(loop, run, this::opened);
            try {
                stream.connect(0, 0, 0, server.high(), server.low(), client.port());
                stream.greet();
            } catch (final RuntimeException e) {
                notOpened(e.getMessage());
            }
        } else if (loop.stack().tcp().connect(server.high(), server.low(), client.port(),
                new TcpStream(loop, run, cookie, this::opened)) == null) {
            notOpened(loop.stack().tcp().connectFailure().name());
        }
    }

    /** On the stream's loop. @param stream null if it failed */
    private void opened(final DataStream stream) {
        if (stream == null) {
            notOpened("no answer");
            return;
        }
        client.loops().execute(home, () -> {
            if (over) {
                client.loops().execute(stream.loop, stream::abort);
                return;
            }
            run.add(stream);
            if (!run.isComplete()) {
                createNext();
            } else {
                // The server begins; it may do so before this is known here, but what it says comes to this loop too.
                run.arrange(false);
                report.started(parameters, run.streams());
                if (running) {
                    runs();
                }
            }
        });
    }

    private void notOpened(final String why) {
        client.loops().execute(home, () -> failed("unable to connect stream: " + why));
    }

    private void begin() {
        if (run == null || running) {
            failed("received TEST_RUNNING at the wrong time");
            return;
        }
        running = true;
        home.timers().cancel(end);
        if (run.isComplete()) {
            runs();
        }
    }

    private void runs() {
        run.begin();
        if (parameters.seconds() > 0) {
            home.timers().schedule(end,
                    home.nowNs() + (parameters.seconds() + parameters.omitSeconds()) * (long) NS_PER_SECOND);
        }
    }

    // -- the end

    @Override
    public void onQuotaUsed() {
        endTest();
    }

    private void endTest() {
        if (running && !over) {
            running = false;
            run.halt(() -> {
                channel.send(State.TEST_END);
                silence();
            });
        }
    }

    private void exchange() {
        if (run == null || running || theirs != null) {
            failed("received EXCHANGE_RESULTS at the wrong time");
            return;
        }
        channel.send(run.results());
        channel.expectJson();
    }

    @Override
    public void onJson(final JsonNode json) {
        theirs = json;
    }

    private void finish() {
        if (theirs == null || !theirs.path("streams").isArray()) {
            failed("received no results from the server");
            return;
        }
        final ProcessTimes.Utilization cpu = new ProcessTimes.Utilization(theirs.path("cpu_util_total").asDouble(),
                theirs.path("cpu_util_user").asDouble(), theirs.path("cpu_util_system").asDouble());
        report.ended(new Report.Outcome(run.totals(theirs), run.cpu(), cpu, run.sends(), run.congestionControl(),
                theirs.path("congestion_used").asText(""),
                parameters.serverOutput() && theirs.has("server_output_text")
                        ? theirs.path("server_output_text").asText()
                        : null,
                parameters.serverOutput() ? theirs.get("server_output_json") : null));
        channel.send(State.IPERF_DONE);
        over(true);
    }

    private void over(final boolean well) {
        if (over) {
            return;
        }
        over = true;
        home.timers().cancel(end);
        report.finish();
        if (channel.flow() != null) {
            channel.close();
        }
        if (run == null) {
            client.ended(well);
        } else {
            run.close(() -> client.ended(well));
        }
    }

    private void failed(final String why) {
        if (!over) {
            report.failed(why);
            over(false);
        }
    }

    /** By the user: what was measured so far is shown. */
    void terminate() {
        if (over || run == null || !running) {
            failed("interrupt - the client has terminated");
            return;
        }
        running = false;
        run.halt(() -> {
            report.ended(new Report.Outcome(run.totals(null), run.cpu(), null, run.sends(), run.congestionControl(), "",
                    null, null));
            channel.send(State.CLIENT_TERMINATE);
            failed("interrupt - the client has terminated");
        });
    }

    @Override
    public void onServerError(final int error, final int errno) {
        failed("the server refuses the parameters (its error " + error + ", errno " + errno + ")");
    }

    @Override
    public void onLost(final String why) {
        if (channel.flow() == null) {
            failed("unable to connect to server: " + why);
        } else if (running && run.isComplete()) {
            running = false;
            // What was measured is shown, and marked by the error.
            run.halt(() -> {
                report.ended(new Report.Outcome(run.totals(null), run.cpu(), null, run.sends(),
                        run.congestionControl(), "", null, null));
                failed("the server " + why);
            });
        } else {
            failed("the server " + why);
        }
    }

    @Override
    public void onStreamLost(final String why) {
        if (running) {
            failed(why);
        }
    }

    private final class EndTimer extends Timer {

        @Override
        protected void expire(final long nowNs) {
            if (running) {
                endTest();
            } else {
                failed("the server says no more");
            }
        }
    }
}
