package io.netchannel.tcpip.tcp.recovery;

/**
 * How the sender sees the network; in the order, and with the numbers, of Linux's {@code tcp_ca_state}.
 *
 * <pre>
 *            SACK, duplicate             loss found
 *   OPEN ◀───────────────────▶ DISORDER ────────────▶ RECOVERY ─┐
 *    ▲ ▲                                                        │ all of that flight
 *    │ └────────────────────── CWR ◀──── mark echoed            │ acknowledged
 *    ├──────────────────────────────────────────────────────────┘
 *    └──── LOSS ◀──── retransmission timeout, from any
 * </pre>
 */
public enum CaState {
    OPEN, DISORDER, CWR, RECOVERY, LOSS;

    private static final CaState[] ALL = values();

    /** By {@link #ordinal}. */
    static CaState of(final int ordinal) {
        return ALL[ordinal];
    }

    /** Whether the window is being brought down to the threshold step by step. */
    public boolean reducesWindow() {
        return this == CWR || this == RECOVERY;
    }

    public boolean isBelow(final CaState other) {
        return ordinal() < other.ordinal();
    }
}
