package io.netchannel.tcpip.tcp;

/**
 * The states of a connection (RFC 9293, 3.3.2).
 *
 * <pre>
 *                                +---------+
 *               passive open     | CLOSED  |     active open
 *            +-------------------|         |------------------+
 *            |                   +---------+                  | snd SYN
 *            v                                                v
 *       +---------+  rcv SYN                             +---------+
 *       | LISTEN  |------------+          rcv SYN        |  SYN-   |
 *       |         | snd SYN,ACK|   +---------------------|  SENT   |
 *       +---------+            v   v     snd SYN,ACK     +---------+
 *                           +---------+                       |
 *                           |  SYN-   |                       | rcv SYN,ACK
 *                           |RECEIVED |                       | snd ACK
 *                           +---------+                       |
 *                             |    | rcv ACK of SYN           |
 *                       close |    v                          v
 *                     snd FIN | +---------------------------------+
 *                             | |           ESTABLISHED           |
 *                             | +---------------------------------+
 *                             |   | close                 | rcv FIN
 *                             v   v snd FIN               v snd ACK
 *                           +---------+              +---------+
 *            +--------------|  FIN-   |              |  CLOSE- |
 *            | rcv ACK      | WAIT-1  |              |   WAIT  |
 *            | of FIN       +---------+              +---------+
 *            v                 |    | rcv FIN             | close
 *       +---------+            |    | snd ACK             | snd FIN
 *       |  FIN-   |            |    v                     v
 *       | WAIT-2  |            |  +---------+         +---------+
 *       +---------+  rcv FIN   |  | CLOSING |         |  LAST-  |
 *            |       and ACK   |  |         |         |   ACK   |
 *            |       of FIN    |  +---------+         +---------+
 *    rcv FIN |       snd ACK   |       | rcv ACK           | rcv ACK
 *    snd ACK |                 |       | of FIN            | of FIN
 *            |                 v       v                   v
 *            |              +------------+           +---------+
 *            +------------->|  TIME-WAIT |---------->| CLOSED  |
 *                           +------------+   2 MSL   +---------+
 * </pre>
 *
 * LISTEN is a {@link TcpListener}; a connection that comes from one is an {@link Embryo} in SYN-RECEIVED. TIME-WAIT is
 * a {@link TimeWait}, which holds no buffers. A {@link TcpConnection} has all states but those, and SYN-RECEIVED only
 * in a simultaneous open. A RST, a timeout or an abort leads from any state to CLOSED.
 */
public enum TcpState {
    CLOSED, LISTEN, SYN_SENT, SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT;

    /** The state's number in Linux's include/net/tcp_states.h. */
    int linuxNumber() {
        return switch (this) {
            case ESTABLISHED -> 1;
            case SYN_SENT -> 2;
            case SYN_RECEIVED -> 3;
            case FIN_WAIT_1 -> 4;
            case FIN_WAIT_2 -> 5;
            case TIME_WAIT -> 6;
            case CLOSED -> 7;
            case CLOSE_WAIT -> 8;
            case LAST_ACK -> 9;
            case LISTEN -> 10;
            case CLOSING -> 11;
        };
    }

    /** The handshake is over and the connection still stands. */
    boolean isSynchronized() {
        return ordinal() >= ESTABLISHED.ordinal();
    }

    /** The peer may still send new data: no FIN of its has been processed. */
    boolean receivesData() {
        return this == ESTABLISHED || this == FIN_WAIT_1 || this == FIN_WAIT_2;
    }
}
