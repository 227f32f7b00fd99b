/**
 * netperf's server, compatible on the wire with netperf 2.7: a Linux host measures a node with the client that it trusts.
 *
 * <p>{@link io.netchannel.perf.netserver.Netserver} listens on each loop of a node. A
 * {@link io.netchannel.perf.netserver.ControlSession} serves one control connection: it reads a
 * {@link io.netchannel.perf.netserver.ControlMessage}, whose layout, {@link io.netchannel.perf.netserver.OmniLayout} or
 * {@link io.netchannel.perf.netserver.ClassicLayout}, makes it a {@link io.netchannel.perf.netserver.TestRequest}; runs it as
 * a {@link io.netchannel.perf.netserver.DataTest}; and answers with what the test's
 * {@link io.netchannel.perf.netserver.TestShare}s, one on each loop, have counted.
 */
package io.netchannel.perf.netserver;
