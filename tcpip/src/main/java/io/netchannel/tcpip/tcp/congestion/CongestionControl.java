package io.netchannel.tcpip.tcp.congestion;

import io.netchannel.tcpip.tcp.ConnectionImage;

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

    /**
     * Lets a connection that has nothing to do be remembered by less than objects: hands all fields through the image, as
     * {@link ConnectionImage} describes, and another instance does so again when the connection wakes up.
     *
     * @return false if it doesn't: then this instance itself is kept
     */
    default boolean keep(final ConnectionImage image) {
        return false;
    }

    /** @return bytes for each second to pace at, or 0 to leave that to the sender (a multiple of window by RTT) */
    default long pacingRateBytesPerSecond(final CongestionWindow window) {
        return 0;
    }
}
