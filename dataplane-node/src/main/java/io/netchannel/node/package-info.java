/**
 * A node: a device, a driver, loops with a stack each, and the applications that run on them.
 *
 * <p>{@link io.netchannel.node.DataplaneNode} puts them together by a {@link io.netchannel.node.NodeConfig} and a
 * {@link io.netchannel.node.NodeLink}: a TAP, an end of a wire, a port of a switch. An
 * {@link io.netchannel.node.Application} is started on each loop and there uses the stack of that loop, and nothing of
 * another's.
 */
package io.netchannel.node;
