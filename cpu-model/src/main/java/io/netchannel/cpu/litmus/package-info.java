/** Litmus tests in herd's format: {@link io.netchannel.cpu.litmus.LitmusTest} reads one and finds every final state that the CPU allows. */
package io.netchannel.cpu.litmus;
