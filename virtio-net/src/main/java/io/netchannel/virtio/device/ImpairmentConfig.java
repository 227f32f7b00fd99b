package io.netchannel.virtio.device;

/**
 * What a link does to frames. Probabilities are per frame, 0 to 1, and independent.
 *
 * @param seed of all random choices: the same frames at the same times meet the same fate
 * @param loss probability that a frame is lost
 * @param duplicate probability that a frame arrives twice
 * @param corrupt probability that a bit of an IPv4 or IPv6 packet is flipped; other frames, which no checksum protects
 *            once they are off the wire, are spared
 * @param reorder probability that a frame is held for {@code reorderHoldNs} longer, so that later ones overtake it
 * @param reorderHoldNs see there
 * @param delayNs time on the link
 * @param jitterNs the delay varies by up to so much either way; order is kept
 * @param rateBitsPerSecond 0 for no limit
 * @param queueFrames frames on and before the link at a time; more are lost
 * @param ecnMarkNs packets capable of ECN are marked when they have to wait longer than this before the link (RFC 3168,
 *            5), instead of being lost later; 0 for never
 */
public record ImpairmentConfig(long seed, double loss, double duplicate, double corrupt, double reorder,
        long reorderHoldNs, long delayNs, long jitterNs, long rateBitsPerSecond, int queueFrames, long ecnMarkNs) {

    public static final int MAX_QUEUE_FRAMES = 1 << 16;
    private static final int DEFAULT_QUEUE_FRAMES = 1024;
    private static final long MAX_NS = 3_600_000_000_000L;

    public ImpairmentConfig {
        checkProbability("loss", loss);
        checkProbability("duplicate", duplicate);
        checkProbability("corrupt", corrupt);
        checkProbability("reorder", reorder);
        check("reorderHoldNs", reorderHoldNs, 0, MAX_NS);
        check("delayNs", delayNs, 0, MAX_NS);
        check("jitterNs", jitterNs, 0, delayNs);
        check("rateBitsPerSecond", rateBitsPerSecond, 0, 1_000_000_000_000_000L);
        check("queueFrames", queueFrames, 1, MAX_QUEUE_FRAMES);
        check("ecnMarkNs", ecnMarkNs, 0, MAX_NS);
        if (ecnMarkNs > 0 && rateBitsPerSecond == 0) {
            throw new IllegalArgumentException("ecnMarkNs=" + ecnMarkNs
                    + " with rateBitsPerSecond=0: nothing waits before a link without a rate; set the rate first");
        }
    }

    private static void checkProbability(final String name, final double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + "=" + value + " is not within 0..1");
        }
    }

    private static void check(final String name, final long value, final long from, final long to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(name + "=" + value + " is not within " + from + ".." + to);
        }
    }

    /** A link that does nothing to frames, but finishes them: no super-frames, no partial checksums. */
    public static ImpairmentConfig none(final long seed) {
        return new ImpairmentConfig(seed, 0, 0, 0, 0, 0, 0, 0, 0, DEFAULT_QUEUE_FRAMES, 0);
    }

    public ImpairmentConfig withSeed(final long newSeed) {
        return new ImpairmentConfig(newSeed, loss, duplicate, corrupt, reorder, reorderHoldNs, delayNs, jitterNs,
                rateBitsPerSecond, queueFrames, ecnMarkNs);
    }

    public ImpairmentConfig withLoss(final double probability) {
        return new ImpairmentConfig(seed, probability, duplicate, corrupt, reorder, reorderHoldNs, delayNs, jitterNs,
                rateBitsPerSecond, queueFrames, ecnMarkNs);
    }

    public ImpairmentConfig withDuplicate(final double probability) {
        return new ImpairmentConfig(seed, loss, probability, corrupt, reorder, reorderHoldNs, delayNs, jitterNs,
                rateBitsPerSecond, queueFrames, ecnMarkNs);
    }

    public ImpairmentConfig withCorrupt(final double probability) {
        return new ImpairmentConfig(seed, loss, duplicate, probability, reorder, reorderHoldNs, delayNs, jitterNs,
                rateBitsPerSecond, queueFrames, ecnMarkNs);
    }

    public ImpairmentConfig withReorder(final double probability, final long holdNs) {
        return new ImpairmentConfig(seed, loss, duplicate, corrupt, probability, holdNs, delayNs, jitterNs,
                rateBitsPerSecond, queueFrames, ecnMarkNs);
    }

    public ImpairmentConfig withDelay(final long newDelayNs, final long newJitterNs) {
        return new ImpairmentConfig(seed, loss, duplicate, corrupt, reorder, reorderHoldNs, newDelayNs, newJitterNs,
                rateBitsPerSecond, queueFrames, ecnMarkNs);
    }

    public ImpairmentConfig withRate(final long bitsPerSecond) {
        return new ImpairmentConfig(seed, loss, duplicate, corrupt, reorder, reorderHoldNs, delayNs, jitterNs,
                bitsPerSecond, queueFrames, ecnMarkNs);
    }

    public ImpairmentConfig withQueueFrames(final int frames) {
        return new ImpairmentConfig(seed, loss, duplicate, corrupt, reorder, reorderHoldNs, delayNs, jitterNs,
                rateBitsPerSecond, frames, ecnMarkNs);
    }

    /** After {@link #withRate}. */
    public ImpairmentConfig withEcnMark(final long waitNs) {
        return new ImpairmentConfig(seed, loss, duplicate, corrupt, reorder, reorderHoldNs, delayNs, jitterNs,
                rateBitsPerSecond, queueFrames, waitNs);
    }
}
