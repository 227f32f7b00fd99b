package io.netchannel.kernel.storage.fault;

/**
 * What a {@link SimulatedBlockDevice} does to its user. Shares are probabilities for each request.
 *
 * @param minLatencyNs of a request, drawn evenly; so requests overtake each other
 * @param maxLatencyNs no less
 * @param shortShare reads and writes of several blocks that move some of them only
 * @param errorShare requests that fail with EIO; of a write some sectors may be there then
 * @param spaceBytes that the medium holds, above which writes fail with ENOSPC; discards give back
 * @param cutAtWrite power goes when so many writes have got as far as to be carried out, before the last one completes; 0
 *            for never
 */
public record BlockFaults(long minLatencyNs, long maxLatencyNs, double shortShare, double errorShare, long spaceBytes,
        long cutAtWrite) {

    /** Every request succeeds, after 10 to 200 µs. */
    public static final BlockFaults NONE = new BlockFaults(10_000, 200_000, 0, 0, Long.MAX_VALUE, 0);

    public BlockFaults {
        if (minLatencyNs < 0 || maxLatencyNs < minLatencyNs) {
            throw new IllegalArgumentException(
                    "minLatencyNs=" + minLatencyNs + ", maxLatencyNs=" + maxLatencyNs + " are no range from 0 on");
        }
        requireShare("shortShare", shortShare);
        requireShare("errorShare", errorShare);
        if (spaceBytes < 0 || cutAtWrite < 0) {
            throw new IllegalArgumentException("spaceBytes=" + spaceBytes + ", cutAtWrite=" + cutAtWrite + " < 0");
        }
    }

    private static void requireShare(final String name, final double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + "=" + share + " is not within 0..1");
        }
    }

    public BlockFaults withShort(final double share) {
        return new BlockFaults(minLatencyNs, maxLatencyNs, share, errorShare, spaceBytes, cutAtWrite);
    }

    public BlockFaults withErrors(final double share) {
        return new BlockFaults(minLatencyNs, maxLatencyNs, shortShare, share, spaceBytes, cutAtWrite);
    }

    public BlockFaults withSpace(final long bytes) {
        return new BlockFaults(minLatencyNs, maxLatencyNs, shortShare, errorShare, bytes, cutAtWrite);
    }

    public BlockFaults withCutAtWrite(final long write) {
        return new BlockFaults(minLatencyNs, maxLatencyNs, shortShare, errorShare, spaceBytes, write);
    }
}
