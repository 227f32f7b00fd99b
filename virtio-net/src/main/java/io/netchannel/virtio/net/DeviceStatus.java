package io.netchannel.virtio.net;

/**
 * Bits of the device status field (VirtIO 1.3, 2.1) and the order in which a driver sets them (3.1.1).
 *
 * <pre>
 *   0 ──▶ ACKNOWLEDGE ──▶ DRIVER ──▶ FEATURES_OK ──▶ DRIVER_OK ──▶ (NEEDS_RESET)
 *   ▲          │             │            │              │              │
 *   └──────────┴─────────────┴── reset ───┴──────────────┴──────────────┘
 * </pre>
 * FAILED, by which the driver gives up, may be added at any point.
 */
public final class DeviceStatus {

    public static final int RESET = 0;
    public static final int ACKNOWLEDGE = 1;
    public static final int DRIVER = 2;
    public static final int DRIVER_OK = 4;
    public static final int FEATURES_OK = 8;
    /** Set by the device: it has found something from which only a reset helps. */
    public static final int NEEDS_RESET = 64;
    public static final int FAILED = 128;

    private DeviceStatus() {
    }

    public static String toString(final int status) {
        if (status == RESET) {
            return "RESET";
        }
        final StringBuilder out = new StringBuilder();
        append(out, status, ACKNOWLEDGE, "ACKNOWLEDGE");
        append(out, status, DRIVER, "DRIVER");
        append(out, status, FEATURES_OK, "FEATURES_OK");
        append(out, status, DRIVER_OK, "DRIVER_OK");
        append(out, status, NEEDS_RESET, "NEEDS_RESET");
        append(out, status, FAILED, "FAILED");
        return out.toString();
    }

    private static void append(final StringBuilder out, final int status, final int bit, final String name) {
        if ((status & bit) != 0) {
            out.append(out.isEmpty() ? "" : "|").append(name);
        }
    }
}
