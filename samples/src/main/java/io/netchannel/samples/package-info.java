/** The command line, {@link io.netchannel.samples.Netchannel}, and the programs on the dataplane that it starts. */
package io.netchannel.samples;
