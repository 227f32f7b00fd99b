/**
 * Configuration of an interface by what is said on its link: conflict detection of addresses (RFC 5227, RFC 4862, 5.4),
 * router discovery (RFC 4861, 6.3; RFC 4191; RFC 7559; RFC 8106), stateless addresses (RFC 4862, 5.5; RFC 7217) and
 * temporary ones (RFC 8981).
 *
 * <p>{@link io.netchannel.tcpip.autoconf.Autoconfiguration} puts it together. Every change is an {@link
 * io.netchannel.tcpip.autoconf.InterfaceEvent}, which {@link io.netchannel.tcpip.autoconf.InterfaceChanges} carries into
 * the tables of the stack, and which its owner hands to the other stacks of the station.
 */
package io.netchannel.tcpip.autoconf;
