/**
 * JMH benchmarks of the hot path's stages; {@code ./netchannel jmh} runs them.
 */
package io.netchannel.perf.jmh;
