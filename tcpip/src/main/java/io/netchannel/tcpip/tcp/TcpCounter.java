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
    /** SYNs dropped because their listener had as many half-open connections as it may. */
    REQUEST_QUEUE_FULL("TcpExt.TCPReqQFullDrop"),
    /** SYNs that a cookie has answered for the same reason. */
    REQUEST_QUEUE_FULL_COOKIES("TcpExt.TCPReqQFullDoCookies"), SYN_COOKIES_SENT(
            "TcpExt.SyncookiesSent"), SYN_COOKIES_RECEIVED("TcpExt.SyncookiesRecv"),
    /** Acknowledgments that were expected to be of a cookie, and weren't. */
    SYN_COOKIES_FAILED("TcpExt.SyncookiesFailed"),
    /** Handshakes that a RST has ended, from either side. */
    EMBRYONIC_RESETS("TcpExt.EmbryonicRsts"),
    /** Acknowledgments without data that a listener which waits for data has not counted as the end of the handshake. */
    DEFER_ACCEPT_DROPS("TcpExt.TCPDeferAcceptDrop"),
    /** Connections refused because the stack had as many as its configuration allows. */
    CONNECTION_LIMIT("TcpExt.TCPConnectionLimit"), TIME_WAITED("TcpExt.TW"), TIME_WAIT_RECYCLED(
            "TcpExt.TWRecycled"),
    /** Flows whose TIME-WAIT a RST has ended. */
    TIME_WAIT_KILLED("TcpExt.TWKilled"), TIME_WAIT_OVERFLOW("TcpExt.TCPTimeWaitOverflow"),

    PAWS_REJECTED("TcpExt.PAWSEstab"),
    /** SYN,ACKs that echo a timestamp which our SYNs have not sent. */
    PAWS_ACTIVE_REJECTED("TcpExt.PAWSActive"),
    /** Acknowledgments without data that are from an earlier time. */
    PAWS_OLD_ACKS("TcpExt.PAWSOldAck"),
    /** Segments without timestamps on a connection that has negotiated them; they are taken. */
    TIMESTAMP_MISSING("TcpExt.TCPTimestampMissing"),
    /** Segments outside the receive window. */
    OUT_OF_WINDOW("TcpExt.TCPOutOfWindow"),
    /** Acknowledgments of what was never sent, or too old (RFC 5961, 5). */
    ACK_UNACCEPTABLE("TcpExt.TCPAckUnacceptable"),
    /** Segments without ACK, or with another flag that has no meaning in the state. */
    IN_UNEXPECTED_FLAGS("TcpExt.TCPUnexpectedFlags"), CHALLENGE_ACKS("TcpExt.TCPChallengeACK"), SYN_CHALLENGES(
            "TcpExt.TCPSYNChallenge"), CHALLENGE_ACKS_LIMITED("TcpExt.TCPACKSkippedChallenge"),
    /** Replies to segments outside the window left out, so that two confused ends don't answer each other for ever. */
    ACKS_SKIPPED("TcpExt.TCPACKSkippedSeq"), ACKS_SKIPPED_PAWS("TcpExt.TCPACKSkippedPAWS"), ACKS_SKIPPED_SYN_RECEIVED(
            "TcpExt.TCPACKSkippedSynRecv"), ACKS_SKIPPED_FIN_WAIT_2(
                    "TcpExt.TCPACKSkippedFinWait2"), ACKS_SKIPPED_TIME_WAIT("TcpExt.TCPACKSkippedTimeWait"),
    /** RSTs to segments of no connection left out, because there were too many in this second. */
    RESETS_LIMITED("TcpExt.TCPResetsSkipped"),

    PURE_ACKS("TcpExt.TCPPureAcksSent"), DELAYED_ACKS("TcpExt.DelayedACKs"),
    /** Segments that repeat what was acknowledged: the acknowledgment was lost or late. */
    DELAYED_ACK_LOST("TcpExt.DelayedACKLost"),
    /** Segments that do nothing but acknowledge. */
    IN_PURE_ACKS("TcpExt.TCPPureAcks"), DSACK_OLD_SENT("TcpExt.TCPDSACKOldSent"), DSACK_OUT_OF_ORDER_SENT(
            "TcpExt.TCPDSACKOfoSent"),
    /** Acknowledgments that others stood for. */
    ACKS_COMPRESSED("TcpExt.TCPAckCompressed"), OUT_OF_ORDER_QUEUED("TcpExt.TCPOFOQueue"),
    /** Out-of-order segments dropped because others hold their bytes. */
    OUT_OF_ORDER_DUPLICATES("TcpExt.TCPOFOMerge"),
    /** Out-of-order segments dropped for want of buffers. */
    OUT_OF_ORDER_DROPS("TcpExt.TCPOFODrop"),
    /** Times that out-of-order segments were dropped for nearer ones. */
    OUT_OF_ORDER_PRUNED("TcpExt.OfoPruned"),
    /** Segments that end beyond the window, while earlier data waits for the application. */
    BEYOND_WINDOW("TcpExt.BeyondWindow"),
    /** Data that found the window shut. */
    ZERO_WINDOW_DROPS("TcpExt.TCPZeroWindowDrop"),
    /** The window would be zero, had more not been promised. */
    WANT_ZERO_WINDOW("TcpExt.TCPWantZeroWindowAdv"),
    /** In-order data dropped because the connection, or all of them, held too many buffers. */
    RECEIVE_QUEUE_DROPS("TcpExt.TCPRcvQDrop"),
    /** Small segments copied together because the application does not consume. */
    RECEIVE_COALESCED("TcpExt.TCPRcvCoalesce"), TO_ZERO_WINDOW("TcpExt.TCPToZeroWindowAdv"), FROM_ZERO_WINDOW(
            "TcpExt.TCPFromZeroWindowAdv"), WINDOW_PROBES("TcpExt.TCPWinProbe"),

    TIMEOUTS("TcpExt.TCPTimeouts"), FAST_RETRANSMITS("TcpExt.TCPFastRetrans"), SLOW_START_RETRANSMITS(
            "TcpExt.TCPSlowStartRetrans"), SYN_RETRANSMITS(
                    "TcpExt.TCPSynRetrans"), KEEPALIVES("TcpExt.TCPKeepAlive"),
    /** Recoveries begun, with SACK and without. */
    SACK_RECOVERY("TcpExt.TCPSackRecovery"), RENO_RECOVERY("TcpExt.TCPRenoRecovery"),
    /** Timeouts in recovery, in disorder, and while one was being repaired. */
    SACK_RECOVERY_FAIL("TcpExt.TCPSackRecoveryFail"), RENO_RECOVERY_FAIL("TcpExt.TCPRenoRecoveryFail"), SACK_FAILURES(
            "TcpExt.TCPSackFailures"), RENO_FAILURES("TcpExt.TCPRenoFailures"), LOSS_FAILURES("TcpExt.TCPLossFailures"),
    /** Retransmissions that were lost. */
    LOST_RETRANSMITS("TcpExt.TCPLostRetransmit"),
    /** Probes of a flight's tail, and those that repaired a loss. */
    LOSS_PROBES("TcpExt.TCPLossProbes"), LOSS_PROBE_RECOVERY("TcpExt.TCPLossProbeRecovery"),
    /** Reports of duplicates: of what is acknowledged, of what is out of order, segments, and those not believed. */
    DSACK_RECEIVED("TcpExt.TCPDSACKRecv"), DSACK_OUT_OF_ORDER_RECEIVED(
            "TcpExt.TCPDSACKOfoRecv"), DSACK_RECEIVED_SEGMENTS("TcpExt.TCPDSACKRecvSegs"), DSACK_IGNORED_DUBIOUS(
                    "TcpExt.TCPDSACKIgnoredDubious"), DSACK_IGNORED_OLD(
                            "TcpExt.TCPDSACKIgnoredOld"), DSACK_IGNORED_NO_UNDO("TcpExt.TCPDSACKIgnoredNoUndo"),
    /** SACK blocks of what was never sent, or is acknowledged. */
    SACK_DISCARD("TcpExt.TCPSACKDiscard"),
    /** Peers that had dropped what they had reported as received. */
    SACK_RENEGING("TcpExt.TCPSACKReneging"),
    /** Reordering seen: by SACK, by timestamps, by duplicates. */
    SACK_REORDER("TcpExt.TCPSACKReorder"), TS_REORDER("TcpExt.TCPTSReorder"), RENO_REORDER("TcpExt.TCPRenoReorder"),
    /** Reductions of the window taken back. */
    FULL_UNDO("TcpExt.TCPFullUndo"), PARTIAL_UNDO("TcpExt.TCPPartialUndo"), DSACK_UNDO(
            "TcpExt.TCPDSACKUndo"), LOSS_UNDO("TcpExt.TCPLossUndo"), SPURIOUS_RTOS("TcpExt.TCPSpuriousRTOs"),
    /** Probes of the path's MTU. */
    MTU_PROBE_SUCCESS("TcpExt.TCPMTUPSuccess"), MTU_PROBE_FAIL("TcpExt.TCPMTUPFail"),

    ABORT_ON_SYN("TcpExt.TCPAbortOnSyn"), ABORT_ON_TIMEOUT("TcpExt.TCPAbortOnTimeout"), ABORT_ON_LINGER(
            "TcpExt.TCPAbortOnLinger"), ABORT_ON_CLOSE("TcpExt.TCPAbortOnClose"), ABORT_ON_DATA(
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
