package io.netchannel.samples.haproxy.stats;

import java.util.function.Predicate;

/**
 * What of all rows is asked for.
 *
 * @param proxyId -1: all
 * @param types bit of each {@link StatRow.Type}
 * @param id of a server or listener; -1: all
 * @param up no servers that are down or in maintenance
 * @param noMaintenance no servers in maintenance
 * @param names proxies
 */
public record StatFilter(int proxyId, int types, int id, boolean up, boolean noMaintenance, Predicate<String> names) {

    public static final StatFilter ALL = new StatFilter(-1, -1, -1, false, false, _ -> true);

    boolean takes(final StatRow.Type type) {
        return (types & 1 << type.ordinal()) != 0;
    }

    boolean counts() {
        return up || noMaintenance;
    }
}
