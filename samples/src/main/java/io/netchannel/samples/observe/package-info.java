/** Commands that look into a running node by its control socket, and the options by which a command's node can be looked into. */
package io.netchannel.samples.observe;
