package io.netchannel.tcpip.dns;

/**
 * What is asked.
 *
 * @param name absolute, in lower case, without a trailing dot
 */
record DnsQuestion(String name, boolean ipv6) {

    DnsQuestion withName(final String other) {
        return new DnsQuestion(other, ipv6);
    }
}
