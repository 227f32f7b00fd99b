package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.tcpip.tcp.congestion.CongestionWindow;
import io.netchannel.tcpip.tcp.recovery.DeliveryRate;
import io.netchannel.tcpip.tcp.recovery.Flight;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer.Purpose;
import io.netchannel.tcpip.tcp.recovery.SentSegments;
import io.netchannel.tcpip.tcp.recovery.TailLossProbe;

/**
 * Sends what was never sent, as far as both windows, pacing and {@link SendPolicy} let it.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Transmission {

    // The probe of the path's MTU needs room: nothing else takes it.
    private static final int HELD = -1;

    private final TcpSender sender;
    private final FrameSizes frames;
    private final Flight flight;
    private final SendWindow window;
    private final SendPolicy policy;
    private final Pacing pacing;
    private final WindowUsage usage;
    private final MtuProbe mtu;
    private final RetransmissionTimer timer;
    private final TailLossProbe probe;
    private final DeliveryRate rate;
    private final BusyTimes times;
    private int sentSegments;
    // PSH was set at the end of all; and in a long write will be where one of its frames ends.
    private int pushedTo;
    private int begunTo;
    private int pushAt;
    // All was sent that there was, and the window was not full.
    private boolean drained;
    private long sentTotalSegments;
    private long sentTotalBytes;

    Transmission(final TcpSender sender, final SendParts parts) {
        this.sender = sender;
        this.frames = sender.frames();
        this.flight = parts.flight;
        this.window = parts.window;
        this.policy = parts.policy;
        this.pacing = parts.pacing;
        this.usage = parts.usage;
        this.mtu = parts.mtu;
        this.timer = parts.timer;
        this.probe = parts.probe;
        this.rate = parts.rate;
        this.times = parts.times;
    }

    void begin(final int sequence) {
        pushedTo = sequence;
    }

    /** Segments with data or FIN, retransmissions included. */
    long sentTotalSegments() {
        return sentTotalSegments;
    }

    /** Bytes, likewise. */
    long sentTotalBytes() {
        return sentTotalBytes;
    }

    void count(final int segments, final int bytes) {
        sentTotalSegments += segments;
        sentTotalBytes += bytes;
    }

    /**
     * Sends all that may go.
     *
     * @param nagleOff small segments too
     * @return {@link SegmentWriter#SENT}, {@link TcpConnection#MORE} once {@code budget} frames are sent, or what stopped
     *         it
     */
    int push(final int budget, final boolean nagleOff, final long nowNs) {
        sentSegments = 0;
        boolean windowLimited = false;
        boolean congestionLimited = false;
        markApplicationLimited();
        int result = probeMtu(nowNs);
        int left = budget;
        while (result == SegmentWriter.SENT && sender.hasUnsent()) {
            if (left-- == 0) {
                result = TcpConnection.MORE;
                break;
            }
            if (pacing.blocks(nowNs)) {
                break;
            }
            final int quota = quota();
            if (quota == 0) {
                break;
            }
            final int length = nextLength(quota, nagleOff, nowNs);
            if (length == SendPolicy.NOTHING) {
                windowLimited = policy.windowLimited();
                congestionLimited = policy.congestionLimited();
                break;
            }
            result = send(length, 0, nowNs);
        }
        finish(windowLimited, congestionLimited, nowNs);
        return result == HELD ? SegmentWriter.SENT : result;
    }

    // The halves of a window alternate, so that there are always two frames on their way.
    private int quota() {
        final int segments = flight.window().segments();
        final int inFlight = flight.inFlight();
        if (inFlight >= segments) {
            // Linux: the end of the connection isn't held up by congestion.
            return sender.finQueued() && sender.unsentBytes() <= frames.mssBytes() ? 1 : 0;
        }
        return Math.min(Math.max(segments >> 1, 1), segments - inFlight);
    }

    private int nextLength(final int quota, final boolean nagleOff, final long nowNs) {
        final int waiting = sender.unsentBytes();
        if (waiting == 0) {
            // FIN alone, which needs a number.
            return window.roomBytes(flight.nxt()) >= 1 ? 0 : SendPolicy.NOTHING;
        }
        final int position = sender.positionOf(flight.nxt());
        final int mss = frames.segmentBytes(position, waiting);
        final int largest = waiting <= mss
                ? 1
                : pacing.frameSegments(mss,
                        Math.min(frames.largestSegments(position, mss), sender.buffer().frameSegments()));
        return policy.frameBytes(waiting, mss, Math.min(quota, largest), largest, sender.finQueued(), nagleOff, nowNs);
    }

    /** RFC 8985, 7.3: a segment of new data whatever the congestion window says. @return as {@link #push} */
    int pushOne(final long nowNs) {
        sentSegments = 0;
        final int mss = segmentBytes(sender.unsentBytes());
        return send(Math.min(sender.unsentBytes(), mss), 0, nowNs);
    }

    /** Whether {@link #pushOne} may send. */
    boolean fitsOne() {
        final int waiting = sender.unsentBytes();
        return sender.hasUnsent()
                && window.roomBytes(flight.nxt()) >= Math.max(Math.min(waiting, frames.mssBytes()), 1);
    }

    /** The probe timer has expired: what fits the window, however little. */
    int pushForced(final long nowNs) {
        sentSegments = 0;
        final int mss = segmentBytes(sender.unsentBytes());
        final int length = Math.min(Math.min(sender.unsentBytes(), mss), window.roomBytes(flight.nxt()));
        final int result = send(length, PSH, nowNs);
        if (sentSegments > 0) {
            probe.schedule(false, nowNs);
        }
        return result;
    }

    private int probeMtu(final long nowNs) {
        if (frames.mssBytes() < sender.mssBytes()) {
            // A SACK option would make the probe larger than it says (likewise in Linux).
            return SegmentWriter.SENT;
        }
        final int bytes = mtu.probeBytes(sender.unsentBytes(), sender.mssBytes(), sender.size().optionBytes(), nowNs);
        if (bytes <= 0 || bytes > frames.sliceableBytes(sender.positionOf(flight.nxt()))) {
            return bytes == MtuProbe.WAIT ? HELD : SegmentWriter.SENT;
        }
        final int start = flight.nxt();
        final int result = send(bytes, bytes, 0, nowNs);
        if (result == SegmentWriter.SENT) {
            mtu.onSent(start, bytes, sender.size().optionBytes());
        }
        return result;
    }

    private int segmentBytes(final int lengthBytes) {
        return frames.segmentBytes(sender.positionOf(flight.nxt()), lengthBytes);
    }

    private int send(final int lengthBytes, final int extraFlags, final long nowNs) {
        return send(lengthBytes, segmentBytes(lengthBytes), extraFlags, nowNs);
    }

    private int send(final int lengthBytes, final int mss, final int extraFlags, final long nowNs) {
        final int start = flight.nxt();
        final int end = SeqNum.add(start, lengthBytes);
        final boolean last = lengthBytes == sender.unsentBytes();
        final boolean fin = last && sender.finQueued() && window.roomBytes(end) >= 1;
        if (!last && (start == pushedTo || start == begunTo && sentSegments > 0)) {
            // While the first frame is written the part that is sent is replaced, so that the rest becomes a whole one.
            begunTo = end;
            pushAt = SeqNum.add(pushedTo, sender.buffer().pushBytes(SeqNum.distance(pushedTo, end)));
        }
        final boolean marked = !last && SeqNum.greaterOrEqual(end, pushAt);
        final boolean push = lengthBytes > 0 && (marked || last && policy.pushesEnd() || (extraFlags & PSH) != 0);
        final boolean reduced = lengthBytes > 0 && flight.takeWindowReduced();
        // A super-frame has PSH in any case, so that who gathers segments doesn't wait for more (as in Linux).
        final boolean psh = push || lengthBytes > mss;
        final int flags = (psh ? PSH : 0) | (fin ? FIN : 0) | (reduced ? CWR : 0);
        final int result = sender.write(start, lengthBytes, mss, flags, flight.ecn() && lengthBytes > 0, nowNs);
        if (result != SegmentWriter.SENT) {
            if (reduced) {
                flight.restoreWindowReduced();
            }
            return result;
        }
        if (marked) {
            pushAt = SeqNum.add(pushAt, sender.buffer().pushBytes(0));
        } else if (push) {
            pushedTo = end;
        }
        onSent(end, lengthBytes, mss, fin, push, nowNs);
        return result;
    }

    private void onSent(final int end, final int lengthBytes, final int mss, final boolean fin, final boolean push,
            final long nowNs) {
        final CongestionWindow congestion = flight.window();
        if (flight.inFlight() == 0) {
            flight.congestion().onTransmitStart(congestion, nowNs - flight.lastSentNs(), nowNs);
        }
        final boolean first = flight.packetsOut() == 0;
        final int before = flight.packetsOut();
        flight.onSent(fin ? SeqNum.add(end, 1) : end, mss,
                (fin ? SentSegments.FIN : 0) | (push ? SentSegments.PUSH : 0), nowNs);
        final int segments = flight.packetsOut() - before;
        sentSegments += segments;
        count(segments, lengthBytes);
        if (first || timer.purpose() == Purpose.LOSS_PROBE) {
            timer.rearm(nowNs);
        }
        policy.onSent(end, lengthBytes > 0 && lengthBytes != mss && (lengthBytes < mss || lengthBytes % mss != 0));
        pacing.onSent(lengthBytes, sentTotalSegments, nowNs);
    }

    // RFC 7661; the timer for the tail.
    private void finish(final boolean windowLimited, final boolean congestionLimited, final long nowNs) {
        final boolean full = congestionLimited || flight.inFlight() >= flight.window().segments();
        times.onPushed(windowLimited, flight.packetsOut() > 0 || sender.hasUnsent(), nowNs);
        if (sentSegments > 0 || full) {
            usage.validate(full, sender.writerWaits(), nowNs);
            if (!full && sender.writerWaits() && sender.unsentBytes() == 0) {
                times.onBufferLimited(nowNs);
            }
        }
        if (sentSegments > 0) {
            probe.schedule(false, nowNs);
        }
        drained = sender.unsentBytes() < sender.mssBytes() && !full;
    }

    private void markApplicationLimited() {
        if (drained && sender.hasUnsent() && flight.inFlight() < flight.window().segments()
                && flight.lostOut() <= flight.retransmittedOut()) {
            drained = false;
            rate.onApplicationLimited();
        }
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        sentSegments = image.of(sentSegments);
        pushedTo = image.sequence(pushedTo);
        begunTo = image.sequence(begunTo);
        pushAt = image.sequence(pushAt);
        drained = image.of(drained);
        sentTotalSegments = image.of(sentTotalSegments);
        sentTotalBytes = image.of(sentTotalBytes);
    }
}
