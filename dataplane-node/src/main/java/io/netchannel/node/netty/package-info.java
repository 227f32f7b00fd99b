/**
 * Netty's channels over a node: {@link io.netchannel.node.netty.DataplaneEventLoopGroup} takes the place of the event loop group,
 * {@code Dataplane…Channel} that of the channel classes; handlers and codecs stay as they are.
 *
 * <pre>
 *   Netty's thread:  run(context) ─▶ DrivenLoop: one turn of the node's loop, TCP/IP included ─▶ tasks of the event loop ─▶ …
 *
 *   turn:  packets in ─▶ TcpHandler.onReceive ─▶ StreamInput ─▶ channelRead ─▶ …write, flush ─▶ StreamOutput ─▶ TcpFlow.write
 *          ─▶ DataplaneIoHandler.poll ─▶ channelReadComplete, accepted channels ─▶ what was written goes out
 * </pre>
 * So an event loop is a node's loop: a packet is received, handled and answered on one thread, in one turn. When there is nothing
 * to do it sleeps as the node's loops do, until packets come, or a task, or a deadline of either side.
 *
 * <p>Needs {@code io.netty:netty-transport} on the class path, which this module only names as optional.
 */
package io.netchannel.node.netty;
