/** {@code ./netchannel packetscript}: packet scripts from the command line. */
package io.netchannel.samples.packetscript;
