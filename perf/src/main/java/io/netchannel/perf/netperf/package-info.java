/**
 * netperf's tests over network channels and over the kernel's loopback sockets, interleaved in one run.
 *
 * <p>{@link io.netchannel.perf.netperf.NetperfCommand} is the command line. It makes one
 * {@link io.netchannel.perf.netperf.NetperfPath} for each way that bytes can go, and
 * {@link io.netchannel.perf.netperf.NetperfRun} lets each of them do each test in turn, round by round, so that a change
 * in the machine's mood meets all of them. {@link io.netchannel.perf.netperf.NetperfReport} prints,
 * {@link io.netchannel.perf.netperf.NetperfJson} writes a file.
 */
package io.netchannel.perf.netperf;
