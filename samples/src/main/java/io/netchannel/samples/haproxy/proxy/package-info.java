/**
 * The way of a connection: listeners and frontends take it, a session holds it, streams carry its requests to a backend's
 * server and the answers back.
 *
 * <p>Read in this order: {@link io.netchannel.samples.haproxy.proxy.ProxyServer} has all proxies;
 * {@link io.netchannel.samples.haproxy.proxy.Frontend} and its {@link io.netchannel.samples.haproxy.proxy.Listener}s take a
 * {@code ClientConnection}, a {@code Wire} as is the {@code ServerConnection}; a {@code Stream} is what goes between the two, of
 * mode tcp or of HTTP ({@code HttpStream} tells its parts); {@code Dispatch} brings it to a
 * {@link io.netchannel.samples.haproxy.proxy.Server} of a {@link io.netchannel.samples.haproxy.proxy.Backend}, through queues and
 * after failures; {@code Deadlines}, {@code StreamTimes}, {@code StreamAccount} and {@code StreamLogFacts} say how long, how much
 * and what for the log. {@link io.netchannel.samples.haproxy.proxy.ListeningSockets} go from one configuration to the next.
 *
 * <p>One event loop runs all of it: no class here is safe for more than one thread, and none waits.
 */
package io.netchannel.samples.haproxy.proxy;
