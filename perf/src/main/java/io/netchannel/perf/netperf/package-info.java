/**
 * netperf's tests over network channels and over other ways for bytes to go, interleaved in one run.
 *
 * <p>{@link io.netchannel.perf.netperf.NetperfCommand} is the command line. Each path
 * ({@link io.netchannel.perf.netperf.host.PathName}) has two hosts; the two sides of each test, written once
 * ({@link io.netchannel.perf.netperf.role}), run on them. {@link io.netchannel.perf.netperf.HostTest} runs one test on one
 * path and counts between two instants; {@link io.netchannel.perf.netperf.NetperfRun} lets each path do each test in turn,
 * round by round, so that a change in the machine's mood meets all of them.
 * {@link io.netchannel.perf.netperf.NetperfReport} prints, {@link io.netchannel.perf.netperf.NetperfJson} writes a file,
 * {@link io.netchannel.perf.report.HtmlReport} a page.
 */
package io.netchannel.perf.netperf;
