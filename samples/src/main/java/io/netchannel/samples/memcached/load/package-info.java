/**
 * A load generator for memcacheds: one client state machine, {@link io.netchannel.samples.memcached.load.LoadConnection}, over the
 * kernel's sockets or over flows.
 *
 * <p>{@link io.netchannel.samples.memcached.load.MemloadCommand} starts it; a {@code LoadPath} is a server with a client on it, {@code
 * LoadRun} lets them take turns, {@code LoadReport} and {@code LoadJson} say what came.
 */
package io.netchannel.samples.memcached.load;
