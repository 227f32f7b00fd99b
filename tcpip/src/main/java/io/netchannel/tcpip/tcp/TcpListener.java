package io.netchannel.tcpip.tcp;

import io.netchannel.kernel.sched.LoopActivity;
import java.util.ArrayDeque;
import java.util.Objects;

/**
 * A port that accepts connections: the state LISTEN.
 *
 * <p>Connections that are complete go to the acceptor at once; while accepting is paused they wait, as many as the
 * backlog and one (so counts Linux), and handshakes beyond that are held back. Handshakes under way are bounded too, by
 * the backlog or {@link TcpSetting#SYN_QUEUE_SEGMENTS}; SYNs beyond that are answered by cookies, which need no memory,
 * or dropped, by {@link TcpSetting#SYN_COOKIES}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class TcpListener {

    private static final int MAX_CODE_POINT = 63;
    private static final int MAX_DEFERRED_TIMEOUTS = 16;

    private final TcpStack stack;
    private TcpConfig config;
    private final TcpAcceptor acceptor;
    private final long localHigh;
    private final long localLow;
    private final int localPort;
    private final ArrayDeque<TcpConnection> waiting = new ArrayDeque<>();
    private Embryo oldest;
    private Embryo youngest;
    private int embryos;
    // Of those the ones whose SYN,ACK was never repeated.
    private int youngEmbryos;
    private int backlog;
    private int differentiatedServices;
    private int deferredTimeouts;
    private long lastCookieNs;
    private boolean cookiesSent;
    private int held;
    private boolean paused;
    private boolean open = true;

    // The stack's chain of listeners whose ports share a bucket.
    TcpListener nextInBucket;

    TcpListener(final TcpStack stack, final TcpConfig config, final TcpAcceptor acceptor, final long localHigh,
            final long localLow,
            final int localPort, final int backlog) {
        this.stack = stack;
        this.config = config;
        this.acceptor = acceptor;
        this.localHigh = localHigh;
        this.localLow = localLow;
        this.localPort = localPort;
        this.backlog = backlog;
    }

    /** Of the flows that are accepted here. */
    TcpConfig config() {
        return config;
    }

    /** Of the handshakes and flows to come; what is of the whole stack stays as it is. */
    public void config(final TcpConfig changed) {
        config = Objects.requireNonNull(changed, "config");
    }

    public long localHigh() {
        return localHigh;
    }

    public long localLow() {
        return localLow;
    }

    public int localPort() {
        return localPort;
    }

    public boolean isOpen() {
        return open;
    }

    public int backlog() {
        return backlog;
    }

    /**
     * Other bounds from now on; what waits already stays.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public void backlog(final int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException("backlog=" + connections + " < MIN=1");
        }
        backlog = connections;
    }

    /**
     * A connection is accepted when its first data has come, not before (Linux: TCP_DEFER_ACCEPT).
     *
     * @param timeoutNs after which it is accepted without; rounded up to the times at which a SYN,ACK would be repeated;
     *            0 to accept at once
     */
    public void deferAcceptNs(final long timeoutNs) {
        long coveredNs = 0;
        int count = 0;
        while (coveredNs < timeoutNs && count < MAX_DEFERRED_TIMEOUTS) {
            coveredNs += Math.min(config.get(TcpSetting.INITIAL_RTO_NS) << count, config.get(TcpSetting.MAX_RTO_NS));
            count++;
        }
        deferredTimeouts = count;
    }

    /**
     * What flows that are accepted here start with, and their handshake: {@link TcpFlow#differentiatedServices}.
     *
     * @throws IllegalArgumentException if it is not within 0..63
     */
    public void differentiatedServices(final int codePoint) {
        if (codePoint < 0 || codePoint > MAX_CODE_POINT) {
            throw new IllegalArgumentException("codePoint=" + codePoint + " is not within 0.." + MAX_CODE_POINT);
        }
        differentiatedServices = codePoint << 2;
    }

    /** As the traffic class has it. */
    int differentiatedServices() {
        return differentiatedServices;
    }

    /** Timeouts of a handshake before it is accepted without data. */
    int deferredTimeouts() {
        return deferredTimeouts;
    }

    /** Handshakes under way. */
    public int halfOpen() {
        return embryos;
    }

    /** Complete connections that wait for {@link #resumeAccepting()}. */
    public int waiting() {
        return waiting.size();
    }

    /** Lets complete connections wait instead of handing them to the acceptor. */
    public void pauseAccepting() {
        stack.reclaim();
        paused = true;
    }

    /** Hands the waiting connections to the acceptor, and those to come at once, until paused again. */
    public void resumeAccepting() {
        stack.reclaim();
        paused = false;
        handWaiting();
    }

    /** Hands over what waits, unless it is to wait on. */
    void handWaiting() {
        while (!paused && !waiting.isEmpty()) {
            final TcpConnection connection = waiting.poll();
            if (connection.isOpen()) {
                hand(connection, stack.nowNs());
            }
        }
    }

    /**
     * Tells of connections that the acceptor was handed and keeps for an application that has not asked for them yet:
     * while accepting is paused they count against the backlog like those that wait here.
     */
    public void held(final int connections) {
        stack.reclaim();
        held = connections;
    }

    /** Ends listening: handshakes and waiting connections are reset; accepted ones go on. */
    public void close() {
        stack.reclaim();
        if (!open) {
            return;
        }
        open = false;
        stack.remove(this);
        while (oldest != null) {
            oldest.destroy();
        }
        while (!waiting.isEmpty()) {
            waiting.poll().refuse(stack.nowNs());
        }
    }

    boolean matches(final long high, final long low, final int port) {
        return localPort == port
                && (isAny() || localLow == low && localHigh == high || isAnyIpv4() && isIpv4(high, low));
    }

    /** Whether an address, or any, has something in common with this one. */
    boolean overlaps(final long high, final long low, final int port) {
        final boolean any = low == 0 && high == 0;
        final boolean anyIpv4 = low == 0xFFFF_0000_0000L && high == 0;
        return localPort == port
                && (any || anyIpv4 && isIpv4(localHigh, localLow) || matches(high, low, port));
    }

    boolean isFor(final long high, final long low, final int port) {
        return localPort == port && localLow == low && localHigh == high;
    }

    /** Greater for a listener that is to be preferred where several match. */
    int specificity() {
        return isAny() ? 0 : isAnyIpv4() ? 1 : 2;
    }

    private boolean isAny() {
        return localHigh == 0 && localLow == 0;
    }

    private boolean isAnyIpv4() {
        return localHigh == 0 && localLow == 0xFFFF_0000_0000L;
    }

    private static boolean isIpv4(final long high, final long low) {
        return high == 0 && low >>> 32 == 0xFFFF;
    }

    /** Whether a connection may become complete. */
    boolean hasRoom() {
        if (waiting.size() + held <= backlog || !paused && !stack.isStoodIn()) {
            return true;
        }
        waiting.removeIf(connection -> !connection.isOpen());
        return waiting.size() + held <= backlog;
    }

    /** Whether a handshake may begin. */
    boolean hasSynRoom() {
        return embryos < synQueueLimit();
    }

    private int synQueueLimit() {
        final int limit = stack.config().getInt(TcpSetting.SYN_QUEUE_SEGMENTS);
        return limit == 0 ? backlog : limit;
    }

    /**
     * Retransmissions that a handshake gets. Fewer when more than half of the places are taken, and most by old ones, so
     * that there is room for the young (as in Linux).
     */
    int synAckRetries() {
        final int configured = config.getInt(TcpSetting.SYN_ACK_RETRIES);
        if (2 * embryos <= Math.max(8, synQueueLimit())) {
            return configured;
        }
        int retries = configured;
        long young = 2L * youngEmbryos;
        while (retries > 2 && embryos >= young) {
            retries--;
            young *= 2;
        }
        return retries;
    }

    /** A handshake's SYN,ACK is repeated for the first time. */
    void aged() {
        youngEmbryos--;
    }

    /** A SYN is answered by a cookie, whose ACK may come for a while. */
    void onCookieSent(final long nowNs) {
        cookiesSent = true;
        lastCookieNs = nowNs;
    }

    /** Whether an ACK may be that of a cookie. */
    boolean expectsCookies(final long nowNs) {
        return cookiesSent && nowNs - lastCookieNs <= SynCookies.LIFETIME_NS;
    }

    void add(final Embryo embryo) {
        embryo.previous = youngest;
        if (youngest == null) {
            oldest = embryo;
        } else {
            youngest.next = embryo;
        }
        youngest = embryo;
        embryos++;
        youngEmbryos++;
    }

    void remove(final Embryo embryo) {
        if (embryo.previous == null) {
            oldest = embryo.next;
        } else {
            embryo.previous.next = embryo.next;
        }
        if (embryo.next == null) {
            youngest = embryo.previous;
        } else {
            embryo.next.previous = embryo.previous;
        }
        embryo.previous = null;
        embryo.next = null;
        embryos--;
        youngEmbryos -= embryo.isYoung() ? 1 : 0;
    }

    /**
     * The handshake is over; {@code segment} is the ACK that ended it.
     *
     * @return whether the packet was kept
     */
    boolean open(final TcpConnection connection, final PassiveOpen opened, final TcpSegment segment,
            final long nowNs) {
        connection.settings().differentiatedServices = differentiatedServices;
        stack.addLive(connection);
        connection.openPassive(opened, segment, nowNs);
        established(connection, nowNs);
        return connection.isOpen() && connection.process(segment, nowNs);
    }

    private void established(final TcpConnection connection, final long nowNs) {
        if (paused) {
            waiting.add(connection);
        } else if (stack.lends()) {
            waiting.add(connection);
            stack.acceptLater(this);
        } else {
            hand(connection, nowNs);
        }
    }

    private void hand(final TcpConnection connection, final long nowNs) {
        TcpHandler handler = null;
        final LoopActivity activity = stack.activity();
        if (activity != null) {
            activity.enter(acceptor);
        }
        RuntimeException failure = null;
        try {
            handler = acceptor.accept(connection.flow());
        } catch (final RuntimeException thrown) {
            failure = thrown;
        } finally {
            if (activity != null) {
                activity.leave();
            }
        }
        if (failure != null) {
            stack.counters().increment(TcpCounter.HANDLER_FAILURES);
            final Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        }
        if (handler == null) {
            connection.refuse(nowNs);
        } else if (connection.isOpen()) {
            connection.accept(handler);
        }
    }
}
