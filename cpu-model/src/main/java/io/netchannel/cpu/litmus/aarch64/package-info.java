/** The instructions of AArch64, as events and what they depend on. */
package io.netchannel.cpu.litmus.aarch64;
