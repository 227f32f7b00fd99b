/**
 * TCP (RFC 9293) without I/O: handed segments and the time, it sends through {@link io.netchannel.tcpip.ip.IpOutput}.
 *
 * <pre>
 *             TcpFlow, TcpHandler                      the application
 *  ───────────────────┬──────────────────────────────────────────────────────────────
 *             ApplicationFlow, Application             what the one asks for, what the other tells
 *                     │
 *  TcpListener ─▶ Embryo ─▶ TcpConnection ─▶ TimeWait   one endpoint at a time for a flow
 *                     │     ◀─▶ RestingConnection       while there is nothing to do: a ConnectionImage
 *                     ├─ Handshake, Negotiation         what SYNs say
 *                     ├─ Closing                        FINs, and resets for lost data
 *                     ├─ SegmentArrival                 the rules for what arrives
 *                     ├─ TcpReceiver                    the data's way in
 *                     │    ├─ ReceiveWindow             how much may come
 *                     │    ├─ AckPolicy                 when to acknowledge
 *                     │    ├─ SackBlocks, EcnEcho       what else an acknowledgment says
 *                     │    ├─ Reassembler               what came too early
 *                     │    ├─ ReceiveQueue              what the application hasn't consumed
 *                     │    └─ Delivery                  what it consumes
 *                     ├─ TcpSender                      the data's way out
 *                     │    ├─ SendQueue, SendBuffer     what the peer hasn't acknowledged, how much it may be
 *                     │    ├─ SendWindow, WindowProbe   how much the peer takes
 *                     │    ├─ Transmission              what goes when: SendPolicy, Pacing, MtuProbe, WindowUsage
 *                     │    ├─ Retransmission            what goes again
 *                     │    ├─ SendTimeouts, RetryLimit  what if nothing is heard
 *                     │    └─ package recovery          what was lost: SentSegments, LossRecovery, RttEstimator
 *                     └─ TcpTimestamps, KeepAlive
 *  ───────────────────┴──────────────────────────────────────────────────────────────
 *  TcpStack: FlowMap, who has something to send               SegmentWriter ─▶ IpOutput
 *            SendMemory, for when memory is short
 *  TcpInput: listeners, SynCookies; ReplyLimits; IcmpErrors
 * </pre>
 *
 * Sequence arithmetic is {@link io.netchannel.tcpip.tcp.SeqNum}'s alone. Not there: urgent data (its bytes are
 * delivered in line), Fast Open.
 */
package io.netchannel.tcpip.tcp;
