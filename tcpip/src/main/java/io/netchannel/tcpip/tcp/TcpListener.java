package io.netchannel.tcpip.tcp;

import java.util.ArrayDeque;

/**
 * A port that accepts connections: the state LISTEN.
 *
 * <p>Handshakes under way are bounded by the backlog; one more displaces the oldest, so that a flood of SYNs, which
 * complete none, shortens the time that a true peer has to answer rather than keep it out. Connections that are
 * complete go to the acceptor at once; while accepting is paused they wait, again bounded by the backlog, and
 * handshakes beyond that are held back.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class TcpListener {

    private final TcpStack stack;
    private final TcpConfig config;
    private final TcpAcceptor acceptor;
    private final long localHigh;
    private final long localLow;
    private final int localPort;
    private final int backlog;
    private final ArrayDeque<TcpConnection> waiting = new ArrayDeque<>();
    private Embryo oldest;
    private Embryo youngest;
    private int embryos;
    private boolean paused;
    private boolean open = true;

    // The stack's chain of listeners whose ports share a bucket.
    TcpListener nextInBucket;

    TcpListener(final TcpStack stack, final TcpConfig config, final TcpAcceptor acceptor, final long localHigh, final long localLow,
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
        paused = true;
    }

    /** Hands the waiting connections to the acceptor, and those to come at once, until paused again. */
    public void resumeAccepting() {
        paused = false;
        while (!paused && !waiting.isEmpty()) {
            final TcpConnection connection = waiting.poll();
            if (connection.isOpen()) {
                hand(connection, stack.nowNs());
            }
        }
    }

    /** Ends listening: handshakes and waiting connections are reset; accepted ones go on. */
    public void close() {
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
        if (waiting.size() < backlog || !paused) {
            return true;
        }
        waiting.removeIf(connection -> !connection.isOpen());
        return waiting.size() < backlog;
    }

    void add(final Embryo embryo) {
        if (embryos == backlog) {
            stack.counters().increment(TcpCounter.REQUEST_QUEUE_FULL);
            oldest.evict();
        }
        embryo.previous = youngest;
        if (youngest == null) {
            oldest = embryo;
        } else {
            youngest.next = embryo;
        }
        youngest = embryo;
        embryos++;
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
    }

    void established(final TcpConnection connection, final long nowNs) {
        if (paused) {
            waiting.add(connection);
        } else {
            hand(connection, nowNs);
        }
    }

    private void hand(final TcpConnection connection, final long nowNs) {
        TcpHandler handler = null;
        try {
            handler = acceptor.accept(connection);
        } catch (final RuntimeException failure) {
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
