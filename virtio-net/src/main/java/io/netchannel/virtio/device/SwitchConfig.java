package io.netchannel.virtio.device;

/**
 * How a {@link Switch} works.
 *
 * @param macTableEntries addresses that it remembers, rounded up to a power of two
 * @param ageingNs an address that has sent nothing for so long is forgotten (IEEE 802.1Q, 8.8.3)
 * @param maxWaitPolls how often in a row a frame to one port may find no buffers there before it is dropped; flooded
 *            frames never wait
 */
public record SwitchConfig(int macTableEntries, long ageingNs, int maxWaitPolls) {

    private static final int MAX_ENTRIES = 1 << 20;

    public SwitchConfig {
        if (macTableEntries < 1 || macTableEntries > MAX_ENTRIES) {
            throw new IllegalArgumentException(
                    "macTableEntries=" + macTableEntries + " is not within 1.." + MAX_ENTRIES);
        }
        if (ageingNs < 1) {
            throw new IllegalArgumentException("ageingNs=" + ageingNs + " < 1");
        }
        if (maxWaitPolls < 0) {
            throw new IllegalArgumentException("maxWaitPolls=" + maxWaitPolls + " < 0");
        }
    }

    /** 1,024 addresses for 300 seconds. */
    public static SwitchConfig defaults() {
        return new SwitchConfig(1024, 300_000_000_000L, 256);
    }

    public SwitchConfig withMacTableEntries(final int entries) {
        return new SwitchConfig(entries, ageingNs, maxWaitPolls);
    }

    public SwitchConfig withAgeingNs(final long newAgeingNs) {
        return new SwitchConfig(macTableEntries, newAgeingNs, maxWaitPolls);
    }

    public SwitchConfig withMaxWaitPolls(final int polls) {
        return new SwitchConfig(macTableEntries, ageingNs, polls);
    }
}
