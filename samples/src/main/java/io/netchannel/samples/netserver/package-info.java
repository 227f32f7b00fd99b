/** {@code ./netchannel netserver}: {@link io.netchannel.perf.netserver} on a TAP. */
package io.netchannel.samples.netserver;
