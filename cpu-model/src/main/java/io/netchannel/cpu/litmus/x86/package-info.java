/** The instructions of x86. */
package io.netchannel.cpu.litmus.x86;
