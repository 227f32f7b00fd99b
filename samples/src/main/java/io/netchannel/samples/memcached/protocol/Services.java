package io.netchannel.samples.memcached.protocol;

import io.netchannel.kernel.memory.LoopHeap;
import io.netchannel.kernel.pressure.MemoryPressure;
import io.netchannel.samples.memcached.store.Crawler;
import io.netchannel.samples.memcached.store.Store;
import java.util.List;

/**
 * What the protocols ask of the server around them.
 *
 * <p>Threading: under the store's lock.
 */
public interface Services {

    Store store();

    /** One loop's memory for bytes on their way. Not under the lock. */
    LoopHeap newLoopHeap();

    /** Takes the store for a burst; does nothing where there is only one loop. */
    void lock();

    void unlock();

    PrefixStatistics prefixes();

    /** A listener or a connection, for {@code stats conns}. */
    record ConnectionReport(int id, boolean datagrams, String address, String listenAddress, String state,
            int idleSeconds) {
    }

    List<ConnectionReport> connections();

    int currentConnections();

    boolean isAccepting();

    /** @return whether the user is known by that password */
    boolean authenticate(byte[] user, byte[] password);

    /**
     * Has a session watch the log.
     *
     * @return null, or why not
     */
    String watch(Session session, int logFlags);

    int watchers();

    /** Sends more of a log or a dump: there is room again. On the session's loop, not under the lock. */
    void resumeFeeds(Session session);

    /** The receiver of a dump, written to a session. */
    Crawler.Visitor dumpTo(Session session, boolean asMetaCommands);

    /** Whether a session that watches is in the middle of a dump, after which it takes commands again. */
    boolean isDumping(Session session);

    /** What gives memory back when it is short; null if nothing does. */
    MemoryPressure memoryPressure();

    /** Ends the server. */
    void shutDown();

    /** Has the maintenance run soon: there is something to do. */
    void maintain();
}
