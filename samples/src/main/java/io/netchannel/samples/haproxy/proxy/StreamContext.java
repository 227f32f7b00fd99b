package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.expression.LogFacts;
import io.netchannel.samples.haproxy.expression.Variables;
import io.netchannel.samples.haproxy.log.StreamLog;
import io.netchannel.samples.haproxy.rule.ErrorReplies;
import io.netchannel.samples.haproxy.rule.Reply;
import io.netchannel.samples.haproxy.rule.RuleCursor;
import io.netchannel.samples.haproxy.stick.TrackedCounters;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLSession;

/**
 * What rules see of a stream and what they set for it. Most streams meet few rules or none: what only rules use is made when
 * the first asks.
 */
abstract class StreamContext extends SessionContext {

    final RuleCursor cursor = new RuleCursor();
    private Variables transaction;
    private Variables requestVariables;
    private Variables responseVariables;
    private LogFacts facts;
    /** Set by a rule for this stream; null: the session's. */
    private InetSocketAddress source;
    private InetSocketAddress destination;
    private TrackedCounters tracking;
    private String[] requestCaptures;
    private String[] responseCaptures;
    private String uniqueId;
    private int logLevel = StreamLog.DEFAULT_LEVEL;
    private int priorityClass;
    private int priorityOffset;
    private long setServerMs = -1;
    private long setTunnelMs = -1;

    StreamContext(final Session session) {
        super(session);
    }

    /** Null before one is chosen. */
    abstract Backend backend();

    abstract Server server();

    abstract ServerConnection serverConnection();

    abstract void stepUntil(long atMs);

    @Override
    abstract Stream stream();

    final long serverMs() {
        return setServerMs >= 0 ? setServerMs : backend() == null ? 0 : backend().options().serverMs;
    }

    final long tunnelMs() {
        return setTunnelMs >= 0 ? setTunnelMs : backend() == null ? 0 : backend().options().tunnelMs;
    }

    final int logLevel() {
        return logLevel;
    }

    final String[] captures(final Direction of) {
        return of == Direction.REQUEST ? requestCaptures : responseCaptures;
    }

    final String uniqueId() {
        if (uniqueId == null && session.frontend.options().uniqueId != null) {
            uniqueId = session.frontend.options().uniqueId.apply(this);
        }
        return uniqueId;
    }

    @Override
    public SSLSession backTls() {
        return tls(serverConnection());
    }

    @Override
    public Variables variables(final String scope) {
        switch (scope) {
            case "txn" :
                transaction = made(transaction);
                return transaction;
            case "req" :
                requestVariables = made(requestVariables);
                return requestVariables;
            case "res" :
                responseVariables = made(responseVariables);
                return responseVariables;
            default :
                return super.variables(scope);
        }
    }

    private static Variables made(final Variables variables) {
        return variables == null ? new Variables() : variables;
    }

    @Override
    public LogFacts log() {
        if (facts == null) {
            facts = new StreamLogFacts(stream());
        }
        return facts;
    }

    @Override
    public String captured(final Direction direction, final int index) {
        final String[] all = captures(direction);
        return all == null || index >= all.length ? null : all[index];
    }

    @Override
    public boolean capture(final Direction direction, final int index, final String value) {
        final ProxyOptions options = session.frontend.options();
        final int size = (direction == Direction.REQUEST ? options.requestCaptures : options.responseCaptures).size();
        String[] all = captures(direction);
        if (all == null) {
            all = new String[Math.max(size, index + 1)];
            if (direction == Direction.REQUEST) {
                requestCaptures = all;
            } else {
                responseCaptures = all;
            }
        }
        if (index >= all.length) {
            return false;
        }
        all[index] = value;
        return true;
    }

    @Override
    public void logLevel(final int level) {
        logLevel = level;
    }

    @Override
    public final long priorityClass() {
        return priorityClass;
    }

    @Override
    public final long priorityOffset() {
        return priorityOffset;
    }

    @Override
    public void priorityClass(final int value) {
        priorityClass = value;
    }

    @Override
    public void priorityOffset(final int value) {
        priorityOffset = value;
    }

    @Override
    public void serverTimeout(final long timeoutMs) {
        setServerMs = timeoutMs;
    }

    @Override
    public void tunnelTimeout(final long timeoutMs) {
        setTunnelMs = timeoutMs;
    }

    @Override
    public long timeoutMs(final String name) {
        return "server".equals(name) ? serverMs() : "tunnel".equals(name) ? tunnelMs() : 0;
    }

    @Override
    public void wakeAt(final long wallMs) {
        final ProxyLoop loop = session.frontend.loop();
        stepUntil(loop.nowMs() + Math.max(1, wallMs - loop.wallMs()));
    }

    @Override
    public void rewriteFailed() {
        super.rewriteFailed();
        if (backend() != null) {
            backend().counters().failedRewrites++;
        }
        if (server() != null) {
            server().counters().failedRewrites++;
        }
    }

    @Override
    public TrackedCounters tracking() {
        if (tracking == null) {
            tracking = session.tracking.forStream();
        }
        return tracking;
    }

    /** For what is counted only, where it's tracked: of a stream that tracks nothing itself, the session's. */
    final TrackedCounters counted() {
        return tracking == null ? session.tracking : tracking;
    }

    /** At the end: the stream's own are given back. */
    final void settleTracking(final long in, final long out) {
        final long nowMs = session.frontend.loop().wallMs();
        counted().countBytes(in, out, nowMs);
        if (tracking != null) {
            tracking.release(nowMs);
        }
    }

    @Override
    public Reply errorReply(final int status) {
        return ErrorReplies.find(status, session.frontend.section(), backend() == null ? null : backend().section(),
                this);
    }

    @Override
    public final InetSocketAddress source() {
        return source == null ? session.source() : source;
    }

    @Override
    public final InetSocketAddress destination() {
        return destination == null ? session.destination() : destination;
    }

    @Override
    public final void source(final InetSocketAddress address) {
        source = address;
    }

    @Override
    public final void destination(final InetSocketAddress address) {
        destination = address;
    }

    @Override
    public String lastRuleFile() {
        return cursor.lastRuleFile();
    }

    @Override
    public int lastRuleLine() {
        return cursor.lastRuleLine();
    }
}
