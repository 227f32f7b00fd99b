package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.config.ServerOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Connections to a server that wait for a request. The last that came is the first to be used, so that what is too much gets old. */
final class IdlePool {

    private final Server server;
    private final long purgeMs;
    private final int max;
    private final int low;
    private final ArrayDeque<ServerConnection> idle = new ArrayDeque<>();
    private int safe;
    private int usedMax;
    /** How many connections at once were of use lately. */
    private int needed;
    private final Timeout purge = new Timeout() {
        @Override
        void expired(final long nowMs) {
            purge(nowMs);
        }
    };

    IdlePool(final Server server) {
        this.server = server;
        this.purgeMs = server.settings().get(ServerTraffic.POOL_PURGE_MS);
        this.low = server.settings().get(ServerOptions.POOL_LOW_CONNECTIONS);
        this.max = server.settings().get(ServerTraffic.POOL_MAX);
    }

    int size() {
        return idle.size();
    }

    /** Those that have served more than one request: the server keeps such open. */
    int safe() {
        return safe;
    }

    /** @return whether the pool keeps it; else the caller closes it */
    boolean offer(final ServerConnection connection) {
        if (max == 0 || max > 0 && idle.size() >= max || !server.isUp() || !isNeeded(connection)) {
            return false;
        }
        connection.idleSinceMs(server.backend().loop().nowMs());
        idle.addFirst(connection);
        if (connection.requests() > 1) {
            safe++;
        }
        if (purge.index < 0) {
            server.backend().loop().timers().arm(purge, server.backend().loop().nowMs() + purgeMs);
        }
        return true;
    }

    /** One of its kind is kept in any case, more only as far as so many were used at once before: others just get old. */
    private boolean isNeeded(final ServerConnection connection) {
        return safe == 0 && (connection.requests() > 1 || idle.isEmpty())
                || server.served() + idle.size() <= Math.max(server.served(), needed) + low;
    }

    /** A stream more uses a connection. */
    void used(final int served) {
        usedMax = Math.max(usedMax, served);
        needed = Math.max(needed, served);
    }

    /** @param onlySafe only one that was used more than once @return null if there is none */
    ServerConnection take(final boolean onlySafe) {
        if (!onlySafe) {
            final ServerConnection first = idle.pollFirst();
            if (first != null && first.requests() > 1) {
                safe--;
            }
            return first;
        }
        if (safe == 0) {
            return null;
        }
        for (final ServerConnection connection : idle) {
            if (connection.requests() > 1) {
                remove(connection);
                return connection;
            }
        }
        return null;
    }

    void remove(final ServerConnection connection) {
        if (idle.remove(connection) && connection.requests() > 1) {
            safe--;
        }
    }

    void clear() {
        final List<ServerConnection> all = new ArrayList<>(idle);
        idle.clear();
        safe = 0;
        server.backend().loop().timers().cancel(purge);
        all.forEach(ServerConnection::abort);
    }

    private void purge(final long nowMs) {
        needed = Math.max((needed + usedMax) / 2, usedMax);
        usedMax = server.served();
        while (!idle.isEmpty() && nowMs - idle.peekLast().idleSinceMs() >= purgeMs) {
            final ServerConnection oldest = idle.peekLast();
            remove(oldest);
            oldest.abort();
        }
        if (!idle.isEmpty()) {
            server.backend().loop().timers().arm(purge, idle.peekLast().idleSinceMs() + purgeMs);
        }
    }
}
