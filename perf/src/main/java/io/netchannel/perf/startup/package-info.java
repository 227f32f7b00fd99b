/**
 * How long a node takes from nothing: from the start of its process to the first packet answered.
 *
 * <p>Each start is a process of its own, by the launcher, as a user's; the parent watches from outside, with one clock.
 * Starts with the cache of classes and without take turns, so that a change in the machine's mood meets both.
 */
package io.netchannel.perf.startup;
