/**
 * Multicast groups that this host listens to, told to the routers: IGMP versions 1 to 3 (RFC 1112, 2236, 3376) and MLD
 * versions 1 and 2 (RFC 2710, 3810).
 *
 * <p>{@link io.netchannel.tcpip.multicast.Memberships} merges what its users ask for; for each family a {@code
 * GroupReporter}, the same state machine for both, says it to routers. {@code IgmpMessages} and {@code MldMessages} are
 * the two ways to write it down.
 */
package io.netchannel.tcpip.multicast;
