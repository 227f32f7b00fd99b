package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.MIN_HEADER_BYTES;

import io.netchannel.tcpip.tcp.recovery.CaState;
import io.netchannel.tcpip.tcp.recovery.Flight;

/**
 * Finds the path's MTU without ICMP (RFC 4821): now and then a segment is larger than the others; if it arrives, all
 * become so, and if it alone is lost, none, and the window stays as it was.
 *
 * <pre>
 *   low                    probe = (low + high) / 2                      high
 *    |- known to pass ------------|------------------ may pass -----------|     packet bytes
 * </pre>
 * After repeated timeouts it also goes down: large packets may vanish without a word (7.7).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class MtuProbe {

    /** {@link #probeBytes}: none now. */
    static final int NO_PROBE = -1;
    /** Soon: nothing else is to be sent until then. */
    static final int WAIT = 0;

    private static final int LEAST_WINDOW_SEGMENTS = 11;

    private final Flight flight;
    private final SendWindow window;
    private final TcpConfig config;
    private boolean enabled;
    private int headerBytes;
    private int lowBytes;
    private int highBytes;
    private int largestBytes;
    private int probeBytes;
    private long sinceNs;

    MtuProbe(final Flight flight, final SendWindow window, final TcpConfig config) {
        this.flight = flight;
        this.window = window;
        this.config = config;
    }

    /**
     * @param largestMssBytes what the peer takes, options included
     * @param networkBytes of headers around a segment
     */
    void begin(final int largestMssBytes, final int networkBytes, final long nowNs) {
        enabled = config.getInt(TcpSetting.MTU_PROBING) > 1;
        headerBytes = networkBytes + MIN_HEADER_BYTES;
        largestBytes = largestMssBytes + headerBytes;
        highBytes = largestBytes;
        lowBytes = config.getInt(TcpSetting.MTU_PROBE_BASE_BYTES) + headerBytes;
        sinceNs = nowNs;
    }

    /** What is known to pass, in bytes of a segment with {@code optionBytes} of options. */
    int boundSegment(final int mssBytes, final int optionBytes) {
        return enabled ? Math.min(mssBytes, lowBytes - headerBytes - optionBytes) : mssBytes;
    }

    /** A router says what passes. */
    void onPathMtu(final int mtuBytes) {
        highBytes = Math.min(highBytes, mtuBytes);
        lowBytes = Math.min(lowBytes, highBytes);
    }

    /** Timeout after timeout (RFC 4821, 7.7). @return whether segments are to be smaller */
    boolean onBlackHole(final long nowNs) {
        if (config.getInt(TcpSetting.MTU_PROBING) == 0) {
            return false;
        }
        if (!enabled) {
            enabled = true;
            sinceNs = nowNs;
        } else {
            int mss = lowBytes - headerBytes >> 1;
            mss = Math.min(config.getInt(TcpSetting.MTU_PROBE_BASE_BYTES), mss);
            mss = Math.max(mss, config.getInt(TcpSetting.MTU_PROBE_FLOOR_BYTES));
            mss = Math.max(mss, config.getInt(TcpSetting.MIN_SEND_SEGMENT_BYTES));
            lowBytes = mss + headerBytes;
        }
        return true;
    }

    /**
     * @param unsentBytes in the queue
     * @return payload of a probe to be sent now, {@link #NO_PROBE} or {@link #WAIT}
     */
    int probeBytes(final int unsentBytes, final int mssBytes, final int optionBytes, final long nowNs) {
        if (!enabled || flight.mtuProbe().isUnderWay() || flight.state() != CaState.OPEN
                || flight.window().segments() < LEAST_WINDOW_SEGMENTS) {
            return NO_PROBE;
        }
        final int bytes = (highBytes + lowBytes >> 1) - headerBytes - optionBytes;
        if (highBytes - lowBytes < Math.max(config.getInt(TcpSetting.MTU_PROBE_THRESHOLD_BYTES), 1)) {
            searchAnew(mssBytes + optionBytes, nowNs);
            return NO_PROBE;
        }
        final int neededBytes = bytes + (flight.reordering().segments() + 1) * mssBytes;
        if (unsentBytes < neededBytes || window.bytes() < neededBytes) {
            return NO_PROBE;
        }
        final int inFlight = flight.inFlight();
        if (window.roomBytes(flight.nxt()) < neededBytes) {
            return WAIT;
        }
        if (inFlight + 2 > flight.window().segments()) {
            return inFlight == 0 ? NO_PROBE : WAIT;
        }
        return bytes;
    }

    private void searchAnew(final int segmentBytes, final long nowNs) {
        if (nowNs - sinceNs >= config.get(TcpSetting.MTU_PROBE_INTERVAL_NS)) {
            sinceNs = nowNs;
            lowBytes = segmentBytes + headerBytes;
            highBytes = largestBytes;
        }
    }

    /** The probe is what was sent last. */
    void onSent(final int start, final int lengthBytes, final int optionBytes) {
        probeBytes = lengthBytes + optionBytes + headerBytes;
        // It takes the place of two.
        flight.window().segments(flight.window().segments() - 1);
        flight.mtuProbe().begin(start, flight.nxt());
    }

    /** After each acknowledgment while a probe is out. @return whether segments become larger */
    boolean onAcknowledgment(final int mssBytes, final int optionBytes) {
        if (!flight.mtuProbe().arrivedAt(flight.una())) {
            return false;
        }
        final long bytes = (long) flight.window().segments() * (mssBytes + optionBytes + headerBytes);
        flight.onMtuProbed((int) Math.max(bytes / probeBytes, 1));
        lowBytes = probeBytes;
        return true;
    }

    /** The probe was lost and recovery has said so. */
    void onFailure() {
        highBytes = probeBytes - 1;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        enabled = image.of(enabled);
        headerBytes = image.of(headerBytes);
        lowBytes = image.of(lowBytes);
        highBytes = image.of(highBytes);
        largestBytes = image.of(largestBytes);
        probeBytes = image.of(probeBytes);
        sinceNs = image.of(sinceNs);
    }
}
