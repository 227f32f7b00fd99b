/**
 * Coverage-guided fuzzing of what reads bytes from the network. A target is a class with
 * {@code fuzzerTestOneInput(byte[])}, as Jazzer wants it, and {@code seeds()}; {@link FuzzTargets} lists them.
 *
 * <p>{@link FuzzCorpusTest} runs each target over its seeds and over what fuzzing has found worth keeping
 * ({@code src/test/resources/fuzz/NAME}). {@link FuzzIT} lets Jazzer look for more, for a few seconds each, or by hand for
 * as long as wanted: CONTRIBUTING.md has the command. An input that broke a target goes to its corpus, next to a unit test.
 */
package io.netchannel.tcpip.fuzz;
