package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.balance.Algorithm;
import io.netchannel.samples.haproxy.config.Address;
import java.net.InetSocketAddress;

/**
 * Brings a stream to a server: chooses one, waits where it has enough to do, connects, and tries again where that fails.
 *
 * <p>Its end is {@link Stream#connected} or {@link Stream#dispatchFailed}.
 */
final class Dispatch {

    private static final long RETRY_DELAY_MS = 1_000;

    private enum Step {
        IDLE, QUEUED, CONNECTING, PAUSED, CONNECTED
    }

    private final Stream stream;
    private final Backend backend;
    private final ProxyLoop loop;
    private final int retries;
    private Step step = Step.IDLE;
    private Server server;
    /** Given by a cookie, a rule or a table. */
    private boolean direct;
    private boolean forced;
    private int retriesLeft;
    private boolean redispatched;
    private long queuePosition;
    private PendingQueue.Entry entry;
    private ServerConnection connection;
    private boolean serving;
    /** Among those that the server works at. */
    int place;

    Dispatch(final Stream stream, final Backend backend) {
        this.stream = stream;
        this.backend = backend;
        this.loop = backend.loop();
        this.retries = backend.options().retries;
        this.retriesLeft = retries;
    }

    Server server() {
        return server;
    }

    /** Failed attempts so far: {@code %rc}. */
    int attemptsRepeated() {
        return retries - Math.max(0, retriesLeft);
    }

    boolean isRedispatched() {
        return redispatched;
    }

    long queuePosition() {
        return queuePosition;
    }

    boolean isQueued() {
        return step == Step.QUEUED;
    }

    /** Whether it stays with its server unless redispatch is allowed. */
    boolean isPersistent() {
        return direct;
    }

    /** @param chosen by persistence; null: the balancer chooses @param force even a server that is down */
    void start(final Server chosen, final boolean force) {
        server = chosen;
        direct = chosen != null;
        forced = force;
        assign(null);
    }

    private void assign(final Server avoid) {
        final Address elsewhere = Destinations.withoutServer(stream);
        if (elsewhere != null) {
            connect(elsewhere);
            return;
        }
        if (server == null) {
            server = preferred();
        }
        if (server == null) {
            server = backend.choose(stream, avoid);
        }
        if (server == null) {
            if (backend.balancer().hasServers()) {
                enqueue(backend.queue());
            } else {
                stream.dispatchFailed(Failure.NO_SERVER);
            }
            return;
        }
        server.counters().chosen += direct ? 0 : 1;
        if (!direct) {
            backend.counters().chosen++;
        }
        if (server.isSaturated()) {
            final int maxQueue = server.settings().get(ServerTraffic.MAXQUEUE);
            if (maxQueue > 0 && server.queued() >= maxQueue && !forced) {
                if (direct && backend.mayRedispatch()) {
                    direct = false;
                    server = null;
                    redispatched = true;
                    assign(null);
                } else {
                    stream.dispatchFailed(Failure.QUEUE_FULL);
                }
                return;
            }
            enqueue(server.queue());
            return;
        }
        connectToServer();
    }

    /** {@code option prefer-last-server}, or a connection of the session's own. */
    private Server preferred() {
        final Server last = stream.session.lastServer;
        if (last == null || last.backend() != backend || !last.isUsable() || backend.algorithm().kind().isHashed()) {
            return null;
        }
        return stream.mustStayWithServer() || backend.options().preferLastServer && isWorthWaiting(last) ? last : null;
    }

    /** {@code max-keep-alive-queue}: rather a new connection elsewhere than a place far back in this server's queue. */
    private boolean isWorthWaiting(final Server server) {
        final int max = backend.options().maxKeepAliveQueue;
        return max < 0 || !server.isSaturated() || server.queued() < max;
    }

    private void enqueue(final PendingQueue queue) {
        step = Step.QUEUED;
        entry = queue.add(this, stream.priorityClass(), stream.priorityOffset(), loop.nowMs());
        queuePosition = queue.position(entry);
        final Counters counters = queue == backend.queue() ? backend.counters() : server.counters();
        counters.queueMax = Math.max(counters.queueMax, queue.size());
        stream.step(backend.options().queueMs);
    }

    /** A server has room for it. */
    void granted(final Server by) {
        entry = null;
        server = by;
        connectToServer();
    }

    /** The server that it waited for is gone. */
    void chooseAgain() {
        entry = null;
        server = null;
        direct = false;
        redispatched = true;
        assign(null);
    }

    private void connectToServer() {
        stream.dequeued(server);
        if (!serving) {
            serving = true;
            server.begin(this);
        }
        ServerConnection reused = stream.reusable(server);
        if (reused != null && !reused.isFor(stream)) {
            reused.owner(null);
            reused.abort();
            reused = null;
        }
        if (reused != null) {
            server.counters().connectionReuses++;
            backend.counters().connectionReuses++;
            connection = reused;
            step = Step.CONNECTED;
            reused.attach(stream);
            filter();
            stream.reused(reused);
            return;
        }
        connect(server.address());
    }

    private void connect(final Address address) {
        if (server == null) {
            stream.dequeued(null);
        } else {
            server.counters().connectionAttempts++;
        }
        backend.counters().connectionAttempts++;
        step = Step.CONNECTING;
        stream.step(backend.options().connectMs);
        final Address target = Destinations.resolved(address, stream);
        if (target == null) {
            failed(Failure.CONNECTION);
            return;
        }
        final ServerConnection again = server == null ? stream.reusable(target) : null;
        if (again != null) {
            connection = again;
            step = Step.CONNECTED;
            again.attach(stream);
            filter();
            stream.reused(again);
            return;
        }
        connection = new ServerConnection(loop, server, target, backend.owner().bufferBytes());
        filter();
        connection.connect(backend.owner().transport(), source(), stream);
    }

    /** Of the proxies that this stream is for. */
    private void filter() {
        final boolean random = backend.options().randomForwarding
                || stream.session.frontend.options().randomForwarding;
        connection.random(random);
        stream.client.random(random);
    }

    private InetSocketAddress source() {
        Address from = server == null ? null : server.settings().get(ServerTraffic.SOURCE);
        if (from == null) {
            from = backend.section().get(TrafficSettings.SOURCE);
        }
        return from instanceof final Address.Ip ip && ip.ip() != null
                ? new InetSocketAddress(ip.ip(), ip.port())
                : null;
    }

    void connected() {
        step = Step.CONNECTED;
    }

    /** The time of the queue, of connecting or of a pause is over. */
    void stepExpired() {
        switch (step) {
            case QUEUED -> {
                leaveQueue();
                stream.dequeued(null);
                stream.dispatchFailed(Failure.QUEUE_TIMEOUT);
            }
            case CONNECTING -> {
                connection.cancel();
                failed(Failure.TIMEOUT);
            }
            case PAUSED -> connect(server.address());
            default -> {
                // Nothing waits.
            }
        }
    }

    /** An attempt came to nothing: again, elsewhere, or an error. */
    void failed(final Failure failure) {
        connection = null;
        if (server != null) {
            server.counters().connectionErrors += retriesLeft > 0 ? 0 : 1;
            backend.owner().observer().connected(server, false);
        }
        if (retriesLeft <= 0) {
            backend.counters().connectionErrors++;
            step = Step.IDLE;
            stream.dispatchFailed(failure);
            return;
        }
        retriesLeft--;
        if (server == null) {
            backend.counters().retries++;
            connect(Destinations.withoutServer(stream));
        } else if (maySwitch()) {
            switchServer();
        } else {
            server.counters().retries++;
            backend.counters().retries++;
            if (failure == Failure.TIMEOUT) {
                connect(server.address());
            } else {
                // A server that refuses is perhaps about to start.
                step = Step.PAUSED;
                stream.step(Math.min(RETRY_DELAY_MS, Math.max(1, backend.options().connectMs == 0
                        ? RETRY_DELAY_MS
                        : backend.options().connectMs)));
            }
        }
    }

    private void switchServer() {
        final Server before = server;
        before.counters().redispatches++;
        backend.counters().redispatches++;
        release();
        redispatched = true;
        direct = false;
        server = null;
        assign(before);
    }

    private boolean maySwitch() {
        if (forced) {
            return false;
        }
        final int interval = backend.options().redispatch;
        final int done = retries - retriesLeft;
        if (interval > 0 && done % interval == 0
                || interval < 0 && done % Math.max(1, retries + 1 + interval) == 0) {
            return true;
        }
        return !direct && backend.usableServers() > 1
                && backend.algorithm().kind() == Algorithm.Kind.ROUND_ROBIN;
    }

    boolean hasAttemptsLeft() {
        return retriesLeft > 0;
    }

    /** A response was such that the request is sent again: {@code retry-on}. */
    void again() {
        retriesLeft--;
        connection = null;
        backend.counters().retries++;
        if (server == null) {
            connect(Destinations.withoutServer(stream));
        } else if (maySwitch()) {
            switchServer();
        } else {
            server.counters().retries++;
            connect(server.address());
        }
    }

    private void leaveQueue() {
        if (entry != null && entry.queue != null) {
            entry.queue.remove(entry);
        }
        entry = null;
        step = Step.IDLE;
    }

    /** The server's connection ends as if the server had closed it. */
    void cut() {
        if (connection != null) {
            connection.abort();
        }
    }

    /** The server's slot is free again. */
    void release() {
        if (serving) {
            serving = false;
            server.end(this);
        }
    }

    /** The stream ends, wherever this stands. */
    void end() {
        leaveQueueIfQueued();
        if (step == Step.CONNECTING && connection != null) {
            connection.cancel();
        }
        step = Step.IDLE;
        release();
    }

    private void leaveQueueIfQueued() {
        if (entry != null) {
            leaveQueue();
        }
    }
}
