/**
 * ICMP and ICMPv6: {@link io.netchannel.tcpip.icmp.IcmpInput} answers echo and hands errors to the transports as a
 * {@link io.netchannel.tcpip.icmp.TransportError}; {@link io.netchannel.tcpip.icmp.IcmpErrorSender} reports errors, as
 * rarely as the RFCs want.
 */
package io.netchannel.tcpip.icmp;
