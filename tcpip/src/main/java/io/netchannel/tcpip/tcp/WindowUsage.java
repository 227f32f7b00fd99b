package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.tcp.congestion.CongestionWindow;
import io.netchannel.tcpip.tcp.congestion.RateSample;
import io.netchannel.tcpip.tcp.recovery.CaState;
import io.netchannel.tcpip.tcp.recovery.Flight;

/**
 * Keeps the congestion window honest: it grows only while it is used, and what is not used for long is given back
 * (RFC 7661 and 2861; RFC 5681, 4.1).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class WindowUsage {

    private final Flight flight;
    private final boolean restarts;
    private final int initialSegments;
    private boolean limited;
    private int maxPacketsOut;
    private int usageEnd;
    private int usedSegments;
    private long stampNs;

    WindowUsage(final Flight flight, final TcpConfig config) {
        this.flight = flight;
        this.restarts = config.is(TcpSetting.SLOW_START_AFTER_IDLE);
        this.initialSegments = config.getInt(TcpSetting.INITIAL_WINDOW_SEGMENTS);
    }

    void begin(final int sequence, final long nowNs) {
        usageEnd = sequence;
        stampNs = nowNs;
    }

    /** Whether it is the window that limits this flight; in slow start, half of it is enough. */
    boolean isLimited() {
        final CongestionWindow window = flight.window();
        return limited || window.inSlowStart() && window.segments() < 2 * maxPacketsOut;
    }

    /** The window was changed for another reason. */
    void touch(final long nowNs) {
        stampNs = nowNs;
    }

    /** {@code sample} is about to be taken by congestion control. */
    void complete(final RateSample sample) {
        sample.windowLimited = isLimited();
    }

    /** Sending has stopped. @param byWindow because the window is full */
    void validate(final boolean byWindow, final boolean writerWaits, final long nowNs) {
        final int packetsOut = flight.packetsOut();
        if (SeqNum.greaterOrEqual(flight.una(), usageEnd) || byWindow || !limited && packetsOut > maxPacketsOut) {
            limited = byWindow;
            maxPacketsOut = packetsOut;
            usageEnd = flight.nxt();
        }
        if (isLimited()) {
            usedSegments = 0;
            stampNs = nowNs;
            return;
        }
        usedSegments = Math.max(usedSegments, packetsOut);
        if (restarts && nowNs - stampNs >= flight.rtt().rtoNs()) {
            shrink(writerWaits, nowNs);
        }
    }

    // For a timeout's length the window was not full: half of what wasn't needed is given back.
    private void shrink(final boolean writerWaits, final long nowNs) {
        final CongestionWindow window = flight.window();
        if (flight.state() == CaState.OPEN && !writerWaits) {
            final int used = Math.max(usedSegments, initialSegments);
            if (used < window.segments()) {
                flight.holdThreshold();
                window.segments(window.segments() + used >> 1);
            }
            usedSegments = 0;
        }
        stampNs = nowNs;
    }

    /** Something is about to be sent, with nothing in flight: for each timeout of silence half of the window is gone. */
    void onStart(final long nowNs) {
        final long rtoNs = flight.rtt().rtoNs();
        long idleNs = nowNs - flight.lastSentNs();
        if (!restarts || flight.packetsOut() > 0 || idleNs <= rtoNs) {
            return;
        }
        final CongestionWindow window = flight.window();
        int segments = window.segments();
        final int least = Math.min(initialSegments, segments);
        flight.holdThreshold();
        for (idleNs -= rtoNs; idleNs > 0 && segments > least; idleNs -= rtoNs) {
            segments >>= 1;
        }
        window.segments(Math.max(segments, least));
        stampNs = nowNs;
        usedSegments = 0;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        limited = image.of(limited);
        maxPacketsOut = image.of(maxPacketsOut);
        usageEnd = image.sequence(usageEnd);
        usedSegments = image.of(usedSegments);
        stampNs = image.of(stampNs);
    }
}
