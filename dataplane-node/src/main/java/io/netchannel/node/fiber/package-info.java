/**
 * Blocking sockets of a node, for fibers: {@link io.netchannel.node.fiber.FiberSocket} and
 * {@link io.netchannel.node.fiber.FiberServerSocket}, with streams and channels as the JDK's, and
 * {@link io.netchannel.node.fiber.FiberDatagramSocket}.
 *
 * <pre>
 *   fiber:  read(buffer) ─▶ waiting data? copied, at once
 *                        └▶ none: parks ─▶ packets ─▶ TcpHandler.onReceive: copied into the buffer ─▶ unparked ─▶ goes on in this turn
 * </pre>
 * A fiber is on its loop's thread, so it calls the stack directly; what it writes leaves in the same turn. Bytes are copied once, from
 * the packet and into the send buffer. What nobody reads waits in its packets, and the window tells the peer.
 *
 * <p>Any other thread but the loop's own may use the sockets too: each call goes to the loop and back, at the price of a wake-up.
 */
package io.netchannel.node.fiber;
