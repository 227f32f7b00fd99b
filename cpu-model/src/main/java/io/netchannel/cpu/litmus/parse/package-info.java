/** Reads the format: header, initial state, table of threads, condition. */
package io.netchannel.cpu.litmus.parse;
