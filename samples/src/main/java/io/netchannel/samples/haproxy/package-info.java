/**
 * A proxy that reads haproxy.cfg: connections in, connections out.
 *
 * <p>In the order in which a connection meets them: {@code config} reads the files; {@code proxy} accepts, balances and
 * forwards; {@code http} parses and writes messages; {@code expression} answers what rules ask about them; {@code rule}
 * acts on the answers; {@code balance}, {@code check} and {@code stick} choose and watch servers; {@code log} and
 * {@code stats} tell what happened.
 */
package io.netchannel.samples.haproxy;
