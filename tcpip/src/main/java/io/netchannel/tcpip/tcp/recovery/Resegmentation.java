package io.netchannel.tcpip.tcp.recovery;

import static io.netchannel.tcpip.tcp.recovery.SentSegments.*;

/**
 * Cuts and joins what is in flight: what is sent again goes out in segments of the size that holds by then, and an acknowledgment may
 * end in the midst of one. The counts of the {@link Flight}, which are in segments, follow.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Resegmentation {

    private final Flight flight;
    private final SentSegments segments;

    Resegmentation(final Flight flight) {
        this.flight = flight;
        this.segments = flight.segments;
    }

    /** Cuts the entry at {@code position} after {@code lengthBytes}, and counts both parts in {@code segmentBytes}. */
    public void split(final int position, final int lengthBytes, final int segmentBytes) {
        final int slot = segments.at(position);
        final int before = segments.count(slot);
        final int rest = segments.split(position, lengthBytes);
        segments.recount(slot, segmentBytes);
        segments.recount(rest, segmentBytes);
        adjust(slot, before - segments.count(slot) - segments.count(rest));
    }

    /** The first is acknowledged in part: only the rest is sent again. */
    public void trimFirst() {
        final int slot = segments.at(0);
        segments.trimFirst(flight.una);
        recount(slot, segments.segmentBytes(slot));
    }

    /** Counts an entry anew in segments of {@code segmentBytes}. */
    public void recount(final int slot, final int segmentBytes) {
        final int before = segments.count(slot);
        segments.recount(slot, segmentBytes);
        adjust(slot, before - segments.count(slot));
    }

    private void adjust(final int slot, final int less) {
        if (less == 0) {
            return;
        }
        flight.packetsOut -= less;
        if (segments.has(slot, SACKED)) {
            flight.sackedOut -= less;
        }
        if (segments.has(slot, RETRANSMITTED)) {
            flight.retransmittedOut -= less;
        }
        if (segments.has(slot, LOST)) {
            flight.lostOut -= less;
        }
        if (!flight.sack && less > 0) {
            flight.sackedOut -= Math.min(flight.sackedOut, less);
        }
    }

    /** Joins a single small segment and the one after it, which are sent again as one. */
    public void collapse(final int position, final int segmentBytes) {
        final int next = segments.at(position + 1);
        adjust(next, segments.count(next));
        segments.merge(position);
        segments.recount(segments.at(position), segmentBytes);
    }

    /** Whether the entry may be joined with the one before it. */
    public boolean isCollapsible(final int position) {
        final int slot = segments.at(position);
        return segments.count(slot) == 1 && !segments.has(slot, SACKED);
    }
}
