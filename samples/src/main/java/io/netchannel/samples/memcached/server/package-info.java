/**
 * The server around the protocols: one {@link io.netchannel.samples.memcached.server.MemcachedServer}, and beneath it
 * either the
 * flows of a node or the kernel's sockets. Both know sessions and connections only.
 */
package io.netchannel.samples.memcached.server;
