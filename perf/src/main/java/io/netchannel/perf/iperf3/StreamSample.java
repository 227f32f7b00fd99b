package io.netchannel.perf.iperf3;

/**
 * What a stream has counted since its start, and how it is doing.
 *
 * @param retransmits segments; 0 of a receiver
 * @param windowBytes congestion window
 * @param peerWindowBytes that the peer has offered
 * @param rttUs smoothed
 * @param packets of UDP: sent, or the highest number received
 * @param lost of UDP
 * @param jitterSeconds of UDP, by RFC 1889
 */
record StreamSample(long bytes, long retransmits, long windowBytes, long peerWindowBytes, long rttUs,
        long rttVariationUs, long pathMtuBytes, long packets, long lost, long outOfOrder, double jitterSeconds) {

    static final StreamSample ZERO = new StreamSample(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Counts since {@code earlier}; the rest as it is. */
    StreamSample since(final StreamSample earlier) {
        return new StreamSample(bytes - earlier.bytes, retransmits - earlier.retransmits, windowBytes, peerWindowBytes,
                rttUs, rttVariationUs, pathMtuBytes, packets - earlier.packets, lost - earlier.lost,
                outOfOrder - earlier.outOfOrder, jitterSeconds);
    }
}
