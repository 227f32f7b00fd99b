package io.netchannel.samples.haproxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.expression.Variables;
import io.netchannel.samples.haproxy.log.TestLogs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Checks of one server on a loop whose time a test sets; the test plays the server. */
final class VirtualChecks implements AutoCloseable {

    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final TestLogs logs = new TestLogs();
    private final List<String> connections = new ArrayList<>();
    private long nowMs = 1_000_000;
    private EmbeddedChannel channel;
    private ChannelPromise connect;
    private TestServer server;
    private Checks checks;
    private ServerHealth health;

    VirtualChecks() {
        clock.freezeTime();
    }

    /** @param lines of a backend with one server */
    void start(final String... lines) {
        final Configuration configuration = new Configuration();
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(configuration, AllKeywords.create(), diagnostics);
        reader.read("test.cfg", "backend be\n " + String.join("\n ", lines) + "\n");
        reader.finish();
        assertThat(diagnostics.hasFailed()).as(diagnostics.messages().toString()).isFalse();
        final ProxySection backend = configuration.proxies().getFirst();
        server = new TestServer(backend, backend.get(ProxySettings.SERVERS).getFirst());
        checks = new Checks(clock.eventLoop(), () -> nowMs, this::connect, new Variables(), logs.of(backend), 0, 0);
        health = checks.add(server, 0, 0);
        checks.start();
        pass(0);
    }

    /** Another configuration may be started. */
    void stop() {
        checks.close();
    }

    @Override
    public void close() {
        stop();
        clock.finishAndReleaseAll();
    }

    private ChannelFuture connect(final Address address, final ChannelHandler handler) {
        final Address.Ip ip = (Address.Ip) address;
        connections.add(ip.ip().getHostAddress() + ":" + ip.port());
        channel = new EmbeddedChannel(handler);
        connect = channel.newPromise();
        return connect;
    }

    void pass(final long durationMs) {
        stall(durationMs);
        clock.advanceTimeBy(durationMs, TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
        clock.runPendingTasks();
    }

    /** The time goes on, and the loop has not looked at its timers yet. */
    void stall(final long durationMs) {
        nowMs += durationMs;
    }

    void timeOut(final long durationMs) {
        pass(durationMs);
        // It listens once more.
        pass(1);
    }

    void accept() {
        connect.setSuccess();
        channel.runPendingTasks();
    }

    void refuse() {
        connect.setFailure(new ConnectException("Connection refused: /192.0.2.9:80"));
        channel.runPendingTasks();
    }

    void refuseNext() {
        pass(2_000);
        refuse();
    }

    /** What came to the server since it was asked last. */
    String sent() {
        final StringBuilder text = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            text.append(out.toString(StandardCharsets.ISO_8859_1));
            out.release();
        }
        return text.toString();
    }

    void answer(final String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    void answerAndClose(final String text) {
        answer(text);
        channel.close();
    }

    /** Of the latest connection, on the checks' side. */
    EmbeddedChannel channel() {
        return channel;
    }

    /** Addresses and ports, in their order. */
    List<String> connections() {
        return connections;
    }

    TestServer server() {
        return server;
    }

    ServerHealth health() {
        return health;
    }

    TestLogs logs() {
        return logs;
    }

    long nowMs() {
        return nowMs;
    }
}
