package io.netchannel.tcpip.tcp.congestion;

/**
 * A congestion-control algorithm; one instance for each connection.
 *
 * <p>Order of calls: {@link #onEstablished}; then for each acknowledgment {@link #onAcknowledgment}, followed by
 * {@link #grow} if no recovery is under way and the acknowledgment is of something new; for each congestion event
 * {@link #onCongestion}, and {@link #undoSegments} if that turns out to have been spurious.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public interface CongestionControl {

    /** The name that Linux has for it, like {@code cubic}. */
    String name();

    /** The handshake is over; {@code window} is set to the initial one. */
    default void onEstablished(final CongestionWindow window, final long nowNs) {
    }

    /** Each acknowledgment, in recovery too, before {@link #grow}. */
    default void onAcknowledgment(final CongestionWindow window, final RateSample sample) {
    }

    /** New data was acknowledged, and no recovery is under way: the window may grow. */
    void grow(CongestionWindow window, RateSample sample);

    /** @return the new slow-start threshold, in segments; the sender brings the window down to it */
    int onCongestion(CongestionWindow window, CongestionEvent event, long nowNs);

    /** @return the window to return to, since the last congestion event was none */
    int undoSegments(CongestionWindow window, int priorSegments);

    /** Sending begins again after nothing was in flight for {@code idleNs}. */
    default void onTransmitStart(final CongestionWindow window, final long idleNs, final long nowNs) {
    }

    /** @return bytes for each second to pace at, or 0 to leave that to the sender (a multiple of window by RTT) */
    default long pacingRateBytesPerSecond(final CongestionWindow window) {
        return 0;
    }
}
