package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.balance.Algorithm;
import io.netchannel.samples.haproxy.balance.HashFunction;
import io.netchannel.samples.haproxy.balance.HashKey;
import io.netchannel.samples.haproxy.balance.RequestKey;
import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.expression.Value;
import io.netty.buffer.ByteBuf;

/**
 * A request with its answer, or in mode tcp a whole connection, on its way through a frontend and a backend: what both
 * kinds have in common, which is the server, the deadlines and what logs say in the end.
 */
abstract class Stream extends StreamContext implements HashKey {

    final ProxyLoop loop;
    final ClientConnection client;
    private final long number;
    private final StreamTimes times = new StreamTimes();
    private final Termination termination = new Termination();
    private final Deadlines deadlines;
    private final StreamAccount account;
    private Backend backend;
    private Dispatch dispatch;
    private ServerConnection connection;
    private long queuePositionServer;
    private long queuePositionBackend;
    private boolean ended;
    private boolean logged;

    Stream(final Session session) {
        super(session);
        this.loop = session.frontend.loop();
        this.client = session.client;
        this.number = session.frontend.owner().nextStreamNumber();
        this.deadlines = session.deadlines;
        this.account = new StreamAccount(this);
        times.acceptMs = session.acceptMs;
        times.acceptWallMs = session.acceptWallMs;
        times.handshakeMs = session.handshakeMs;
        deadlines.begin(this);
    }

    // -- what kinds do

    /** Bytes came from the client. */
    abstract void clientReceived();

    /** The client will send no more. */
    abstract void clientEnded();

    /** The client is gone. */
    abstract void clientLost();

    abstract void clientWritable();

    abstract void serverReceived();

    abstract void serverEnded();

    abstract void serverLost();

    abstract void serverWritable();

    /** There is a connection to the server, just made. */
    abstract void ready();

    abstract void dispatchFailed(Failure failure);

    /** The deadline of a step of its own; those of {@link Dispatch} are handled. */
    abstract void stepOver();

    abstract void clientTimeOver();

    abstract void serverTimeOver();

    int status() {
        return -1;
    }

    String requestLine() {
        return null;
    }

    String cookieState() {
        return "--";
    }

    boolean mustStayWithServer() {
        return false;
    }

    ServerConnection reusable(final Server server) {
        return null;
    }

    /** Of the session's own, without a server. */
    ServerConnection reusable(final Address address) {
        return null;
    }

    /** A keep-alive connection of which nothing came since its last answer. */
    boolean isBetweenRequests() {
        return false;
    }

    boolean isFirstOfSession() {
        return true;
    }

    // -- deadlines

    /** The step that begins now has so long; 0: as long as it takes. */
    final void step(final long durationMs) {
        deadlines.step(durationMs);
    }

    @Override
    final void stepUntil(final long atMs) {
        deadlines.stepUntil(atMs);
    }

    /** Something came from the client or went to it; 0: it is not waited for. */
    final void clientWithin(final long durationMs) {
        deadlines.client(durationMs);
    }

    final void serverWithin(final long durationMs) {
        deadlines.server(durationMs);
    }

    final void stepExpired() {
        if (dispatch != null && connection == null) {
            dispatch.stepExpired();
        } else {
            stepOver();
        }
    }

    // -- the way to a server

    final void backend(final Backend chosen) {
        backend = chosen;
        chosen.begin(loop.nowMs());
    }

    final void dispatch(final Server direct, final boolean forced) {
        dispatch = new Dispatch(this, backend);
        dispatch.start(direct, forced);
    }

    final void dequeued(final Server to) {
        if (times.queueMs < 0) {
            times.queueMs = elapsedMs();
            if (to != null && dispatch != null) {
                queuePositionServer = dispatch.queuePosition();
            }
        }
        deadlines.step(0);
    }

    final void connected(final ServerConnection made) {
        deadlines.step(0);
        if (ended) {
            made.abort();
            return;
        }
        dispatch.connected();
        connection = made;
        times.connectMs = elapsedMs();
        if (made.server() != null) {
            backend.owner().observer().connected(made.server(), true);
        }
        ProxyHeaderWriter.write(made, this);
        ready();
    }

    final void reused(final ServerConnection taken) {
        deadlines.step(0);
        connection = taken;
        times.connectMs = elapsedMs();
        ready();
    }

    final void connectFailed(final Throwable cause) {
        deadlines.step(0);
        dispatch.failed(Failure.CONNECTION);
    }

    /** The server's connection is no longer this stream's; a later attempt gets another. */
    final ServerConnection giveUpConnection() {
        final ServerConnection given = connection;
        connection = null;
        if (given != null) {
            given.detach();
        }
        return given;
    }

    // -- the end

    final void terminate(final char cause, final char phase) {
        termination.set(cause, phase);
    }

    /** Counts, logs and gives all back; the connections are the caller's. */
    final void finish() {
        if (ended) {
            return;
        }
        times.closeMs = elapsedMs();
        ended = true;
        deadlines.end(client.isClosed());
        final long in = bytesFromClient();
        final long out = bytesToClient();
        account.settle(in, out);
        if (dispatch != null) {
            dispatch.end();
        }
        if (backend != null) {
            backend.end();
        }
        // Behind those: what is counted as present is what goes on.
        writeLog();
        settleTracking(in, out);
        session.lastServer = server();
        released();
    }

    /** Buffers are given back. */
    void released() {
        // Most have none.
    }

    final void writeLog() {
        if (!logged && isLogged()) {
            logged = true;
            if (hasRequest()) {
                session.frontend.log().ended(this, logLevel());
            } else {
                session.frontend.log().failedSession(this);
            }
        }
    }

    boolean isLogged() {
        return !session.frontend.options().dontLogNull || bytesFromClient() > 0;
    }

    /** Else it is a session whose request never came, or was none. */
    boolean hasRequest() {
        return true;
    }

    /** {@code capture cookie}; null: there was none. */
    String capturedCookie(final SampleContext.Direction of) {
        return null;
    }

    // -- facts

    final boolean isEnded() {
        return ended;
    }

    final StreamTimes times() {
        return times;
    }

    final Termination termination() {
        return termination;
    }

    final long elapsedMs() {
        return loop.nowMs() - times.acceptMs;
    }

    @Override
    final Backend backend() {
        return backend;
    }

    @Override
    final Server server() {
        return dispatch == null ? null : dispatch.server();
    }

    final Dispatch dispatch() {
        return dispatch;
    }

    @Override
    final ServerConnection serverConnection() {
        return connection;
    }

    final long number() {
        return number;
    }

    final long serverQueuePosition() {
        return queuePositionServer;
    }

    final long backendQueuePosition() {
        return queuePositionBackend;
    }

    long bytesToClient() {
        return account.bytesToClient();
    }

    long bytesFromClient() {
        return account.bytesFromClient();
    }

    /** Of a request, as far as it came. */
    ByteBuf bufferedBody() {
        return payload();
    }

    @Override
    public Integer hash(final Algorithm algorithm, final HashFunction function) {
        return switch (algorithm.kind()) {
            case SOURCE -> RequestKey.source(source() == null ? null : source().getAddress());
            case EXPRESSION -> {
                final Value value = session.frontend.owner().balanceExpression(backend, this);
                yield value == null ? null : RequestKey.value(function, value);
            }
            case RDP_COOKIE -> RequestKey.rdpCookie(algorithm.argument(), function, payload());
            default -> request() == null ? null : RequestKey.of(algorithm, function, request(), this::bufferedBody);
        };
    }

    @Override
    final Stream stream() {
        return this;
    }
}
