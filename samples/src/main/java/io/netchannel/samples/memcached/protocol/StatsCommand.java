package io.netchannel.samples.memcached.protocol;

import io.netchannel.samples.memcached.stats.GeneralStats;
import io.netchannel.samples.memcached.stats.ItemStats;
import io.netchannel.samples.memcached.stats.PressureStats;
import io.netchannel.samples.memcached.stats.ServerState;
import io.netchannel.samples.memcached.stats.SettingsStats;
import io.netchannel.samples.memcached.stats.SlabStats;
import io.netchannel.samples.memcached.stats.StatSink;
import io.netchannel.samples.memcached.store.Store;

/**
 * What {@code stats} is asked for, for either protocol.
 *
 * <p>Threading: confined to its loop, under the store's lock.
 */
final class StatsCommand {

    private StatsCommand() {
    }

    /** @return whether there are statistics of that name; none is {@code null} */
    static boolean add(final Services services, final String name, final StatSink sink) {
        final Store store = services.store();
        switch (name) {
            case null -> GeneralStats.add(store, new ServerState(services.currentConnections(),
                    services.isAccepting(), services.watchers()), sink);
            case "settings" -> SettingsStats.add(store, sink);
            case "items" -> ItemStats.add(store, sink);
            case "slabs" -> SlabStats.add(store, sink);
            case "pressure" -> PressureStats.add(store, services.memoryPressure(), sink);
            case "sizes" -> ItemStats.addSizes(store, sink);
            case "sizes_enable" -> ItemStats.enableSizes(store, sink);
            case "sizes_disable" -> ItemStats.disableSizes(store, sink);
            case "conns" -> addConnections(services, sink);
            default -> {
                return false;
            }
        }
        return true;
    }

    static void reset(final Services services) {
        services.store().counters().reset();
        services.prefixes().clear();
    }

    private static void addConnections(final Services services, final StatSink sink) {
        for (final Services.ConnectionReport each : services.connections()) {
            if (each.datagrams()) {
                sink.add(each.id() + ":UDP", "UDP");
            }
            sink.add(each.id() + ":addr", each.address());
            if (each.listenAddress() != null) {
                sink.add(each.id() + ":listen_addr", each.listenAddress());
            }
            sink.add(each.id() + ":state", each.state());
            sink.add(each.id() + ":secs_since_last_cmd", each.idleSeconds());
        }
    }
}
