/**
 * How much may be in flight: congestion control behind one narrow interface, in whole segments as in Linux.
 *
 * <p>{@link io.netchannel.tcpip.tcp.congestion.CongestionControl} hears of each acknowledgment by a
 * {@link io.netchannel.tcpip.tcp.congestion.RateSample} and of each congestion event, and sets the
 * {@link io.netchannel.tcpip.tcp.congestion.CongestionWindow}. What was lost is none of its business: recovery reduces
 * the window step by step by itself.
 */
package io.netchannel.tcpip.tcp.congestion;
