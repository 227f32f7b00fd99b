/**
 * IPv4 and IPv6.
 *
 * <p>Out: {@link io.netchannel.tcpip.ip.IpLayer} gives transports a {@link io.netchannel.tcpip.ip.Path} and puts
 * headers in front of what they send. In: {@link io.netchannel.tcpip.ip.IpInput} checks addresses and hands out an
 * {@link io.netchannel.tcpip.ip.IpDatagram}. {@link io.netchannel.tcpip.ip.InterfaceConfig} says who we are.
 */
package io.netchannel.tcpip.ip;
