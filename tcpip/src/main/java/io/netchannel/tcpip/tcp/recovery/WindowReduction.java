package io.netchannel.tcpip.tcp.recovery;

import io.netchannel.tcpip.tcp.ConnectionImage;
import io.netchannel.tcpip.tcp.congestion.CongestionEvent;
import io.netchannel.tcpip.tcp.congestion.CongestionWindow;

/**
 * Proportional rate reduction (RFC 9937, with Linux's choice of its bounds): brings the window down to the threshold
 * over one round trip, one step for each acknowledgment.
 *
 * <pre>
 *   in flight &gt; ssthresh   send ssthresh / prior window of what is delivered
 *   else                    what is delivered (conservative bound); one more while nothing more is lost (slow start),
 *                           up to ssthresh
 * </pre>
 * <p>Threading: confined to the thread of its stack.
 */
final class WindowReduction {

    private final Flight flight;
    private final TailLossProbe probe;
    private int delivered;

    WindowReduction(final Flight flight, final TailLossProbe probe) {
        this.flight = flight;
        this.probe = probe;
    }

    void begin(final CongestionEvent event, final long nowNs) {
        final CongestionWindow window = flight.window;
        flight.highSequence = flight.nxt;
        probe.forget();
        window.resetAvoidance();
        flight.priorWindow = window.segments();
        delivered = 0;
        flight.reductionSent = 0;
        window.thresholdSegments(flight.congestion.onCongestion(window, event, nowNs));
        flight.queueWindowReduced();
    }

    /** Some segments were delivered, and maybe others found lost. */
    void step(final int newlyDelivered, final int newlyLost, final boolean advances) {
        if (newlyDelivered <= 0 || flight.priorWindow == 0) {
            return;
        }
        final int threshold = flight.window.thresholdSegments();
        final int inFlight = flight.inFlight();
        final int room = threshold - inFlight;
        delivered += newlyDelivered;
        int send;
        if (room < 0) {
            final long share = (long) threshold * delivered + flight.priorWindow - 1;
            send = (int) (share / flight.priorWindow) - flight.reductionSent;
        } else {
            send = Math.max(delivered - flight.reductionSent, newlyDelivered);
            if (advances && newlyLost == 0) {
                send++;
            }
            send = Math.min(room, send);
        }
        // The first retransmission goes out whatever the counts say.
        send = Math.max(send, flight.reductionSent == 0 ? 1 : 0);
        flight.window.segments(inFlight + send);
    }

    void end() {
        final int threshold = flight.window.thresholdSegments();
        if (threshold < CongestionWindow.NO_THRESHOLD && (flight.state == CaState.CWR || flight.undoable)) {
            flight.window.segments(threshold);
        }
    }

    /** The peer has echoed a mark, or the like: congestion without loss. No going back from it. */
    void enterCwr(final long nowNs) {
        flight.priorThreshold = 0;
        if (flight.state.isBelow(CaState.CWR)) {
            flight.undoable = false;
            begin(CongestionEvent.ECN, nowNs);
            flight.state = CaState.CWR;
        }
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        delivered = image.of(delivered);
    }
}
