package io.netchannel.tcpip.tcp.recovery;

import io.netchannel.tcpip.tcp.ConnectionImage;

/** What is remembered of a {@link Flight} while nothing is in flight. */
public final class FlightImage {

    private FlightImage() {
    }

    /**
     * See {@link ConnectionImage}.
     *
     * @return false if congestion control is not in the image: its instance is to be kept
     */
    public static boolean keep(final Flight flight, final ConnectionImage image) {
        flight.state = CaState.of(image.of(flight.state.ordinal()));
        flight.una = image.sequence(flight.una);
        flight.nxt = image.sequence(flight.nxt);
        flight.sack = image.of(flight.sack);
        flight.ecn = image.of(flight.ecn);
        flight.maxWindowBytes = image.of(flight.maxWindowBytes);
        flight.lastSentNs = image.of(flight.lastSentNs);
        flight.sackedOut = image.of(flight.sackedOut);
        flight.lostOut = image.of(flight.lostOut);
        flight.retransmittedOut = image.of(flight.retransmittedOut);
        flight.delivered = image.of(flight.delivered);
        flight.deliveredMarked = image.of(flight.deliveredMarked);
        flight.lost = image.of(flight.lost);
        flight.totalRetransmits = image.of(flight.totalRetransmits);
        flight.retransmittedBytes = image.of(flight.retransmittedBytes);
        flight.duplicatesReported = image.of(flight.duplicatesReported);
        flight.highestSacked = image.sequence(flight.highestSacked);
        flight.reordering.keep(image);
        flight.highSequence = image.sequence(flight.highSequence);
        flight.retransmits = image.of(flight.retransmits);
        flight.retransmitStampNs = image.of(flight.retransmitStampNs);
        flight.undoable = image.of(flight.undoable);
        flight.undoMarker = image.sequence(flight.undoMarker);
        flight.undoRetransmits = image.of(flight.undoRetransmits);
        flight.priorThreshold = image.of(flight.priorThreshold);
        flight.priorWindow = image.of(flight.priorWindow);
        flight.sackReneged = image.of(flight.sackReneged);
        flight.windowReducedDue = image.of(flight.windowReducedDue);
        flight.reductionSent = image.of(flight.reductionSent);
        flight.deliveredAtNs = image.of(flight.deliveredAtNs);
        flight.flightStartNs = image.of(flight.flightStartNs);
        flight.applicationLimitedUntil = image.of(flight.applicationLimitedUntil);
        flight.hint.keep(image);
        flight.mtuProbe.keep(image);
        flight.window.keep(image);
        return flight.congestion.keep(image);
    }
}
