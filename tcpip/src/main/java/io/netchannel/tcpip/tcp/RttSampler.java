package io.netchannel.tcpip.tcp;

/**
 * Takes round-trip times: of one segment at a time by the stack's own clock, to the nanosecond; and by the peer's echo
 * of a timestamp, to the millisecond, where that clock can't tell which of two copies was acknowledged (Karn; RFC 7323,
 * 4.1).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class RttSampler {

    private final TcpTimestamps timestamps;
    private boolean timing;
    private int timedSequence;
    private long timedAtNs;

    RttSampler(final TcpTimestamps timestamps) {
        this.timestamps = timestamps;
    }

    /** New data was sent, from {@code sequence} on. */
    void onSent(final int sequence, final long nowNs) {
        if (!timing) {
            timing = true;
            timedSequence = sequence;
            timedAtNs = nowNs;
        }
    }

    /** What was sent before was sent again: an acknowledgment could be of either copy. */
    void onRetransmitted(final int start, final int end) {
        if (timing && SeqNum.greaterOrEqual(timedSequence, start) && SeqNum.lessThan(timedSequence, end)) {
            timing = false;
        }
    }

    /** All will be sent again. */
    void cancel() {
        timing = false;
    }

    /**
     * New data was acknowledged.
     *
     * @param una SND.UNA after it
     * @param options of the segment that acknowledged it
     * @return the round-trip time, or {@link AckSample#NO_RTT}
     */
    long take(final int una, final TcpOptions options, final long nowNs) {
        if (timing && SeqNum.greaterThan(una, timedSequence)) {
            timing = false;
            return nowNs - timedAtNs;
        }
        if (timing || !timestamps.enabled() || !options.hasTimestamps()) {
            return AckSample.NO_RTT;
        }
        return timestamps.elapsedNs(options.timestampEcho(), nowNs);
    }
}
