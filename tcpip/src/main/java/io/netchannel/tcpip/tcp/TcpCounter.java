package io.netchannel.tcpip.tcp;

/**
 * What a {@link TcpStack} counts. Where Linux counts the same thing (/proc/net/snmp, netstat) the name is Linux's.
 *
 * <p>Every segment that is dropped is counted under the reason.
 */
public enum TcpCounter {

    ACTIVE_OPENS("Tcp.ActiveOpens"), PASSIVE_OPENS("Tcp.PassiveOpens"),
    /** Handshakes that failed. */
    ATTEMPT_FAILS("Tcp.AttemptFails"),
    /** Established connections that ended without a handshake of FINs. */
    ESTAB_RESETS("Tcp.EstabResets"), IN_SEGS("Tcp.InSegs"), OUT_SEGS("Tcp.OutSegs"), RETRANS_SEGS(
            "Tcp.RetransSegs"), IN_ERRORS("Tcp.InErrs"), IN_CHECKSUM_ERRORS(
                    "Tcp.InCsumErrors"), OUT_RSTS("Tcp.OutRsts"), IN_RSTS("Tcp.InRsts"),
    /** Segments for no connection and no listener. */
    NO_PORTS("Tcp.NoPorts"),
    /** Segments whose options were cut short by a malformed one; the rest of the segment counts. */
    IN_MALFORMED_OPTIONS("TcpExt.InMalformedOptions"),

    LISTEN_OVERFLOWS("TcpExt.ListenOverflows"), LISTEN_DROPS("TcpExt.ListenDrops"),
    /** SYNs dropped because the listener had as many half-open connections as its backlog. */
    REQUEST_QUEUE_FULL("TcpExt.TCPReqQFullDrop"),
    /** Connections refused because the stack had as many as its configuration allows. */
    CONNECTION_LIMIT("TcpExt.TCPConnectionLimit"), TIME_WAITED("TcpExt.TW"), TIME_WAIT_RECYCLED(
            "TcpExt.TWRecycled"), TIME_WAIT_OVERFLOW("TcpExt.TCPTimeWaitOverflow"),

    PAWS_REJECTED("TcpExt.PAWSEstab"),
    /** Segments without timestamps on a connection that has negotiated them (RFC 7323, 3.2). */
    TIMESTAMP_MISSING("TcpExt.TCPTimestampMissing"),
    /** Segments outside the receive window. */
    OUT_OF_WINDOW("TcpExt.TCPOutOfWindow"),
    /** Acknowledgments of what was never sent, or too old (RFC 5961, 5). */
    ACK_UNACCEPTABLE("TcpExt.TCPAckUnacceptable"),
    /** Segments without ACK, or with another flag that has no meaning in the state. */
    IN_UNEXPECTED_FLAGS("TcpExt.TCPUnexpectedFlags"), CHALLENGE_ACKS("TcpExt.TCPChallengeACK"), SYN_CHALLENGES(
            "TcpExt.TCPSYNChallenge"), CHALLENGE_ACKS_LIMITED("TcpExt.TCPACKSkippedChallenge"),
    /** Replies to segments outside the window left out, so that two confused ends don't answer each other for ever. */
    ACKS_SKIPPED("TcpExt.TCPACKSkippedSeq"),

    PURE_ACKS("TcpExt.TCPPureAcksSent"), DELAYED_ACKS("TcpExt.DelayedACKs"), OUT_OF_ORDER_QUEUED("TcpExt.TCPOFOQueue"),
    /** Out-of-order segments dropped because their bytes were there already. */
    OUT_OF_ORDER_DUPLICATES("TcpExt.TCPOFOMerge"),
    /** Out-of-order segments dropped for want of buffers. */
    OUT_OF_ORDER_DROPS("TcpExt.TCPOFODrop"),
    /** In-order data dropped because the connection, or all of them, held too many buffers. */
    RECEIVE_QUEUE_DROPS("TcpExt.TCPRcvQDrop"),
    /** Small segments copied together because the application does not consume. */
    RECEIVE_COALESCED("TcpExt.TCPRcvCoalesce"), TO_ZERO_WINDOW("TcpExt.TCPToZeroWindowAdv"), FROM_ZERO_WINDOW(
            "TcpExt.TCPFromZeroWindowAdv"), WINDOW_PROBES("TcpExt.TCPWinProbe"),

    TIMEOUTS("TcpExt.TCPTimeouts"), FAST_RETRANSMITS("TcpExt.TCPFastRetrans"), SLOW_START_RETRANSMITS(
            "TcpExt.TCPSlowStartRetrans"), RECOVERIES("TcpExt.TCPRenoRecovery"), LIMITED_TRANSMITS(
                    "TcpExt.TCPLimitedTransmit"), SYN_RETRANSMITS(
                            "TcpExt.TCPSynRetrans"), KEEPALIVES("TcpExt.TCPKeepAlive"),

    ABORT_ON_TIMEOUT("TcpExt.TCPAbortOnTimeout"), ABORT_ON_CLOSE("TcpExt.TCPAbortOnClose"), ABORT_ON_DATA(
            "TcpExt.TCPAbortOnData"), ABORT_BY_APPLICATION("TcpExt.TCPAbortByApplication"),
    /** Callbacks that threw. */
    HANDLER_FAILURES("TcpExt.TCPHandlerFailures"), ICMP_SOFT_ERRORS("TcpExt.TCPIcmpSoftErrors"), ICMP_HARD_ERRORS(
            "TcpExt.TCPIcmpHardErrors"),
    /** ICMP errors about segments that are not in flight. */
    ICMP_OUT_OF_WINDOW("TcpExt.OutOfWindowIcmps"),

    /** Segments that the packet pool had no head buffer for; they are sent later. */
    OUT_NO_BUFFER("TcpExt.TCPOutNoBuffer"),
    /** Segments that found the link full; they are sent later. */
    OUT_LINK_FULL("TcpExt.TCPOutLinkFull"),
    /** Segments that the IP layer dropped. */
    OUT_DROPPED("TcpExt.TCPOutDropped");

    private final String snmpName;

    TcpCounter(final String snmpName) {
        this.snmpName = snmpName;
    }

    /** Group, dot, name. */
    public String snmpName() {
        return snmpName;
    }
}
