/**
 * A DHCPv4 client (RFC 2131, 2132, 3396, 3397, 3442, 4361, 6842), without I/O.
 *
 * <p>{@link io.netchannel.tcpip.dhcp.DhcpClient} is the protocol: it is handed messages and the time, and hands out
 * datagrams and leases. {@link io.netchannel.tcpip.dhcp.DhcpEndpoint} puts it on a stack's UDP and timers.
 *
 * <pre>
 *   INIT ──DISCOVER──▶ SELECTING ──OFFER/REQUEST──▶ REQUESTING ──ACK──▶ CHECKING ──free──▶ BOUND
 *     ▲                                                 │ NAK               │ in use/DECLINE  │ T1
 *     ├─────────────────────────────────────────────────┴───────────────────┘                 ▼
 *     ├──NAK, silence── REBOOTING ◀──address of an earlier lease/REQUEST (INIT-REBOOT)     RENEWING ──ACK──▶ BOUND
 *     │                                                                                        │ T2
 *     └──────────────────────────────── NAK, lease expired ──────────────────────────────── REBINDING ──ACK──▶ BOUND
 * </pre>
 */
package io.netchannel.tcpip.dhcp;
