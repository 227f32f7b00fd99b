package io.netchannel.tcpip.tcp;

/**
 * What a listener's handshake has settled by the time of its last ACK: what a {@link TcpConnection} starts with.
 *
 * @param timestampRecent the peer's last timestamp, if there are any
 * @param windowField that our SYN,ACK has offered
 * @param retransmits of our SYN,ACK
 * @param sentAtNs when it was sent the last time, or {@link #UNKNOWN}
 */
record PassiveOpen(Negotiation negotiation, int initialSequence, int peerSequence, int timestampRecent, int windowField,
        int retransmits, long sentAtNs) {

    static final long UNKNOWN = Long.MIN_VALUE;
}
