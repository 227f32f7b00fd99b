package io.netchannel.tcpip.tcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;

import io.netchannel.tcpip.tcp.congestion.CongestionWindow;
import io.netchannel.tcpip.tcp.recovery.Flight;

/**
 * Spreads frames over the round trip: each has an earliest time of departure, which the one before it sets by its
 * length. The rate is known without pacing too, since applications ask for it.
 *
 * <pre>
 *   rate = ratio * max(cwnd, packets out) * MSS / SRTT        at most the flow's limit
 * </pre>
 * <p>Threading: confined to the thread of its stack.
 */
final class Pacing {

    private static final long NS_PER_SECOND = 1_000_000_000L;
    // Before the first round trip is known.
    private static final long UNKNOWN_RTT_NS = 1_000_000;
    private static final int UNPACED_SEGMENTS = 10;
    // A frame is about a millisecond of the rate.
    private static final int FRAME_SHIFT = 10;
    // Each such time of the path halves what a frame may hold for being near.
    private static final int RTT_SHIFT = 9;
    private static final int MAX_FRAME_BYTES = 65_535;
    // Below it a frame may hold all that there is room for.
    private static final long SHORT_PATH_NS = 1_000L << RTT_SHIFT;

    private final Flight flight;
    private final FlowSettings settings;
    private final boolean always;
    private final int slowStartPercent;
    private final int avoidancePercent;
    private final int leastFrameSegments;
    // Computed when somebody asks, since few do: a division for each acknowledgment is dear.
    private long rate;
    private boolean stale = true;
    private long departureNs = Long.MIN_VALUE;
    private boolean waiting;

    Pacing(final Flight flight, final FlowSettings settings) {
        this.flight = flight;
        this.settings = settings;
        this.always = settings.config.is(TcpSetting.PACING);
        this.slowStartPercent = settings.config.getInt(TcpSetting.PACING_SLOW_START_PERCENT);
        this.avoidancePercent = settings.config.getInt(TcpSetting.PACING_AVOIDANCE_PERCENT);
        this.leastFrameSegments = settings.config.getInt(TcpSetting.MIN_FRAME_SEGMENTS);
    }

    private boolean isOn() {
        return always || settings.maxPacingRate > 0;
    }

    /** Bytes for each second. */
    long rate() {
        if (stale) {
            compute();
        }
        return rate;
    }

    /** The window or the round-trip time has changed. */
    void update() {
        stale = true;
    }

    private void compute() {
        stale = false;
        final CongestionWindow window = flight.window();
        long wanted = flight.congestion().pacingRateBytesPerSecond(window);
        if (wanted == 0) {
            final int percent = window.segments() < window.thresholdSegments() / 2
                    ? slowStartPercent
                    : avoidancePercent;
            final long rttNs = flight.rtt().hasSample() ? Math.max(flight.rtt().smoothedNs(), 1) : UNKNOWN_RTT_NS;
            final long windowBytes = (long) Math.max(window.segments(), flight.packetsOut()) * window.mssBytes();
            wanted = (long) ((double) windowBytes * percent / 100 * NS_PER_SECOND / rttNs);
        }
        rate = settings.maxPacingRate > 0 ? Math.min(wanted, settings.maxPacingRate) : wanted;
    }

    /** Whether the next frame must wait. */
    boolean blocks(final long nowNs) {
        waiting = isOn() && departureNs > nowNs;
        return waiting;
    }

    /** {@code lengthBytes} were sent. */
    void onSent(final int lengthBytes, final long sentSegments, final long nowNs) {
        final long idleNs = departureNs == Long.MIN_VALUE ? 0 : Math.max(nowNs - departureNs, 0);
        departureNs = Math.max(departureNs, nowNs);
        if (!isOn() || sentSegments < UNPACED_SEGMENTS || rate() == 0) {
            return;
        }
        final long lengthNs = lengthBytes * NS_PER_SECOND / rate();
        departureNs += lengthNs - Math.min(lengthNs / 2, idleNs);
    }

    /** Whether a frame waits. */
    boolean isWaiting() {
        return waiting;
    }

    /** Sending is about to be tried again: whether something waits will show; or nothing ever will be sent any more. */
    void beginTurn() {
        waiting = false;
    }

    /** When the frame that waits may go. */
    long deadlineNs() {
        return waiting ? departureNs : NO_DEADLINE;
    }

    /** Segments that a frame may hold: about a millisecond of the rate, or as many as there can be on a short path. */
    int frameSegments(final int mssBytes, final int largest) {
        final long minimumNs = flight.rtt().minimumNs();
        if (minimumNs < SHORT_PATH_NS || largest <= leastFrameSegments) {
            return largest;
        }
        long bytes = rate() >> FRAME_SHIFT;
        final long rounds = minimumNs / 1_000 >> RTT_SHIFT;
        if (rounds < Integer.SIZE) {
            bytes += MAX_FRAME_BYTES >> rounds;
        }
        final long segments = Math.max(Math.min(bytes, MAX_FRAME_BYTES) / mssBytes, leastFrameSegments);
        return (int) Math.min(segments, largest);
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        rate = image.of(rate);
        stale = image.of(stale);
        departureNs = image.of(departureNs);
        waiting = image.of(waiting);
    }
}
