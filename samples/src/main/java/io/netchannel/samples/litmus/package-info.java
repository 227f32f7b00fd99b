/** {@code ./netchannel litmus}: litmus tests under the memory models of AArch64 and x86_64. */
package io.netchannel.samples.litmus;
