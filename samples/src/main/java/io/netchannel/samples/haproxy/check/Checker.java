package io.netchannel.samples.haproxy.check;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.ServerOptions;
import io.netchannel.samples.haproxy.config.ServerSettings;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.Variables;
import io.netchannel.samples.haproxy.proxy.ServerTraffic;
import io.netchannel.samples.haproxy.proxy.Socks4;
import io.netchannel.samples.haproxy.tls.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;

/** Runs one check of one server, or its agent, again and again. Threading: the proxy's loop. */
final class Checker implements CheckRun.Wire {

    /** What all checks of a proxy share. @param connectTimeoutMs 0: none */
    record Environment(EventExecutor executor, LongSupplier nowMs, Checks.Connector connector, Variables process,
            long connectTimeoutMs, long checkTimeoutMs) {
    }

    private final ServerHealth server;
    private final Health health;
    private final CheckScript script;
    private final Schedule schedule;
    private final Environment environment;
    private CheckRun run;
    /** The program that runs; null: none does. */
    private ExternalRun external;
    private Channel channel;
    /** Next check, or the end of this one's time. */
    private Future<?> timer;
    private boolean stopped;
    private boolean enabled = true;

    Checker(final ServerHealth server, final Health health, final CheckScript script, final Schedule schedule,
            final Environment environment) {
        this.server = server;
        this.health = health;
        this.script = script;
        this.schedule = schedule;
        this.environment = environment;
    }

    void start(final long delayMs) {
        if (!health.isAgent()) {
            server.onHurry(this::hurry);
        }
        planAfter(delayMs);
    }

    void stop() {
        stopped = true;
        cancel();
        if (external != null) {
            external.cancel();
        }
        close();
    }

    /** {@code enable} and {@code disable health} or {@code agent}. */
    void enabled(final boolean on) {
        enabled = on;
    }

    boolean isEnabled() {
        return enabled;
    }

    private void cancel() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    private void planAfter(final long delayMs) {
        cancel();
        if (!stopped) {
            timer = environment.executor.schedule(this::begin, delayMs, TimeUnit.MILLISECONDS);
        }
    }

    /** Observed errors want it sooner. */
    private void hurry() {
        if (run == null && external == null && schedule.hurryMs() > 0) {
            planAfter(schedule.hurryMs());
        }
    }

    private void begin() {
        final boolean paused = server.server().admin() == CheckedServer.Admin.MAINT && !health.isAgent();
        if (!enabled || paused) {
            planAfter(schedule.delayMs(health));
            return;
        }
        final long now = environment.nowMs.getAsLong();
        health.begin(now);
        final ExternalRun.Program program = server.server().backend().get(CheckSettings.PROGRAM);
        if (program != null && !health.isAgent()) {
            run(program);
            return;
        }
        final CheckContext context = new CheckContext(server.server().facts(), environment.process, now);
        final ServerSettings settings = server.server().settings();
        if (settings.get(ServerOptions.AGENT_SEND) != null) {
            context.variables("check").set("agent_string", new Value.Str(settings.get(ServerOptions.AGENT_SEND)));
        }
        run = new CheckRun(script, context, this, server.server().state() != CheckedServer.State.STOPPED,
                script.sendState() ? StateHeader.of(server) : null);
        run.start();
        look();
    }

    private void run(final ExternalRun.Program program) {
        final ExternalRun mine = new ExternalRun(program, server.server(), environment.executor, this::ended);
        external = mine;
        cancel();
        timer = environment.executor.schedule(mine::timeOut, schedule.connectLimitMs(environment.connectTimeoutMs,
                environment.checkTimeoutMs), TimeUnit.MILLISECONDS);
        mine.start();
    }

    private void ended(final ExternalRun of, final CheckRun.Result result) {
        if (external == of && !stopped) {
            external = null;
            server.checked(health, result.status(), result.code(), result.description(), environment.nowMs
                    .getAsLong());
            planAfter(schedule.delayMs(health));
        }
    }

    private void limit(final long limitMs) {
        cancel();
        // What came in time is heard, even if the loop was too busy to listen: it does once more before the check is over.
        timer = environment.executor.schedule(() -> timer = environment.executor.schedule(this::expire, 1,
                TimeUnit.MILLISECONDS), limitMs, TimeUnit.MILLISECONDS);
    }

    private void expire() {
        run.timedOut();
        look();
    }

    /** After each event: is it over? */
    private void look() {
        if (run == null || run.result() == null) {
            return;
        }
        final CheckRun.Result result = run.result();
        run = null;
        close();
        if (!stopped) {
            server.checked(health, result.status(), result.code(), result.description(), environment.nowMs.getAsLong());
            planAfter(schedule.delayMs(health));
        }
    }

    private void close() {
        if (channel != null) {
            final Channel old = channel;
            channel = null;
            old.close();
        }
    }

    @Override
    public void connect(final Step.Connect step, final int port) {
        close();
        cancel();
        final CheckRun current = run;
        final Address to = address(step, port);
        final Address via = socks(step);
        if (via == null && to instanceof final Address.Ip ip && ip.ip() == null) {
            // To the system no address would be any of its own.
            current.failed("no address known for " + ip.host());
            return;
        }
        final Handler handler = new Handler(current);
        final ChannelFuture future = environment.connector.connect(via == null ? to : via, handler);
        channel = future.channel();
        final Channel mine = channel;
        // From when the loop is done with what it does now: only then is anything sent.
        environment.executor.execute(() -> {
            if (run == current && channel == mine && !current.isConnected()) {
                limit(schedule.connectLimitMs(environment.connectTimeoutMs, environment.checkTimeoutMs));
            }
        });
        future.addListener(done -> {
            if (run != current || channel != mine) {
                return;
            }
            if (!done.isSuccess()) {
                current.failed(reason(done.cause()));
            } else if (via == null) {
                reached(current, step);
            } else {
                final ByteBuf request = Socks4.request(to);
                if (request == null) {
                    current.failed("SOCKS4 Proxy write error during handshake");
                } else {
                    handler.socks = step;
                    mine.writeAndFlush(request);
                }
            }
            look();
        });
    }

    private Address socks(final Step.Connect step) {
        final ServerSettings settings = server.server().settings();
        return step.viaSocks() || step.asServer() && settings.get(ServerOptions.CHECK_VIA_SOCKS4) && !health.isAgent()
                ? settings.get(ServerTraffic.SOCKS4)
                : null;
    }

    private void reached(final CheckRun current, final Step.Connect step) {
        final String header = proxyHeader(step);
        if (header != null) {
            send(header);
        }
        final ServerTls tls = health.isAgent() || !step.asServer()
                ? null
                : server.server().settings().get(ServerTls.OF_CHECKS);
        if (tls != null) {
            secure(current, channel, tls);
        } else {
            if (environment.checkTimeoutMs > 0) {
                limit(environment.checkTimeoutMs);
            }
            current.connected();
        }
    }

    private String proxyHeader(final Step.Connect step) {
        return step.sendProxy()
                ? ServerTarget.V1_UNKNOWN
                : health.isAgent() || !step.asServer() ? null : server.server().proxyHeader();
    }

    private void secure(final CheckRun current, final Channel mine, final ServerTls tls) {
        current.secure();
        final SslHandler handler;
        try {
            handler = tls.handler(mine.alloc(), server.server().settings().get(ServerOptions.CHECK_SNI));
        } catch (final SSLException e) {
            current.handshakeFailed();
            return;
        }
        mine.pipeline().addFirst(handler);
        handler.handshakeFuture().addListener(done -> {
            if (run != current || channel != mine) {
                return;
            }
            if (done.isSuccess()) {
                if (environment.checkTimeoutMs > 0) {
                    limit(environment.checkTimeoutMs);
                }
                current.connected();
            } else {
                current.handshakeFailed();
            }
            look();
        });
    }

    /** The step's, or the check's, or the server's; so are ports. */
    private Address address(final Step.Connect step, final int port) {
        final ServerSettings settings = server.server().settings();
        final Address agentsOwn = health.isAgent() ? settings.get(ServerOptions.AGENT_ADDRESS) : null;
        Address address = step.address();
        if (address == null) {
            address = agentsOwn == null ? settings.get(ServerOptions.CHECK_ADDRESS) : agentsOwn;
        }
        int chosen = port;
        if (chosen == 0 && address instanceof final Address.Ip ip) {
            chosen = ip.port();
        }
        if (chosen == 0 || address == null && port == 0) {
            chosen = settings.get(health.isAgent() ? ServerOptions.AGENT_PORT : ServerOptions.CHECK_PORT);
        }
        final Address servers = server.server().address();
        final Address base = address == null ? servers : address;
        if (!(base instanceof final Address.Ip ip)) {
            return base;
        }
        if (chosen == 0 && servers instanceof final Address.Ip own) {
            chosen = own.port();
        }
        return new Address.Ip(ip.host(), ip.ip(), chosen, false);
    }

    /** As the C library names it. */
    private static String reason(final Throwable cause) {
        final String message = String.valueOf(cause.getMessage());
        // connect() itself says so: haproxy names such errors apart from those that come later. Epoll has no text for it.
        if (message.contains("Network is unreachable")
                || cause instanceof NoRouteToHostException && message.startsWith("null")) {
            return "General socket error (Network is unreachable)";
        }
        if (cause instanceof ConnectException && message.contains("refused")) {
            return "Connection refused";
        }
        if (message.contains("unreachable")) {
            return "No route to host";
        }
        if (message.contains("reset")) {
            return "Connection reset by peer";
        }
        return cause instanceof ConnectException && message.contains("timed out") ? "Connection timed out" : message;
    }

    @Override
    public void send(final String data) {
        if (channel != null) {
            channel.writeAndFlush(ByteBufUtil.encodeString(channel.alloc(), CharBuffer.wrap(data),
                    StandardCharsets.ISO_8859_1));
        }
    }

    /** Tells the run of its connection, unless another one came in its place. */
    private final class Handler extends ChannelInboundHandlerAdapter {

        private final CheckRun mine;
        private final StringBuilder reply = new StringBuilder();
        /** The step that waits for a SOCKS proxy; null: none does. */
        private Step.Connect socks;

        Handler(final CheckRun mine) {
            this.mine = mine;
        }

        private void socksAnswered(final String data) {
            reply.append(data);
            if (reply.length() < Socks4.REPLY_BYTES) {
                return;
            }
            final Step.Connect step = socks;
            socks = null;
            final ByteBuf bytes = Unpooled.copiedBuffer(reply, StandardCharsets.ISO_8859_1);
            if (!Socks4.isGranted(bytes)) {
                mine.failed("SOCKS4 Proxy deny the request");
                return;
            }
            reached(mine, step);
            if (bytes.isReadable()) {
                mine.received(bytes.toString(StandardCharsets.ISO_8859_1));
            }
        }

        private boolean isCurrent(final ChannelHandlerContext context) {
            return run == mine && channel == context.channel();
        }

        @Override
        public void channelRead(final ChannelHandlerContext context, final Object message) {
            final ByteBuf bytes = (ByteBuf) message;
            final String data = bytes.toString(StandardCharsets.ISO_8859_1);
            bytes.release();
            if (isCurrent(context)) {
                if (socks == null) {
                    mine.received(data);
                } else {
                    socksAnswered(data);
                }
                look();
            }
        }

        @Override
        public void userEventTriggered(final ChannelHandlerContext context, final Object event) {
            // The server closed its side; whether the check closes the other is seen then.
            if (event instanceof ChannelInputShutdownEvent
                    || event instanceof final SslCloseCompletionEvent close && close.isSuccess()) {
                ended(context);
            }
        }

        @Override
        public void channelInactive(final ChannelHandlerContext context) {
            ended(context);
        }

        private void ended(final ChannelHandlerContext context) {
            if (isCurrent(context)) {
                if (socks == null) {
                    mine.ended();
                } else {
                    mine.failed("SOCKS4 Proxy handshake aborted by server");
                }
                look();
            }
        }

        @Override
        public void exceptionCaught(final ChannelHandlerContext context, final Throwable cause) {
            if (isCurrent(context)) {
                mine.failed(reason(cause));
                look();
            }
            context.close();
        }
    }
}
