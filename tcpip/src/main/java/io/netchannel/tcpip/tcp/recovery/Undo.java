package io.netchannel.tcpip.tcp.recovery;

import static io.netchannel.tcpip.tcp.recovery.SentSegments.*;

import io.netchannel.tcpip.tcp.SeqNum;
import io.netchannel.tcpip.tcp.TcpCounter;
import io.netchannel.tcpip.tcp.congestion.CongestionWindow;

/**
 * Takes a reduction of the window back when what was retransmitted turns out to have arrived after all: by timestamps
 * (Eifel, RFC 3522 and 4015), by DSACK (RFC 3708), or by F-RTO (RFC 5682).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Undo {

    private final Flight flight;
    private final Rack rack;
    private final TailLossProbe probe;

    Undo(final Flight flight, final Rack rack, final TailLossProbe probe) {
        this.flight = flight;
        this.rack = rack;
        this.probe = probe;
    }

    /** A loss was found: from here on it may turn out to have been none. */
    void begin() {
        flight.undoable = true;
        flight.undoMarker = flight.una;
        // What was sent again before may be reported too.
        flight.undoRetransmits = flight.retransmittedOut + (probe.isRetransmission() ? 1 : 0);
        if (flight.undoRetransmits == 0) {
            flight.undoRetransmits = Flight.NOTHING_TO_UNDO;
        }
    }

    private void restore(final boolean unmark) {
        if (unmark) {
            final SentSegments segments = flight.segments;
            for (int i = 0; i < segments.size(); i++) {
                segments.clear(segments.at(i), LOST);
            }
            flight.lostOut = 0;
            flight.hint.clear();
        }
        if (flight.priorThreshold != 0) {
            final CongestionWindow window = flight.window;
            window.segments(flight.congestion.undoSegments(window, flight.priorWindow));
            if (flight.priorThreshold > window.thresholdSegments()) {
                window.thresholdSegments(flight.priorThreshold);
                flight.windowReducedDue = false;
            }
        }
        flight.undoable = false;
        rack.again();
    }

    // Either all retransmissions were reported as duplicates, or this acknowledgment is older than the first.
    private boolean isSpurious(final Acknowledgment ack) {
        return flight.undoable && (flight.undoRetransmits == 0 || isDelayed(ack));
    }

    private boolean isDelayed(final Acknowledgment ack) {
        if (flight.retransmitStampNs != NO_TIME) {
            return ack.echoesBefore(flight.retransmitStampNs);
        }
        // Nothing was retransmitted, so nothing of it can have been acknowledged; but without SACK the time is forgotten
        // before the state ends.
        return flight.sack || SeqNum.lessThan(flight.una, flight.highSequence);
    }

    /**
     * All that was in flight when the loss was found is acknowledged.
     *
     * @return whether the state is to be kept (RFC 6582, 4.1)
     */
    boolean recovered(final Acknowledgment ack) {
        if (isSpurious(ack)) {
            flight.counters.increment(
                    flight.state == CaState.LOSS ? TcpCounter.LOSS_UNDO : TcpCounter.FULL_UNDO);
            restore(false);
        } else {
            rack.onRecovered();
        }
        if (holdsState()) {
            return true;
        }
        flight.state = CaState.OPEN;
        flight.sackReneged = false;
        return false;
    }

    // Without SACK, duplicates of what was sent before must not look like another loss.
    private boolean holdsState() {
        if (flight.una == flight.highSequence && !flight.sack) {
            flight.cleanRetransmitStamp();
            return true;
        }
        return false;
    }

    /** DSACKs have reported all that was retransmitted. */
    boolean byDsack() {
        if (flight.undoable && flight.undoRetransmits == 0) {
            rack.onUndone();
            restore(false);
            flight.counters.increment(TcpCounter.DSACK_UNDO);
            return true;
        }
        return false;
    }

    /** After a timeout. @param byForwardRto F-RTO has proven it wrong */
    boolean loss(final Acknowledgment ack, final boolean byForwardRto) {
        if (!byForwardRto && !isSpurious(ack)) {
            return false;
        }
        restore(true);
        flight.counters.increment(TcpCounter.LOSS_UNDO);
        if (byForwardRto) {
            flight.counters.increment(TcpCounter.SPURIOUS_RTOS);
        }
        flight.retransmits = 0;
        if (!holdsState() && (byForwardRto || flight.sack)) {
            flight.state = CaState.OPEN;
            flight.sackReneged = false;
        }
        return true;
    }

    /** A partial acknowledgment in recovery. @return whether to mark and to send nothing more for now */
    boolean partial(final Acknowledgment ack, final LossRecovery recovery) {
        if (!flight.undoable || !isDelayed(ack)) {
            return false;
        }
        // The hole was filled by what was late, not by what was sent again.
        flight.reordering.onReordering(ack.priorUna, true);
        if (flight.retransmittedOut > 0) {
            return true;
        }
        flight.cleanRetransmitStamp();
        restore(true);
        flight.counters.increment(TcpCounter.PARTIAL_UNDO);
        recovery.keepOpen();
        return false;
    }
}
