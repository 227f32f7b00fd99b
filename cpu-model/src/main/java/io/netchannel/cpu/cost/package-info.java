/**
 * What things cost on the CPUs that this runs on, with the source of each figure, and what follows for hand-overs between
 * threads.
 *
 * <p>{@link io.netchannel.cpu.cost.CostTables} holds the figures, {@link io.netchannel.cpu.cost.CostModel} composes them into
 * {@link io.netchannel.cpu.cost.Prediction}s, {@link io.netchannel.cpu.cost.HostCpu} says which CPU this is. Measuring needs
 * a clock, threads and system calls; that is {@code io.netchannel.perf.cpu} in perf.
 */
package io.netchannel.cpu.cost;
