/**
 * Measures what this host's CPU, memory and kernel cost, and how well the model of {@code io.netchannel.cpu.cost} predicts
 * hand-overs from that.
 *
 * <p>{@link io.netchannel.perf.cpu.CpuCommand} is the command line, {@link io.netchannel.perf.cpu.CpuRun} the order of
 * things. One thread: {@code Stopwatch}, {@code InstructionCosts}, {@code MemoryCosts}, {@code KernelCosts}. Two:
 * {@code Duet}, {@code LineCosts}, {@code RingHandOver}. A {@code Round} has what one prediction needs, and what was measured;
 * {@code CheckedPrediction} compares them.
 */
package io.netchannel.perf.cpu;
