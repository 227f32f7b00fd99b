/**
 * The CPU that everything above is written for.
 *
 * <p>{@link io.netchannel.cpu.Cpu} states what is assumed of x86_64 and AArch64: cache lines, page sizes, memory order.
 * {@link io.netchannel.cpu.OrderedMemory} is the only way by which the modules above touch words that two threads, or a
 * thread and a device, share. On the host it is {@link io.netchannel.cpu.HostMemory}; because it is a class that can be
 * extended, the same compiled rings and queues can be run against a modelled memory instead.
 */
package io.netchannel.cpu;
