package io.netchannel.channels;

/** Why a received packet was dropped before a stack saw it. */
public enum DropReason {

    /** The loop's channel had no space. */
    CHANNEL_FULL,
    /** The loop has closed its channel. */
    CHANNEL_CLOSED,
    /** Shorter than an Ethernet header and its VLAN tags. */
    TRUNCATED_ETHERNET,
    /** More VLAN tags than an outer and an inner one, in another order, or the reserved VLAN 4095. */
    BAD_VLAN_TAG,
    /** In a service VLAN (802.1ad) in which no flow or listener of that very VLAN takes it. */
    UNKNOWN_SERVICE_VLAN,
    /** Neither IPv4, IPv6 nor ARP. */
    UNSUPPORTED_ETHERTYPE,
    /** Shorter than ARP for IPv4 over Ethernet. */
    TRUNCATED_ARP,
    /** Shorter than its IP header, or than an IPv6 extension header. */
    TRUNCATED_IP,
    /** The version field contradicts the EtherType. */
    BAD_IP_VERSION,
    /** IPv4 header shorter than 20 bytes. */
    BAD_IP_HEADER_LENGTH,
    /** IPv4 total length or IPv6 payload length beyond the frame or the limit, or shorter than the header. */
    BAD_IP_TOTAL_LENGTH,
    /** IPv4 header checksum. */
    BAD_IP_CHECKSUM,
    /** IPv6 extension headers: too many, or options that run over their end. */
    BAD_EXTENSION_HEADER,
    /**
     * An address that may not be in a packet on a link: loopback, IPv4-mapped, a group as source or as TCP's
     * destination.
     */
    BAD_ADDRESS,
    /** Shorter than its transport header. */
    TRUNCATED_TRANSPORT,
    /** TCP data offset below 5 or beyond the segment. */
    BAD_DATA_OFFSET,
    /** UDP length below 8 or beyond the datagram. */
    BAD_UDP_LENGTH,
    /** TCP or UDP checksum. */
    BAD_TRANSPORT_CHECKSUM,
    /** The device's GSO type contradicts the headers. */
    BAD_GSO,
    /** The headers are there, but not all in the frame's first buffer. */
    HEADERS_NOT_IN_FIRST_BUFFER,
    /** A fragment that can't be kept for reassembly. */
    FRAGMENT,
    /** The filter denies it. */
    FILTERED;

    private static final DropReason[] VALUES = values();

    static int count() {
        return VALUES.length;
    }

    static DropReason of(final int ordinal) {
        return VALUES[ordinal];
    }
}
