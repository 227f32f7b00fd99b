package io.netchannel.tcpip.autoconf;

/** Preference of routers and routes (RFC 4191, 2.1). */
public enum RouterPreference {
    HIGH(512), MEDIUM(1024), LOW(2048);

    private final int metric;

    RouterPreference(final int metric) {
        this.metric = metric;
    }

    /** Of routes; those configured by hand, with 0, go first. */
    public int metric() {
        return metric;
    }

    /**
     * @param bits the two bits of the field
     * @return null for the reserved value
     */
    static RouterPreference of(final int bits) {
        return switch (bits) {
            case 0b01 -> HIGH;
            case 0b00 -> MEDIUM;
            case 0b11 -> LOW;
            default -> null;
        };
    }
}
