/**
 * Wire formats: what the bytes of a frame mean.
 *
 * <p>Each {@code *Layout} class holds the offsets of one header under a bit ruler, with static accessors over memory
 * and the address at which the header begins. They check nothing: whoever has an address has compared the length first.
 * Values are in host order. Addresses are {@link io.netchannel.tcpip.wire.IpAddress} and
 * {@link io.netchannel.tcpip.wire.MacAddress} in configuration, and bare longs on the data path.
 */
package io.netchannel.tcpip.wire;
