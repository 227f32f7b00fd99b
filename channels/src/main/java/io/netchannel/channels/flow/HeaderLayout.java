package io.netchannel.channels.flow;

/**
 * Headers as far as classification reads them. Words are in network order.
 *
 * <pre>
 *  Ethernet II, IEEE 802.1Q and 802.1ad tags
 *   0                   6                  12      14
 *  +-------------------+-------------------+-------+ - - - - - - - - - - +
 *  |    destination    |      source       | type  | or TPID, TCI, type  |    TCI: PCP 3 | DEI 1 | VLAN 12
 *  +-------------------+-------------------+-------+ - - - - - - - - - - +
 *
 *  IPv4, RFC 791, 3.1                                     IPv6, RFC 8200, 3
 *   0      4      8              16             31         0   4            12    16         24           31
 *  +------+------+--------------+----------------+        +---+------------+---------------------------------+
 *  |ver 4 | IHL  |      TOS     |  total length  |  0     |ver| class      |           flow label            |  0
 *  +------+------+--------------+--+-------------+        +---+------------+-----+-----------+---------------+
 *  |       identification       |fl|   offset    |  4     |    payload length    |next header|   hop limit   |  4
 *  +-------------+--------------+--+-------------+        +----------------------+-----------+---------------+
 *  |     TTL     |   protocol   |    checksum    |  8     |                 source (16 bytes)                |  8
 *  +-------------+--------------+----------------+        +--------------------------------------------------+
 *  |                   source                    | 12     |               destination (16 bytes)             | 24
 *  +---------------------------------------------+        +--------------------------------------------------+
 *  |                 destination                 | 16
 *  +---------------------------------------------+
 *
 *  TCP, RFC 9293, 3.1                                     UDP, RFC 768
 *   0                            16             31         0                        16                      31
 *  +----------------------------+----------------+        +-------------------------+------------------------+
 *  |        source port         |   dest. port   |  0     |       source port       |    destination port    |  0
 *  +----------------------------+----------------+        +-------------------------+------------------------+
 *  |               sequence number               |  4     |         length          |        checksum        |  4
 *  +---------------------------------------------+        +-------------------------+------------------------+
 *  |            acknowledgment number            |  8
 *  +------+------+--------------+----------------+
 *  |offset| rsv  |    flags     |     window     | 12
 *  +------+------+--------------+----------------+
 *  |          checksum          | urgent pointer | 16
 *  +----------------------------+----------------+
 *
 *  IPv6 extension headers, RFC 8200, 4.3 to 4.6
 *   0            8             16             24             31
 *  +-------------+--------------+--------------+----------------+
 *  | next header | length, in 8 bytes, less the first 8; then options or, for routing: type, segments left |
 *  +-------------+--------------+--------------+----------------+
 * </pre>
 */
final class HeaderLayout {

    static final int ETHERNET_TYPE_OFFSET = 12;
    static final int ETHERNET_BYTES = 14;
    static final int VLAN_TAG_BYTES = 4;
    static final int VLAN_ID_MASK = 0xFFF;
    static final int VLAN_ID_RESERVED = 0xFFF;
    static final int TYPE_IPV4 = 0x0800;
    static final int TYPE_ARP = 0x0806;
    static final int TYPE_IPV6 = 0x86DD;
    static final int TYPE_8021Q = 0x8100;
    static final int TYPE_8021AD = 0x88A8;
    /** ARP for IPv4 over Ethernet: RFC 826. */
    static final int ARP_BYTES = 28;

    static final int IPV4_MIN_BYTES = 20;
    static final int IPV4_FRAGMENT_MASK = 0x3FFF;
    static final int IPV6_BYTES = 40;
    static final int IPV6_SOURCE_OFFSET = 8;
    static final int IPV6_DESTINATION_OFFSET = 24;
    /**
     * The longest packet that the metadata can describe; longer ones are jumbograms (RFC 2675), which need an option.
     */
    static final int MAX_NETWORK_BYTES = 0xFFFF;

    static final int PROTOCOL_HOP_BY_HOP = 0;
    static final int PROTOCOL_ICMP = 1;
    static final int PROTOCOL_IGMP = 2;
    static final int PROTOCOL_ROUTING = 43;
    static final int PROTOCOL_FRAGMENT = 44;
    static final int PROTOCOL_ICMPV6 = 58;
    static final int PROTOCOL_DESTINATION_OPTIONS = 60;

    static final int EXTENSION_LENGTH_OFFSET = 1;
    static final int EXTENSION_OPTIONS_OFFSET = 2;
    static final int ROUTING_SEGMENTS_LEFT_OFFSET = 3;
    static final int EXTENSION_UNIT_BYTES = 8;
    static final int OPTION_PAD1 = 0;
    /** What a node must do that doesn't know an option: 0 is to skip it. */
    static final int OPTION_ACTION_MASK = 0xC0;

    static final int TCP_MIN_BYTES = 20;
    static final int TCP_DATA_OFFSET_OFFSET = 12;
    static final int UDP_BYTES = 8;
    static final int UDP_LENGTH_OFFSET = 4;
    static final int UDP_CHECKSUM_OFFSET = 6;

    private HeaderLayout() {
    }
}
