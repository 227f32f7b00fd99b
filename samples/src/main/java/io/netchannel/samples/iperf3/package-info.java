/** {@code ./netchannel iperf3}: {@link io.netchannel.perf.iperf3} on a TAP. */
package io.netchannel.samples.iperf3;
