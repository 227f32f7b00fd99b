package io.netchannel.tcpip.tcp;

/**
 * Finds out what was lost, and says when the first unacknowledged segment is to be sent again. One instance for each
 * connection.
 *
 * <p>Threading: confined to the thread of its stack.
 */
interface LossRecovery {

    /** The handshake is over; {@code una} is the first sequence number of data. */
    void onEstablished(int una);

    /**
     * An acknowledgment of nothing new, while data is in flight (RFC 5681, 2).
     *
     * @param una SND.UNA
     * @param max the number after the highest sent
     * @return whether the segment at SND.UNA is to be retransmitted now
     */
    boolean onDuplicateAck(int una, int max, int mssBytes, CongestionControl congestion, long nowNs);

    /**
     * New data was acknowledged; tells {@code congestion}.
     *
     * @param una SND.UNA after it
     * @return whether the segment at SND.UNA is to be retransmitted now
     */
    boolean onAck(int una, int mssBytes, AckSample sample, CongestionControl congestion);

    /** The retransmission timer expired: all up to {@code max} is sent again from SND.UNA. */
    void onTimeout(int max);

    /** What may be in flight above the congestion window, because segments have left the network; may be negative. */
    int inflationBytes();

    boolean inRecovery();
}
