/**
 * A memcached: its command line, its protocols, its store, on the flows of a node or on the kernel's sockets.
 *
 * <p>{@link io.netchannel.samples.memcached.MemcachedCommand} starts it. {@code server} moves bytes, {@code protocol}
 * understands
 * them, {@code store} keeps the items, {@code stats} and {@code options} are what their names say.
 */
package io.netchannel.samples.memcached;
