/** {@code ./netchannel wire}: a bad path between two Linux hosts, from a seed. */
package io.netchannel.samples.wire;
