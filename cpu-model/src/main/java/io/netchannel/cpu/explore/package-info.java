/**
 * Runs compiled classes on modelled CPUs, in every way that the CPUs allow.
 *
 * <p>A {@link io.netchannel.cpu.explore.Program} is a few threads over a {@link io.netchannel.cpu.explore.ModelledMemory};
 * {@link io.netchannel.cpu.explore.Explorer} tries all its executions under a
 * {@link io.netchannel.cpu.explore.MemoryModel}, up to {@link io.netchannel.cpu.explore.Bounds}, and gives an
 * {@link io.netchannel.cpu.explore.Exploration}, with a {@link io.netchannel.cpu.explore.Violation} if something is wrong.
 *
 * <p>Inside: {@code Search} grows the sequence of stores, {@code WriteLog}; {@code ThreadRun} runs one thread against it,
 * what it may see kept by {@code Views}; {@code FinalStates} puts the threads' ends together, {@code RaceCheck} orders
 * their accesses by happens-before; {@code Replay} and {@code Trace} tell what was found. The README of the module says
 * why that is all.
 */
package io.netchannel.cpu.explore;
