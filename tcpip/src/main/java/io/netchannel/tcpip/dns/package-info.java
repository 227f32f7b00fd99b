/**
 * Names to addresses: a stub resolver (RFC 1034, 5.3.1) on a stack's own UDP and TCP.
 *
 * <p>{@link io.netchannel.tcpip.dns.Resolver} takes names. A name becomes candidates (search list), a candidate questions (A,
 * AAAA), a question a {@code Lookup}, which many callers may share. The format of messages is dnsjava's, behind
 * {@code DnsCodec}, which is also the boundary at which nothing that a server says is believed unchecked.
 */
package io.netchannel.tcpip.dns;
