package io.netchannel.tcpip.tcp;

import java.util.random.RandomGenerator;

/**
 * Initial sequence numbers, timestamp offsets and random numbers that an off-path attacker can't guess.
 *
 * <p>{@code ISN = M + F(local address, local port, remote address, remote port, secret)} with M a clock of 4 µs ticks
 * (RFC 6528, 3); F is SipHash-2-4 under a key of 128 random bits. The timestamp offset is another keyed hash of the
 * same (RFC 7323, 5.4 and 7.1), constant for a four-tuple, so that PAWS and TIME-WAIT reuse see one clock.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class IsnGenerator {

    private static final int TICK_SHIFT = 12;

    private final SipHash isnHash;
    private final SipHash timestampHash;
    private final SipHash randomHash;
    private final SipHash portHash;
    private long randomCounter;

    /** @param random a cryptographic source; a seeded one only in simulations */
    IsnGenerator(final RandomGenerator random) {
        this.isnHash = new SipHash(random.nextLong(), random.nextLong());
        this.timestampHash = new SipHash(random.nextLong(), random.nextLong());
        this.randomHash = new SipHash(random.nextLong(), random.nextLong());
        this.portHash = new SipHash(random.nextLong(), random.nextLong());
    }

    int initialSequence(final TcpEndpoint flow, final long nowNs) {
        // 2^12 ns is the tick nearest to the RFC's 4 µs that costs a shift.
        return (int) (nowNs >>> TICK_SHIFT) + (int) hash(isnHash, flow);
    }

    /** Of our answer to {@code syn}. */
    int initialSequence(final TcpSegment syn, final long nowNs) {
        return (int) (nowNs >>> TICK_SHIFT) + (int) hash(isnHash, syn);
    }

    int timestampOffset(final TcpEndpoint flow) {
        return (int) hash(timestampHash, flow);
    }

    /** Of the flow that {@code received} belongs to. */
    int timestampOffset(final TcpSegment received) {
        return (int) hash(timestampHash, received);
    }

    /** Where the search for a local port begins (RFC 6056, 3.3.4). */
    long portHash(final long localHigh, final long localLow, final long remoteHigh, final long remoteLow,
            final int remotePort) {
        return portHash.hash(localHigh, localLow, remoteHigh, remoteLow, remotePort);
    }

    /** A number that doesn't follow from those before it: SipHash in counter mode. */
    long nextRandom() {
        return randomHash.hash(randomCounter++, 0, 0, 0, 0);
    }

    /** Uniform enough in 0..bound-1 for bounds far below 2^32. */
    int nextRandom(final int bound) {
        return (int) ((nextRandom() >>> 32) * bound >>> 32);
    }

    private static long hash(final SipHash hash, final TcpEndpoint flow) {
        return hash.hash(flow.localHigh(), flow.localLow(), flow.remoteHigh(), flow.remoteLow(),
                (long) flow.localPort() << 16 | flow.remotePort());
    }

    private static long hash(final SipHash hash, final TcpSegment received) {
        return hash.hash(received.destinationHigh(), received.destinationLow(), received.sourceHigh(),
                received.sourceLow(), (long) received.destinationPort() << 16 | received.sourcePort());
    }
}
