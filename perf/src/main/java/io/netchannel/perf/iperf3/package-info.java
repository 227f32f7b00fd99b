/**
 * iperf3's client and server, compatible on the wire with iperf 3.12: a Linux host measures a node with the tool that it
 * trusts, in either role.
 *
 * <p>{@link io.netchannel.perf.iperf3.Iperf3Server} and {@link io.netchannel.perf.iperf3.Iperf3Client} are applications on
 * each loop of a node. Both speak over a {@link io.netchannel.perf.iperf3.ControlChannel} about
 * {@link io.netchannel.perf.iperf3.TestParameters}, and run a {@link io.netchannel.perf.iperf3.TestRun}: streams on all
 * loops, {@link io.netchannel.perf.iperf3.TcpStream} or {@link io.netchannel.perf.iperf3.UdpStream}, sampled for a
 * {@link io.netchannel.perf.iperf3.Report}.
 *
 * <pre>
 *   client                                    server
 *   cookie ─────────────────────────────────▶
 *          ◀───────────────────────────────── PARAM_EXCHANGE
 *   parameters, JSON ───────────────────────▶
 *          ◀───────────────────────────────── CREATE_STREAMS
 *   data connections, a cookie in each ═════▶
 *          ◀───────────────────────────────── TEST_START, TEST_RUNNING
 *          ◀════════════ data ══════════════▶
 *   TEST_END ───────────────────────────────▶ closes what it sends on, or the client would read for ever
 *          ◀───────────────────────────────── EXCHANGE_RESULTS
 *   results, JSON ──────────────────────────▶
 *          ◀───────────────────────────────── results, JSON; DISPLAY_RESULTS
 *   IPERF_DONE ─────────────────────────────▶
 * </pre>
 */
package io.netchannel.perf.iperf3;
