/**
 * TCP (RFC 9293) without I/O: handed segments and the time, it sends through {@link io.netchannel.tcpip.ip.IpOutput}.
 *
 * <pre>
 *             TcpFlow, TcpHandler                      the application
 *  ───────────────────┬──────────────────────────────────────────────────────────────
 *  TcpListener ─▶ Embryo ─▶ TcpConnection ─▶ TimeWait   one endpoint at a time for a flow
 *                     ├─ SegmentArrival                 the rules for what arrives
 *                     ├─ TcpReceiver                    window and acknowledgments
 *                     │    ├─ Reassembler               what came too early
 *                     │    └─ ReceiveQueue              what the application hasn't consumed
 *                     ├─ TcpSender                      windows and timer
 *                     │    ├─ SendQueue, SendPolicy     what the peer hasn't acknowledged; what goes when
 *                     │    ├─ RttEstimator
 *                     │    ├─ CongestionControl         NewReno
 *                     │    └─ LossRecovery              NewRenoRecovery
 *                     └─ TcpTimestamps, KeepAlive
 *  ───────────────────┴──────────────────────────────────────────────────────────────
 *  TcpStack: FlowMap, listeners, who has something to send    SegmentWriter ─▶ IpOutput
 * </pre>
 *
 * Sequence arithmetic is {@link io.netchannel.tcpip.tcp.SeqNum}'s alone. Not there: urgent data (its bytes are
 * delivered in line), SACK, ECN, SYN cookies, Fast Open.
 */
package io.netchannel.tcpip.tcp;
