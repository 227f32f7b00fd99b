/** The axioms of both CPUs, and the search for the executions that they allow. */
package io.netchannel.cpu.litmus.axiom;
