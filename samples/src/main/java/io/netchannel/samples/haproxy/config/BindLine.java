package io.netchannel.samples.haproxy.config;

/**
 * The words after {@code bind ADDRESS}, or after {@code stats socket PATH}.
 *
 * @param section null in {@code global}
 */
public record BindLine(WordCursor words, ProxySection section) {
}
