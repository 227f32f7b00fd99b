/**
 * The link: which station has which address.
 *
 * <p>{@link io.netchannel.tcpip.link.NeighborCache} keeps link addresses for IPv4 and IPv6 with one state machine, and
 * the packets that wait for them; {@link io.netchannel.tcpip.link.Arp} and {@link io.netchannel.tcpip.link.Ndp} ask and
 * answer. {@link io.netchannel.tcpip.link.LocalAddresses} says what is ours, {@link
 * io.netchannel.tcpip.link.EthernetPort} makes frames.
 */
package io.netchannel.tcpip.link;
