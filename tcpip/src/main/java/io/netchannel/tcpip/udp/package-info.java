/**
 * UDP: {@link io.netchannel.tcpip.udp.UdpStack} makes a {@link io.netchannel.tcpip.udp.UdpSocket} of a port; datagrams
 * go to its {@link io.netchannel.tcpip.udp.UdpHandler}, in place.
 */
package io.netchannel.tcpip.udp;
