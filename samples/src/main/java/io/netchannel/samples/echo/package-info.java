/**
 * The small services of 1983, TCP and UDP: echo (RFC 862), discard (RFC 863), character generator (RFC 864).
 *
 * <p>{@link io.netchannel.samples.echo.EchoApplication} is the shortest complete application on the flow API;
 * {@link io.netchannel.samples.echo.EchoCommand} serves it to a Linux host over a TAP device.
 */
package io.netchannel.samples.echo;
