/**
 * A load generator for the proxy, which compares it with the original.
 *
 * <p>{@link io.netchannel.samples.haproxy.load.ProxyloadCommand} starts it; a {@code ProxyPath} is a proxy between a client and a
 * backend: processes over sockets, with wrk, or nodes on wires, with a client of its own, {@code RequestLoop}.
 */
package io.netchannel.samples.haproxy.load;
