package io.netchannel.samples.memcached.server;

import io.netchannel.kernel.memory.BlockHeap;
import io.netchannel.kernel.memory.LoopHeap;
import io.netchannel.kernel.memory.MagazineHeap;
import io.netchannel.kernel.memory.Region;
import io.netchannel.kernel.pressure.HeapBalloon;
import io.netchannel.kernel.pressure.MemoryGauge;
import io.netchannel.kernel.pressure.MemoryGauges;
import io.netchannel.kernel.pressure.MemoryPressure;
import io.netchannel.kernel.pressure.PressureThresholds;
import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.samples.memcached.options.Settings;
import io.netchannel.samples.memcached.protocol.PrefixStatistics;
import io.netchannel.samples.memcached.protocol.Services;
import io.netchannel.samples.memcached.protocol.Session;
import io.netchannel.samples.memcached.protocol.Session.CloseReason;
import io.netchannel.samples.memcached.protocol.Worker;
import io.netchannel.samples.memcached.store.Crawler;
import io.netchannel.samples.memcached.store.Store;
import io.netchannel.samples.memcached.store.StoreClock;
import io.netchannel.samples.memcached.store.StoreCounter;
import io.netchannel.samples.memcached.warm.WarmStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one store, and what all loops share around it: connections, the log, the maintenance.
 *
 * <p>With one loop nothing is locked. With more, a loop holds the lock for a whole burst of requests: short, since
 * what is received
 * is parsed and copied and no more, and seldom, since a burst is as much as one read takes.
 *
 * <p>Threading: each method says, or is {@link Services}'.
 */
public final class MemcachedServer implements Services, AutoCloseable {

    /** The original's are descriptors; the first are taken by its own. */
    private static final int FIRST_ID = 26;
    private static final long SECOND_NS = 1_000_000_000L;
    /** Of bytes on their way: most requests and answers need none, or one of these. */
    private static final int MIN_BUFFER_BYTES = 4096;
    private static final long BUFFER_REGION_BYTES = 16 << 20;

    private final Settings settings;
    private final Store store;
    private final ReentrantLock lock;
    private final PrefixStatistics prefixes;
    private final AuthFile authFile;
    private final EventLog log;
    private final Runnable end;
    private final MagazineHeap buffers;
    private final List<Runnable> atClose = new ArrayList<>();
    private final WarmStore warm;
    private Listeners listeners;
    private MemoryPressure pressure;

    // -- under the lock
    private final Map<Integer, Session> sessions = new TreeMap<>();
    private final List<ConnectionReport> listening = new ArrayList<>();
    private DumpVisitor dump;
    private int nextId = FIRST_ID;
    private int open;
    private boolean accepting = true;
    private long refusedSinceNs;
    private long lastIdleCheckNs;

    /**
     * @param loops that will run requests
     * @param allocatedBytes of slab memory that count as taken from the start; for tests
     * @param end ends the server; called on a loop
     * @throws IOException if the file of users can't be read
     */
    public MemcachedServer(final Settings settings, final int loops, final long nowNs, final long unixSeconds,
            final long allocatedBytes, final Runnable end) throws IOException {
        this.settings = settings;
        this.end = end;
        this.lock = loops > 1 ? new ReentrantLock() : null;
        this.prefixes = new PrefixStatistics(settings.prefixDelimiter);
        this.authFile = settings.authFile == null ? null : new AuthFile(settings.authFile);
        this.log = new EventLog(this);
        this.store = new Store(settings, new StoreClock(nowNs, unixSeconds), new SecureRandom().nextInt(),
                allocatedBytes, log);
        this.buffers = new MagazineHeap(new BlockHeap("memcached-buffers", BUFFER_REGION_BYTES, MIN_BUFFER_BYTES,
                Region.MAX_SIZE_BYTES), MIN_BUFFER_BYTES, loops);
        this.warm = settings.storeDirectory == null ? null : WarmStore.open(settings.storeDirectory, store, () -> {
            if (listeners != null) {
                listeners.wakeMaintenance();
            }
        }, text -> System.err.println("memcached: " + text));
    }

    /** Before any connection. */
    void listeners(final Listeners all) {
        listeners = all;
    }

    /**
     * Gives memory back when it is short, from now on. Before the loops run.
     *
     * @param home runs tasks on the loop that polls what this returns
     */
    MemoryPressure watchMemory(final Executor home, final List<MemoryGauge> gauges) {
        final HeapBalloon heap = HeapBalloon.ofThisJvm(SystemNanoClock.INSTANCE::nowNs, this::warn);
        final List<MemoryGauge> all = new ArrayList<>(gauges);
        all.add(heap.gauge());
        pressure = new MemoryPressure(home, all, PressureThresholds.DEFAULT, this::warn);
        pressure.register(new StoreShrinker(this));
        pressure.register(heap);
        return pressure;
    }

    /** With the gauges of this process; null if that is switched off. */
    MemoryPressure watchMemory(final Executor home) {
        return settings.memoryPressure ? watchMemory(home, MemoryGauges.find(this::warn)) : null;
    }

    /**
     * Has a worker's free memory given back too, if any is.
     *
     * @param loop the worker's; null for the one that polls
     */
    void giveBack(final Worker worker, final int index, final Executor loop) {
        if (pressure != null) {
            pressure.register(worker.freeMemory("blocks-" + index), loop);
        }
    }

    private void warn(final String text) {
        if (settings.verbosity > 0) {
            System.err.println("memcached: " + text);
        }
    }

    @Override
    public MemoryPressure memoryPressure() {
        return pressure;
    }

    Settings settings() {
        return settings;
    }

    // -- the store

    @Override
    public Store store() {
        return store;
    }

    @Override
    public LoopHeap newLoopHeap() {
        return buffers.newLoop();
    }

    /** Has {@link #close} do something when all loops have ended. Any thread. */
    void atClose(final Runnable action) {
        synchronized (atClose) {
            atClose.add(action);
        }
    }

    @Override
    public void lock() {
        if (lock != null) {
            lock.lock();
        }
    }

    @Override
    public void unlock() {
        if (lock != null) {
            lock.unlock();
        }
    }

    @Override
    public PrefixStatistics prefixes() {
        return prefixes;
    }

    @Override
    public boolean authenticate(final byte[] user, final byte[] password) {
        return authFile.knows(user, password);
    }

    // -- connections; any loop

    /** A number for a connection or a listener. */
    int newId() {
        lock();
        try {
            return nextId++;
        } finally {
            unlock();
        }
    }

    void listening(final int id, final boolean datagrams, final String address) {
        lock();
        try {
            listening.add(new ConnectionReport(id, datagrams, address, null, datagrams ? "conn_read" : "conn_listening",
                    store.clock().seconds()));
        } finally {
            unlock();
        }
    }

    /**
     * Reserves a place for a connection, which {@link #opened} or {@link #failed} is called for next.
     *
     * @return false if there are as many as may be: the client is to be told and refused
     */
    boolean mayOpen(final long nowNs) {
        lock();
        try {
            if (settings.maxConnectionsFast && open >= settings.maxConnections) {
                store.counters().add(StoreCounter.REJECTED_CONNECTIONS, 1);
                return false;
            }
            open++;
            if (!settings.maxConnectionsFast && open >= settings.maxConnections && accepting) {
                accepting = false;
                refusedSinceNs = nowNs;
                store.counters().add(StoreCounter.LISTEN_DISABLED, 1);
                listeners.accept(false);
            }
            return true;
        } finally {
            unlock();
        }
    }

    void opened(final Session session) {
        lock();
        try {
            sessions.put(session.id(), session);
            store.counters().add(StoreCounter.TOTAL_CONNECTIONS, 1);
            log.onOpen(session);
        } finally {
            unlock();
        }
    }

    /** A connection came to nothing. */
    void failed(final long nowNs) {
        lock();
        try {
            release(nowNs);
        } finally {
            unlock();
        }
    }

    /** Once for each connection. */
    void closed(final Session session, final long nowNs) {
        lock();
        try {
            if (sessions.remove(session.id()) != null) {
                log.remove(session);
                log.onClose(session);
            }
            release(nowNs);
        } finally {
            unlock();
        }
    }

    private void release(final long nowNs) {
        open--;
        if (!accepting) {
            accepting = true;
            store.counters().add(StoreCounter.LISTEN_DISABLED_MICROS, (nowNs - refusedSinceNs) / 1000);
            listeners.accept(true);
        }
    }

    @Override
    public int currentConnections() {
        return open;
    }

    @Override
    public boolean isAccepting() {
        return accepting;
    }

    @Override
    public List<ConnectionReport> connections() {
        final List<ConnectionReport> all = new ArrayList<>();
        final int now = store.clock().seconds();
        for (final ConnectionReport each : listening) {
            all.add(new ConnectionReport(each.id(), each.datagrams(), each.address(), null, each.state(),
                    now - each.idleSeconds()));
        }
        for (final Session session : sessions.values()) {
            all.add(new ConnectionReport(session.id(), false, session.connection().remote(),
                    session.connection().local(), session.stateName(), now - session.lastCommandSecond()));
        }
        return all;
    }

    // -- log and dumps

    @Override
    public String watch(final Session session, final int logFlags) {
        return log.add(session, logFlags, settings.watcherBufferBytes);
    }

    @Override
    public int watchers() {
        return log.watchers();
    }

    @Override
    public void resumeFeeds(final Session session) {
        log.resume(session);
        if (isDumping(session)) {
            dump.feed().flush();
        }
    }

    @Override
    public Crawler.Visitor dumpTo(final Session session, final boolean asMetaCommands) {
        dump = new DumpVisitor(store, new Feed(this, session, DumpVisitor.BUFFER_BYTES), asMetaCommands);
        return dump;
    }

    @Override
    public boolean isDumping(final Session session) {
        return dump != null && dump.feed().session() == session;
    }

    /** A dump is sent; on its session's loop. */
    void feedEnded(final Feed feed) {
        dump = null;
        feed.session().endWatch();
    }

    // -- maintenance; on one loop

    /** @return when to be called again */
    long runMaintenance(final long nowNs) {
        lock();
        try {
            store.clock().advance(nowNs);
            checkIdle(nowNs);
            final long dueNs = store.maintainer().run(nowNs);
            return warm == null ? dueNs : Math.min(dueNs, warm.run(nowNs));
        } finally {
            unlock();
        }
    }

    @Override
    public void maintain() {
        listeners.wakeMaintenance();
    }

    private void checkIdle(final long nowNs) {
        if (settings.idleTimeoutSeconds == 0 || nowNs - lastIdleCheckNs < SECOND_NS) {
            return;
        }
        lastIdleCheckNs = nowNs;
        final int now = store.clock().seconds();
        for (final Session session : sessions.values()) {
            if (session.isIdle() && now - session.lastCommandSecond() > settings.idleTimeoutSeconds) {
                store.counters().add(StoreCounter.IDLE_KICKS, 1);
                session.connection().execute(() -> session.close(CloseReason.IDLE_TIMEOUT));
            }
        }
    }

    @Override
    public void shutDown() {
        end.run();
    }

    /** When no loop runs any more. */
    @Override
    public void close() {
        if (pressure != null) {
            pressure.close();
        }
        if (warm != null) {
            warm.close();
        }
        synchronized (atClose) {
            atClose.forEach(Runnable::run);
        }
        store.close();
        buffers.close();
    }
}
