package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.tcp.congestion.CongestionWindow;
import io.netchannel.tcpip.tcp.recovery.CaState;
import io.netchannel.tcpip.tcp.recovery.Flight;

/**
 * How much goes into the next frame: Nagle's algorithm (RFC 896, as Minshall amended it), corking, the sender's side of
 * silly window avoidance (RFC 9293, 3.8.6.2.1), and frames that are better sent larger.
 *
 * <p>Minshall: a small segment waits only while another small one is unacknowledged, not while any is; so the end of a
 * large write doesn't wait for a delayed acknowledgment of its middle.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class SendPolicy {

    /** Nothing is to be sent now. */
    static final int NOTHING = -1;

    private static final int MAX_BURST_SEGMENTS = 3;
    private static final long RECENT_NS = 1_000_000;

    private final Flight flight;
    private final SendWindow window;
    private final FlowSettings settings;
    private final int windowDivisor;
    private boolean noDelay;
    // The last write said that another follows at once; over with that, or with an acknowledgment.
    private boolean moreFollows;
    private boolean endUnpushed;
    private boolean smallSent;
    private int smallEnd;

    // Why the last frame was put off.
    private boolean windowLimited;
    private boolean congestionLimited;

    SendPolicy(final Flight flight, final SendWindow window, final FlowSettings settings) {
        this.flight = flight;
        this.window = window;
        this.settings = settings;
        this.windowDivisor = settings.config.getInt(TcpSetting.FRAME_WINDOW_DIVISOR);
        this.noDelay = !settings.config.is(TcpSetting.NAGLE);
    }

    boolean noDelay() {
        return noDelay;
    }

    void noDelay(final boolean on) {
        noDelay = on;
    }

    /** Something was added to the queue. */
    void onWritten() {
        moreFollows = false;
        endUnpushed = false;
    }

    void moreFollows() {
        moreFollows = true;
        endUnpushed = true;
    }

    /** An acknowledgment has come. */
    void onHeard() {
        moreFollows = false;
    }

    /** The queue's end is the end of something, for a receiver to be told of by PSH. */
    boolean pushesEnd() {
        return !endUnpushed;
    }

    /** New data was sent, up to {@code end}; {@code small} if it ends with less than a full segment. */
    void onSent(final int end, final boolean small) {
        if (small) {
            smallSent = true;
            smallEnd = end;
        }
    }

    /** Up to {@code una} all is acknowledged. */
    void onAcknowledged(final int una) {
        if (smallSent && SeqNum.greaterOrEqual(una, smallEnd)) {
            smallSent = false;
        }
    }

    private boolean holdsSmall(final boolean pushing) {
        return !pushing && (settings.cork || moreFollows || !noDelay && smallSent && flight.packetsOut() > 0);
    }

    boolean windowLimited() {
        return windowLimited;
    }

    boolean congestionLimited() {
        return congestionLimited;
    }

    /**
     * @param waitingBytes in the queue, not yet sent; at least 1
     * @param quotaSegments that the congestion window and the link admit for a frame; at least 1
     * @param largestSegments that a frame may ever hold
     * @param last FIN follows the queue's end: nothing will join a small segment
     * @param pushing without Nagle
     * @return payload bytes, or {@link #NOTHING}
     */
    int frameBytes(final int waitingBytes, final int mssBytes, final int quotaSegments, final int largestSegments,
            final boolean last, final boolean pushing, final long nowNs) {
        final int roomBytes = window.roomBytes(flight.nxt());
        windowLimited = false;
        congestionLimited = false;
        if (Math.min(waitingBytes, mssBytes) > roomBytes) {
            windowLimited = true;
            return NOTHING;
        }
        if (waitingBytes < mssBytes) {
            return !last && holdsSmall(pushing) ? NOTHING : waitingBytes;
        }
        final int quotaBytes = quotaSegments * mssBytes;
        if (waitingBytes > mssBytes && quotaSegments > 1 && !pushing
                && worthWaiting(waitingBytes, roomBytes, largestSegments * mssBytes, last, nowNs)) {
            return NOTHING;
        }
        final int needed = Math.min(waitingBytes, roomBytes);
        if (quotaBytes <= needed) {
            return quotaBytes;
        }
        final int tail = needed % mssBytes;
        return tail != 0 && needed > tail && (needed < waitingBytes || !last) && holdsSmall(pushing)
                ? needed - tail
                : needed;
    }

    private boolean isWorthFrame(final long limitBytes) {
        if (windowDivisor == 0) {
            // Linux: as many segments as an acknowledgment may be late for.
            return limitBytes > (long) MAX_BURST_SEGMENTS * flight.window().mssBytes();
        }
        final CongestionWindow congestion = flight.window();
        final long wholeBytes = Math.min(window.bytes(), (long) congestion.segments() * congestion.mssBytes());
        return limitBytes >= wholeBytes / windowDivisor;
    }

    // A larger frame will be possible with the next acknowledgment, which is near: Nagle for super-frames.
    private boolean worthWaiting(final int waitingBytes, final int roomBytes, final int largestBytes,
            final boolean last, final long nowNs) {
        if (!flight.state().isBelow(CaState.RECOVERY) || nowNs - flight.lastSentNs() > RECENT_NS
                || flight.packetsOut() == 0) {
            return false;
        }
        final CongestionWindow congestion = flight.window();
        final long congestionBytes = (long) (congestion.segments() - flight.inFlight()) * congestion.mssBytes();
        final long limitBytes = Math.min(roomBytes, congestionBytes);
        final int frameBytes = Math.min(waitingBytes, largestBytes);
        if (limitBytes >= largestBytes || waitingBytes > frameBytes && limitBytes >= frameBytes) {
            return false;
        }
        final long smoothedNs = flight.rtt().smoothedNs();
        if (isWorthFrame(limitBytes)
                || flight.segments().headSentNs() + smoothedNs - nowNs > Math.min(smoothedNs >> 1, RECENT_NS)) {
            return false;
        }
        if (congestionBytes < roomBytes) {
            congestionLimited = congestionBytes <= frameBytes;
        } else {
            windowLimited = roomBytes <= frameBytes;
        }
        return congestionLimited || windowLimited || !last;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        noDelay = image.of(noDelay);
        moreFollows = image.of(moreFollows);
        endUnpushed = image.of(endUnpushed);
        smallSent = image.of(smallSent);
        smallEnd = image.sequence(smallEnd);
        windowLimited = image.of(windowLimited);
        congestionLimited = image.of(congestionLimited);
    }
}
