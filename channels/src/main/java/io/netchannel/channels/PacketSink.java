package io.netchannel.channels;

/**
 * Takes received packets: a stack on the same loop, or the producer's side of a channel to another.
 *
 * <p>Threading: one thread, the one that polls the driver.
 */
public interface PacketSink {

    /**
     * Takes over the packet, whose metadata the classifier has filled in; if it can't be kept it is counted and
     * released.
     */
    void accept(long packet);

    /** No more for now: publish, and wake whoever waits. */
    void endOfBurst();
}
