package io.netchannel.kernel.sched;

/**
 * When a {@link LoopWatchdog} steps in.
 *
 * @param reportNs a call-back, task or turn that takes longer is reported; 0 for no watchdog at all
 * @param takeOverNs in a call-back that takes longer somebody stands in for the loop; 0 for never
 */
public record WatchdogConfig(long reportNs, long takeOverNs) {

    public static final WatchdogConfig OFF = new WatchdogConfig(0, 0);

    /** Takes over before a peer can take the silence for loss (RFC 6298 with Linux's 200 ms), and reports what a user would notice. */
    public static final WatchdogConfig DEFAULT = new WatchdogConfig(100_000_000, 5_000_000);

    private static final long MIN_NS = 1_000_000;

    public WatchdogConfig {
        check("reportNs", reportNs);
        check("takeOverNs", takeOverNs);
        if (reportNs == 0 && takeOverNs != 0) {
            throw new IllegalArgumentException("takeOverNs=" + takeOverNs + " without reportNs: give both");
        }
    }

    private static void check(final String what, final long valueNs) {
        if (valueNs != 0 && valueNs < MIN_NS) {
            throw new IllegalArgumentException(what + "=" + valueNs + " < MIN=" + MIN_NS);
        }
    }

    public boolean isOn() {
        return reportNs != 0;
    }

    /** Whether loops lend their stacks. */
    public boolean takesOver() {
        return takeOverNs != 0;
    }

    /** Between two looks at the loops. */
    long intervalNs() {
        return Math.clamp(Math.min(reportNs, takesOver() ? takeOverNs : reportNs) / 2, 1_000_000, 10_000_000);
    }
}
