package io.netchannel.samples.haproxy.config;

/**
 * The words after {@code server NAME ADDRESS} or {@code default-server}.
 *
 * @param isDefault whether it is the latter: some options only make sense for one server
 */
public record ServerLine(WordCursor words, ProxySection section, boolean isDefault) {
}
