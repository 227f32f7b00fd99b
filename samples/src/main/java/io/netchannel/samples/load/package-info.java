/**
 * What the load generators share: turns of what is compared, processes that they start, connections over flows, options of
 * their command lines.
 */
package io.netchannel.samples.load;
