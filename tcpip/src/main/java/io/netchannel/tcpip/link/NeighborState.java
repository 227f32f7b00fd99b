package io.netchannel.tcpip.link;

/**
 * States of RFC 4861, 7.3.2, used for ARP too, and {@link #NONE} for an entry about which nothing is known.
 *
 * <pre>
 *        packet          answer            reachableTime passes
 *  NONE ────────▶ INCOMPLETE ──────▶ REACHABLE ──────────────▶ STALE
 *   ▲                │ no answer        ▲  ▲                     │ packet
 *   ├────────────────┘                  │  └── confirmation ──── ▼
 *   │       no answer                   │                      DELAY
 *   └──────────────────────── PROBE ────┘ answer                 │ 5 s
 *                               ▲────────────────────────────────┘
 * </pre>
 */
public enum NeighborState {
    NONE(false), INCOMPLETE(false), REACHABLE(true), STALE(true), DELAY(true), PROBE(true);

    private final boolean usable;

    NeighborState(final boolean usable) {
        this.usable = usable;
    }

    /** Whether the link address is known, so that packets go out at once. */
    public boolean isUsable() {
        return usable;
    }
}
