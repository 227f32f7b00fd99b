package io.netchannel.virtio.device;

/**
 * How a {@link Wire} treats frames.
 *
 * @param maxWaitPolls how often in a row a frame may find the receiver without buffers before it is dropped;
 *            {@link #WAIT} to let it wait in the sender's queue, which then fills up: back-pressure
 * @param impairmentToB what happens to frames from a to b, or null for nothing
 * @param impairmentToA what happens to frames from b to a, or null for nothing
 */
public record WireConfig(int maxWaitPolls, ImpairmentConfig impairmentToB, ImpairmentConfig impairmentToA) {

    public static final int WAIT = -1;

    /** Nothing is lost. */
    public static WireConfig lossless() {
        return new WireConfig(WAIT, null, null);
    }

    /** The same in both directions, from two seeds. */
    public static WireConfig impaired(final ImpairmentConfig impairment) {
        return new WireConfig(WAIT, impairment, impairment.withSeed(impairment.seed() + 1));
    }

    public WireConfig withMaxWaitPolls(final int polls) {
        return new WireConfig(polls, impairmentToB, impairmentToA);
    }
}
