package io.netchannel.tcpip.tcp;

import io.netchannel.tcpip.tcp.congestion.RateSample;

import io.netchannel.kernel.sched.Poller;

/**
 * The receive window: how far its edge is promised, and how large the buffer behind it is.
 *
 * <pre>
 *   RCV.NXT            RCV.NXT + threshold          RCV.NXT + limit - unread
 *      |------ promised ------|- - - room that is not shown yet - - -|
 * </pre>
 * The promised edge never moves back (RFC 9293, 3.8.6.2.2). It moves forward by whole segments if windows are not
 * scaled, and not at all while less than a segment or a sixteenth of the buffer is free (silly window avoidance, RFC
 * 9293, 3.8.6.2.2, with Linux's numbers). What is shown of the room grows by two segments for each that comes, as the
 * peer's congestion window may (Linux: rcv_ssthresh).
 *
 * <p>With {@link TcpSetting#EXACT_WINDOW} all of the room is the window, even more than the field can say, and the buffer
 * is a whole number of segments; a window that would invite less than a segment is still zero.
 *
 * <p>The limit follows what the application consumes in a round trip (dynamic right-sizing): twice that, and more while
 * it grows, so that the window is never what holds the peer back. A limit that the application has set ends this.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class ReceiveWindow {

    static final int MAX_FIELD = 0xFFFF;

    // Segments that are shorter don't widen the window: they cost more memory than they bring.
    private static final int MIN_GROWTH_BYTES = 128;
    private static final int INITIAL_SEGMENTS = 10;
    private static final long NEVER = Poller.NO_DEADLINE;

    private final TcpCounters counters;
    private boolean tuned;
    private final boolean exact;
    private final int maxLimitBytes;
    private int limitBytes;
    private int scale;
    private int thresholdBytes;
    private int promised;
    private int offeredBytes;
    private boolean shut;

    // The round trip as the receiver sees it, 8 times.
    private long rttNs8;
    private int rttUntil;
    private long rttSinceNs = NEVER;
    private int lastEcho;

    private int copiedFrom;
    private long copiedSinceNs;
    private int copiedBytes = MAX_FIELD;

    ReceiveWindow(final TcpConfig config, final TcpCounters counters) {
        this.counters = counters;
        this.tuned = config.is(TcpSetting.BUFFER_AUTOTUNING);
        this.exact = config.is(TcpSetting.EXACT_WINDOW);
        this.limitBytes = config.getInt(TcpSetting.RECEIVE_BUFFER_BYTES);
        this.maxLimitBytes = config.getInt(TcpSetting.RECEIVE_BUFFER_MAX_BYTES);
    }

    /**
     * The peer's SYN has come, and ours said {@code window} with no scale applied.
     *
     * @param mssBytes what ours lets the peer send in one segment, with the options which each carries
     */
    void onSyn(final int next, final int window, final int mssBytes) {
        if (exact) {
            limitBytes = wholeSegments(limitBytes, mssBytes);
        }
        promised = SeqNum.add(next, exact ? Math.max(window, limitBytes) : window);
        offeredBytes = window;
        thresholdBytes = window;
        copiedFrom = next;
    }

    /** Both SYNs are known. {@code segmentBytes} is what the peer may send in one. */
    void onEstablished(final int shift, final int segmentBytes, final long nowNs) {
        scale = shift;
        limitBytes = exact ? limitBytes : Math.min(limitBytes, MAX_FIELD << shift);
        thresholdBytes = Math.min(thresholdBytes, limitBytes);
        copiedBytes = Math.min(thresholdBytes, INITIAL_SEGMENTS * segmentBytes);
        copiedSinceNs = nowNs;
    }

    private static int wholeSegments(final int bytes, final int segmentBytes) {
        return (bytes + segmentBytes - 1) / segmentBytes * segmentBytes;
    }

    int limitBytes() {
        return limitBytes;
    }

    /** What the last acknowledgment has offered. */
    int offeredBytes() {
        return offeredBytes;
    }

    /** RCV.WND, from {@code next} on. */
    int bytes(final int next) {
        return SeqNum.distance(next, promised);
    }

    /** RCV.NXT has passed the edge: a FIN there, or a segment that was taken although it was too long. */
    void reach(final int next) {
        promised = SeqNum.max(promised, next);
    }

    /** The application fixes the buffer. The edge stays where it was promised. */
    void fix(final int bytes) {
        tuned = false;
        limitBytes = Math.min(bytes, MAX_FIELD << scale);
        thresholdBytes = Math.min(Math.max(thresholdBytes, Math.min(limitBytes, MAX_FIELD)), limitBytes);
    }

    /**
     * Whether a segment that begins at RCV.NXT or beyond is taken. As Linux does, one that is too long is if nothing
     * {@code waits}, since there is memory for it.
     */
    boolean admits(final TcpSegment segment, final int next, final boolean nothingWaits) {
        final int room = bytes(next);
        final int ahead = SeqNum.distance(next, segment.sequence());
        if (room == 0 && ahead == 0) {
            // A FIN needs no room.
            if (segment.payloadBytes() > 0) {
                counters.increment(TcpCounter.ZERO_WINDOW_DROPS);
            }
            return segment.payloadBytes() == 0;
        }
        if (ahead >= room && ahead > 0) {
            counters.increment(TcpCounter.OUT_OF_WINDOW);
            return false;
        }
        if (ahead + segment.payloadBytes() > room && !nothingWaits) {
            counters.increment(TcpCounter.BEYOND_WINDOW);
            return false;
        }
        return true;
    }

    // -- what is offered

    /** Whether less than half of the buffer is free. */
    boolean isShort(final int unreadBytes) {
        return limitBytes - unreadBytes < limitBytes >>> 1;
    }

    /** The window that could be offered now; the present one may be larger. */
    int select(final int unreadBytes, final int peerSegmentBytes) {
        int free = Math.max(0, limitBytes - unreadBytes);
        final int segment = Math.min(peerSegmentBytes, limitBytes);
        if (exact) {
            return free < limitBytes >>> 2 && free < segment ? 0 : free + (1 << scale) - 1 >>> scale << scale;
        }
        if (isShort(unreadBytes)) {
            free = free >>> scale << scale;
            if (free < limitBytes >>> 4 || free < segment) {
                return 0;
            }
        }
        free = Math.min(free, thresholdBytes);
        if (scale > 0) {
            return roundUp(free);
        }
        if (offeredBytes <= free - segment || offeredBytes > free) {
            return free / segment * segment;
        }
        final boolean small = segment == limitBytes && free > offeredBytes + limitBytes / 2;
        return small ? free : offeredBytes;
    }

    // To what the field can say; up, so that the peer is not told less than it was promised.
    private int roundUp(final int bytes) {
        return Math.min(bytes + (1 << scale) - 1 >>> scale, MAX_FIELD) << scale;
    }

    /** The window field of a segment that acknowledges {@code next}; moves the edge. */
    int advertise(final int next, final int unreadBytes, final int peerSegmentBytes, final boolean counted) {
        final int present = bytes(next);
        int window = select(unreadBytes, peerSegmentBytes);
        if (window < present) {
            if (window == 0) {
                counters.increment(TcpCounter.WANT_ZERO_WINDOW);
            }
            window = Math.max(present, Math.min(roundUp(present), MAX_FIELD << scale));
        }
        promised = SeqNum.add(next, window);
        offeredBytes = window;
        final int field = Math.min(window >>> scale, MAX_FIELD);
        if (counted) {
            note(field == 0);
        }
        return field;
    }

    /** The field for a segment that acknowledges less than RCV.NXT: says where the edge is, and leaves it there. */
    int fieldFor(final int acknowledgment) {
        return Math.min(bytes(acknowledgment) >>> scale, MAX_FIELD);
    }

    /** The field says zero although the edge is elsewhere: no buffer is left for what was promised room. */
    int advertiseNone() {
        note(true);
        return 0;
    }

    private void note(final boolean zero) {
        if (zero != shut) {
            shut = zero;
            counters.increment(zero ? TcpCounter.TO_ZERO_WINDOW : TcpCounter.FROM_ZERO_WINDOW);
        }
    }

    /** After a read: whether the peer must hear at once of the room (at least twice of what it knows of). */
    boolean isUpdateDue(final int next, final int unreadBytes, final int peerSegmentBytes) {
        final int present = bytes(next);
        if (exact) {
            // RFC 9293, 3.8.6.2.2, with FreeBSD's numbers.
            final int more = select(unreadBytes, peerSegmentBytes) - present;
            return more >= 2 * peerSegmentBytes && more >= limitBytes >>> 2 || more >= limitBytes >>> 1;
        }
        if (2L * present > limitBytes) {
            return false;
        }
        final int window = select(unreadBytes, peerSegmentBytes);
        return window > 0 && window >= 2L * present;
    }

    // -- growth

    /** A segment came. @return whether more of the room is shown from now on */
    boolean grow(final int lengthBytes, final int unreadBytes, final int ownSegmentBytes) {
        final int room = limitBytes - Math.max(unreadBytes, 0) - thresholdBytes;
        if (room <= 0 || lengthBytes < MIN_GROWTH_BYTES) {
            return false;
        }
        thresholdBytes += Math.min(room, 2 * Math.max(ownSegmentBytes, lengthBytes));
        return true;
    }

    /** Round trip, without timestamps: the time in which a whole window came. */
    void measure(final int next, final long nowNs) {
        if (rttSinceNs != NEVER) {
            if (SeqNum.lessThan(next, rttUntil)) {
                return;
            }
            final long sampleNs = Math.max(1_000, nowNs - rttSinceNs);
            // The peer may have paused meanwhile: only the least counts.
            if (rttNs8 == 0 || sampleNs * 8 < rttNs8) {
                rttNs8 = sampleNs * 8;
            }
        }
        rttUntil = SeqNum.add(next, Math.max(1, bytes(next)));
        rttSinceNs = nowNs;
    }

    /** Round trip: {@code echo} came back in a full segment after {@code elapsedNs}. */
    void measureEcho(final int echo, final long elapsedNs, final boolean emptied) {
        if (echo == lastEcho || elapsedNs == RateSample.NO_RTT) {
            return;
        }
        lastEcho = echo;
        if (rttNs8 == 0 || elapsedNs * 8 < rttNs8) {
            rttNs8 = elapsedNs * 8;
        } else if (emptied) {
            rttNs8 += elapsedNs - rttNs8 / 8;
        }
    }

    /** 0 before the first sample. */
    long rttNs() {
        return rttNs8 / 8;
    }

    /**
     * The application has consumed up to {@code copied}.
     *
     * @param mayGrow whether there is memory for more
     * @return whether the limit has grown
     */
    boolean tune(final int copied, final int unreadBytes, final int heldBeyondBytes, final boolean mayGrow,
            final long nowNs) {
        if (rttNs8 == 0 || nowNs - copiedSinceNs < rttNs8 / 8) {
            return false;
        }
        final int bytes = SeqNum.distance(copiedFrom, copied) - unreadBytes;
        copiedFrom = copied;
        copiedSinceNs = nowNs;
        if (bytes <= copiedBytes) {
            return false;
        }
        final long before = Math.max(1, copiedBytes);
        copiedBytes = bytes;
        final long twice = 2L * bytes;
        // What is measured is a round trip old: while it grows, it has grown further.
        return enlarge(twice + 2 * twice * (bytes - before) / before + heldBeyondBytes, mayGrow);
    }

    /** Data is held beyond a gap of which nothing can be consumed: it must not use up the window. */
    boolean coverGap(final int heldBeyondBytes, final boolean mayGrow) {
        return enlarge(2L * copiedBytes + heldBeyondBytes, mayGrow);
    }

    private boolean enlarge(final long wantedBytes, final boolean mayGrow) {
        final int bytes = (int) Math.min(wantedBytes, Math.min(maxLimitBytes, MAX_FIELD << scale));
        if (!tuned || !mayGrow || bytes <= limitBytes) {
            return false;
        }
        limitBytes = bytes;
        return true;
    }

    void info(final TcpInfo into) {
        into.set(TcpInfo.Field.RCV_WND, offeredBytes);
        into.set(TcpInfo.Field.RCV_WSCALE, scale);
        into.set(TcpInfo.Field.RCV_SSTHRESH, thresholdBytes);
        into.set(TcpInfo.Field.RCV_RTT, rttNs() / 1_000);
        into.set(TcpInfo.Field.RCV_SPACE, copiedBytes);
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        tuned = image.of(tuned);
        limitBytes = image.of(limitBytes);
        scale = image.of(scale);
        thresholdBytes = image.of(thresholdBytes);
        promised = image.sequence(promised);
        offeredBytes = image.of(offeredBytes);
        shut = image.of(shut);
        rttNs8 = image.of(rttNs8);
        rttUntil = image.sequence(rttUntil);
        rttSinceNs = image.of(rttSinceNs);
        lastEcho = image.of(lastEcho);
        copiedFrom = image.sequence(copiedFrom);
        copiedSinceNs = image.of(copiedSinceNs);
        copiedBytes = image.of(copiedBytes);
    }
}
