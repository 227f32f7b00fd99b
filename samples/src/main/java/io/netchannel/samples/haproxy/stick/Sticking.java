package io.netchannel.samples.haproxy.stick;

import io.netchannel.samples.haproxy.expression.SampleContext;
import io.netchannel.samples.haproxy.expression.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * What sticks one stream to its server: entries that its request matches, and keys that get the server which was chosen.
 * Threading: the proxy's loop.
 */
public final class Sticking {

    /** STREAM_MAX_TARGETS: more stores than that are ignored. */
    private static final int MAX_STORES = 8;

    private final List<Store> stores = new ArrayList<>(1);

    private record Store(StickTable table, Value key) {
    }

    /** Chooses the server that an entry names. */
    @FunctionalInterface
    public interface Selector {

        /**
         * @param serverKey name, or address where the table says so; null if the entry has none
         * @param serverId of the server's {@code id}; 0 if the entry has none
         * @return whether the server is there and usable, and is the stream's now
         */
        boolean select(String serverKey, int serverId);
    }

    /**
     * The rules of the request, when the backend is known and before its balancing.
     *
     * @param assigned the stream has a server already (a cookie's, use-server's): nothing is matched
     * @return whether it has one now
     */
    public boolean request(final List<StickRule> rules, final SampleContext context, final boolean assigned,
            final Selector selector) {
        boolean sticks = assigned;
        for (final StickRule rule : rules) {
            if (rule.condition != null && !rule.condition.holds(context)) {
                continue;
            }
            final Value key = rule.key.evaluate(context);
            if (key == null) {
                continue;
            }
            if (rule.match && !sticks) {
                sticks = match(rule.table, key, context.nowMs(), selector);
            }
            if (rule.store) {
                remember(rule.table, key);
            }
        }
        return sticks;
    }

    private static boolean match(final StickTable table, final Value key, final long now, final Selector selector) {
        final StickEntry entry = table.find(key, now);
        if (entry == null) {
            return false;
        }
        final boolean selected = selector.select(entry.serverKey(), entry.serverId());
        table.touch(entry, now);
        return selected;
    }

    /** The first key for a table counts. */
    private void remember(final StickTable table, final Value key) {
        for (int i = 0; i < stores.size(); i++) {
            if (stores.get(i).table == table) {
                return;
            }
        }
        if (stores.size() < MAX_STORES) {
            stores.add(new Store(table, key));
        }
    }

    /**
     * The rules of the response, then all keys are stored.
     *
     * @param server null if none answered, or its line says {@code non-stick}: nothing is stored
     */
    public void response(final List<StickRule> rules, final SampleContext context, final StuckServer server) {
        for (final StickRule rule : rules) {
            if (rule.condition == null || rule.condition.holds(context)) {
                final Value key = rule.key.evaluate(context);
                if (key != null) {
                    remember(rule.table, key);
                }
            }
        }
        final long now = context.nowMs();
        for (final Store store : stores) {
            final StickEntry entry = server == null ? null : store.table.findOrCreate(store.key, now);
            if (entry != null) {
                entry.stickTo(store.table.config().serverByAddress() ? server.address() : server.name(), server.id(),
                        now);
            }
        }
        stores.clear();
    }

    /** @param address {@code IP:port} */
    public record StuckServer(String name, String address, int id) {
    }
}
