package io.netchannel.tcpip.tcp;

/**
 * How much may be in flight. One instance for each connection.
 *
 * <p>Loss is found by {@link LossRecovery}; this hears of it, and of each acknowledgment of new data outside of
 * recovery.
 *
 * <p>Threading: confined to the thread of its stack.
 */
interface CongestionControl {

    /** The handshake is over, or the segment size has changed. */
    void onSegmentSize(int mssBytes);

    /** The SYN had to be sent again: the initial window is one segment (RFC 5681, 3.1). */
    void onHandshakeLoss();

    /** New data was acknowledged, and no recovery is under way. */
    void onAck(AckSample sample);

    /** Loss was found by duplicate acknowledgments, with {@code flightBytes} in flight; recovery begins. */
    void onLoss(int flightBytes, long nowNs);

    /** Recovery is over, with {@code flightBytes} in flight. */
    void onRecovered(int flightBytes, long nowNs);

    /**
     * The retransmission timer expired.
     *
     * @param repeated for the same data again
     */
    void onTimeout(int flightBytes, boolean repeated, long nowNs);

    /** Nothing was sent for longer than a retransmission timeout (RFC 5681, 4.1). */
    void onIdle();

    /** The congestion window. */
    int windowBytes();

    int slowStartThresholdBytes();

    default boolean inSlowStart() {
        return windowBytes() < slowStartThresholdBytes();
    }
}
