/** Runs one thread alone, over all values that its loads may return, and records what it did. */
package io.netchannel.cpu.litmus.thread;
