package io.netchannel.samples.memcached.stats;

/**
 * What the server is at, beside what it counts.
 *
 * @param connections open now
 * @param accepting whether new ones are taken
 * @param watchers of the log
 */
public record ServerState(int connections, boolean accepting, int watchers) {
}
