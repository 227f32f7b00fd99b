/** What commands that run a node for a Linux host have in common. */
package io.netchannel.samples.node;
