package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.tcpip.tcp.recovery.CaState;
import io.netchannel.tcpip.tcp.recovery.Flight;
import io.netchannel.tcpip.tcp.recovery.Resegmentation;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer;
import io.netchannel.tcpip.tcp.recovery.RetransmissionTimer.Purpose;
import io.netchannel.tcpip.tcp.recovery.SentSegments;

/**
 * Sends again what is lost: cut to the present segment size, small neighbours joined.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Retransmission {

    /** The peer's window has no room for it: it waits. */
    private static final int SHUT_OUT = -1;

    private final TcpSender sender;
    private final Flight flight;
    private final Resegmentation resegmentation;
    private final SentSegments segments;
    private final SendWindow window;
    private final Pacing pacing;
    private final RetransmissionTimer timer;
    private final Transmission transmission;
    private final TcpCounters counters;

    Retransmission(final TcpSender sender, final SendParts parts, final Transmission transmission,
            final TcpCounters counters) {
        this.sender = sender;
        this.flight = parts.flight;
        this.resegmentation = flight.resegmentation();
        this.segments = flight.segments();
        this.window = parts.window;
        this.pacing = parts.pacing;
        this.timer = parts.timer;
        this.transmission = transmission;
        this.counters = counters;
    }

    /** What is lost, in order, as far as the congestion window goes. @return as {@link Transmission#push} */
    int queue(final int budget, final long nowNs) {
        final TcpCounter counter = flight.state() == CaState.LOSS
                ? TcpCounter.SLOW_START_RETRANSMITS
                : TcpCounter.FAST_RETRANSMITS;
        int left = budget;
        boolean hole = false;
        for (int i = flight.hint().position(flight.una()); i < segments.size(); i++) {
            if (pacing.blocks(nowNs)) {
                return TcpConnection.MORE;
            }
            final int slot = segments.at(i);
            if (!hole) {
                flight.hint().from(segments.sequence(slot));
            }
            final int quota = flight.window().segments() - flight.inFlight();
            if (quota <= 0 || flight.retransmittedOut() >= flight.lostOut()) {
                break;
            }
            hole |= flight.segments().isHole(slot);
            if (!flight.segments().awaitsRetransmission(slot)) {
                continue;
            }
            if (left-- == 0) {
                return TcpConnection.MORE;
            }
            final int result = again(i, quota, nowNs);
            if (result == SHUT_OUT) {
                break;
            }
            if (result != SegmentWriter.SENT) {
                return result;
            }
            final int count = segments.count(segments.at(i));
            counters.add(counter, count);
            flight.onRecoverySent(count);
            if (i == 0 && timer.purpose() != Purpose.REORDERING) {
                timer.arm(Purpose.RETRANSMIT, flight.rtt().rtoNs(), nowNs);
            }
        }
        return SegmentWriter.SENT;
    }

    /** RFC 6298, 5.4: the first segment, whatever the congestion window says. */
    int first(final long nowNs) {
        final int result = again(0, 1, nowNs);
        return result == SHUT_OUT ? SegmentWriter.SENT : result;
    }

    private int again(final int position, final int quota, final long nowNs) {
        final int result = send(position, quota, nowNs);
        if (result == SegmentWriter.SENT) {
            flight.onRetransmitted(segments.at(position), nowNs);
        }
        return result;
    }

    /** RFC 8985, 7.3: the last segment once more. */
    int probe(final long nowNs) {
        int position = segments.size() - 1;
        final int slot = segments.at(position);
        final int count = segments.count(slot);
        final int mss = sender.frames().mssBytes();
        if (count > 1 && segments.lengthBytes(slot) > (count - 1) * mss) {
            resegmentation.split(position, (count - 1) * mss, mss);
            position++;
        }
        final int result = send(position, 1, nowNs);
        if (result == SegmentWriter.SENT) {
            flight.onProbed(segments.at(position), nowNs);
        }
        return result;
    }

    private int send(final int position, final int quota, final long nowNs) {
        flight.mtuProbe().end();
        if (SeqNum.lessThan(segments.sequence(segments.at(position)), flight.una())) {
            resegmentation.trimFirst();
        }
        final int slot = segments.at(position);
        final int start = segments.sequence(slot);
        final int offset = sender.positionOf(start);
        final int mss = sender.frames().segmentBytes(offset, segments.lengthBytes(slot));
        int room = window.roomBytes(start);
        if (room <= 0) {
            // Only the first, which then is a probe of the window (RFC 9293, 3.8.6).
            if (start != flight.una()) {
                return SHUT_OUT;
            }
            room = mss;
        }
        cut(position, offset, mss, Math.min(quota, sender.frames().largestSegments(offset, mss)), room);
        final int length = segments.lengthBytes(slot);
        final boolean fin = segments.has(slot, SentSegments.FIN);
        final boolean push = length > 0 && (segments.has(slot, SentSegments.PUSH) || fin || length > mss);
        final int flags = (push ? PSH : 0) | (fin ? FIN : 0);
        // Not ECN-capable: a mark on it might be of the first copy (RFC 3168, 6.1.5).
        final int result = sender.write(start, length, mss, flags, false, nowNs);
        if (result == SegmentWriter.SENT) {
            final int count = segments.count(slot);
            counters.add(TcpCounter.RETRANS_SEGS, count);
            transmission.count(count, length);
            pacing.onSent(length, transmission.sentTotalSegments(), nowNs);
        }
        return result;
    }

    private void cut(final int position, final int offset, final int mss, final int quota, final int room) {
        final int slot = segments.at(position);
        int most = mss * quota;
        if (most > room) {
            most = room / mss * mss;
            most = most == 0 ? room : most;
        }
        if (segments.lengthBytes(slot) > most) {
            resegmentation.split(position, most, mss);
            return;
        }
        resegmentation.recount(slot, mss);
        // Small ones, as from an application that writes little at a time, go together now.
        // As many as a frame has slices for: they may be of as many pages.
        final int limit = Math.min(room, sender.frames().segmentBytes(offset, mss));
        while (position + 1 < segments.size() && resegmentation.isCollapsible(position)
                && resegmentation.isCollapsible(position + 1)
                && !segments.has(slot, SentSegments.FIN)
                && segments.lengthBytes(slot) + segments.lengthBytes(segments.at(position + 1)) <= limit) {
            resegmentation.collapse(position, mss);
        }
    }
}
