package io.netchannel.tcpip.tcp;

/**
 * The TCP header (RFC 9293, 3.1).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+  0
 *  |          source port          |       destination port        |
 *  +-------------------------------+-------------------------------+  4
 *  |                        sequence number                        |
 *  +---------------------------------------------------------------+  8
 *  |                     acknowledgment number                     |
 *  +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+ 12
 *  | data  |       |C|E|U|A|P|R|S|F|                               |
 *  | offset| rsrvd |W|C|R|C|S|S|Y|I|            window             |
 *  |       |       |R|E|G|K|H|T|N|N|                               |
 *  +-------+-------+-+-+-+-+-+-+-+-+-------------------------------+ 16
 *  |           checksum            |         urgent pointer        |
 *  +-------------------------------+-------------------------------+ 20
 *  |                    options, up to 40 bytes                    |
 *  +---------------------------------------------------------------+ 60
 * </pre>
 *
 * Options (RFC 9293, 3.2; RFC 7323; RFC 2018):
 *
 * <pre>
 *  0 end | 1 no-op | 2 len=4 MSS(16) | 3 len=3 shift(8) | 4 len=2 SACK permitted | 8 len=10 TSval(32) TSecr(32)
 *  5 len=2+8n SACK: n times first number(32) number after the last(32)
 * </pre>
 */
public final class TcpHeaderLayout {

    public static final int SOURCE_PORT_OFFSET = 0;
    public static final int DESTINATION_PORT_OFFSET = 2;
    public static final int SEQUENCE_OFFSET = 4;
    public static final int ACKNOWLEDGMENT_OFFSET = 8;
    public static final int DATA_OFFSET_OFFSET = 12;
    public static final int FLAGS_OFFSET = 13;
    public static final int WINDOW_OFFSET = 14;
    public static final int CHECKSUM_OFFSET = 16;
    public static final int URGENT_POINTER_OFFSET = 18;
    public static final int OPTIONS_OFFSET = 20;

    public static final int MIN_HEADER_BYTES = 20;
    public static final int MAX_HEADER_BYTES = 60;

    public static final int FIN = 1;
    public static final int SYN = 1 << 1;
    public static final int RST = 1 << 2;
    public static final int PSH = 1 << 3;
    public static final int ACK = 1 << 4;
    public static final int URG = 1 << 5;
    public static final int ECE = 1 << 6;
    public static final int CWR = 1 << 7;

    public static final int OPTION_END = 0;
    public static final int OPTION_NO_OPERATION = 1;
    public static final int OPTION_MSS = 2;
    public static final int OPTION_WINDOW_SCALE = 3;
    public static final int OPTION_SACK_PERMITTED = 4;
    public static final int OPTION_SACK = 5;
    public static final int OPTION_TIMESTAMPS = 8;

    public static final int MSS_BYTES = 4;
    public static final int WINDOW_SCALE_BYTES = 3;
    public static final int SACK_PERMITTED_BYTES = 2;
    public static final int TIMESTAMPS_BYTES = 10;
    /** Kind and length of a SACK option, before its blocks. */
    public static final int SACK_PREFIX_BYTES = 2;
    public static final int SACK_BLOCK_BYTES = 8;
    /** As many as fit in 40 bytes. */
    public static final int MAX_SACK_BLOCKS = 4;

    /** Timestamps behind two no-ops, as everybody sends them (RFC 7323, appendix A). */
    public static final int PADDED_TIMESTAMPS_BYTES = 12;
    /** Those two no-ops, kind and length, in network order. */
    public static final int PADDED_TIMESTAMPS_WORD = 0x0101_080A;

    private TcpHeaderLayout() {
    }
}
