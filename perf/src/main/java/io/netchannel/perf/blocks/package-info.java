/**
 * {@code ./netchannel blockload}: reads and writes a block device, and says how many, how fast, and at what CPU.
 * {@link io.netchannel.perf.blocks.QueueLoad} keeps a queue full; {@code ./netchannel services block-reads} uses it too.
 */
package io.netchannel.perf.blocks;
