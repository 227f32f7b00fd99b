package io.netchannel.samples.haproxy.proxy;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/** What everything on the proxy's one loop shares: time, and the wires with something to send. */
public final class ProxyLoop {

    private static final long UNKNOWN = Long.MIN_VALUE;

    private final EventLoop executor;
    private final Clock clock;
    private final Timers timers;
    private final List<Wire> dirty = new ArrayList<>();
    /** What came is being handled: it is the same time for all that is done about it. */
    private boolean handling;
    private long nowMs = UNKNOWN;
    private long wallMs = UNKNOWN;

    public ProxyLoop(final EventLoop executor, final Clock clock) {
        this.executor = executor;
        this.clock = clock;
        this.timers = new Timers(executor, clock);
    }

    public EventLoop executor() {
        return executor;
    }

    public Clock clock() {
        return clock;
    }

    /** As {@link Clock#nowMs}. */
    long nowMs() {
        if (!handling) {
            return clock.nowMs();
        }
        if (nowMs == UNKNOWN) {
            nowMs = clock.nowMs();
        }
        return nowMs;
    }

    /** As {@link Clock#wallMs}. */
    long wallMs() {
        if (!handling) {
            return clock.wallMs();
        }
        if (wallMs == UNKNOWN) {
            wallMs = clock.wallMs();
        }
        return wallMs;
    }

    /** Bytes came: until {@link #flush} the clock is read once, where a request's handling asks for the time twenty times. */
    void handling() {
        handling = true;
    }

    public Timers timers() {
        return timers;
    }

    /** To be sent when the event that is handled now is over. */
    void dirty(final Wire wire) {
        dirty.add(wire);
    }

    /** Each handler of an event ends by this: one system call for all that an event gave a connection to send. */
    public void flush() {
        for (int i = 0; i < dirty.size(); i++) {
            dirty.get(i).flushNow();
        }
        dirty.clear();
        handling = false;
        nowMs = UNKNOWN;
        wallMs = UNKNOWN;
    }
}
