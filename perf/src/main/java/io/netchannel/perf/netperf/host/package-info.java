/**
 * The stations that tests run on: nodes, our TCP run as in a kernel, the kernel's sockets by java.nio and by Netty.
 *
 * <p>{@link io.netchannel.perf.netperf.host.PathName} lists the paths and opens both ends of one.
 */
package io.netchannel.perf.netperf.host;
