package io.netchannel.tcpip.tcp.recovery;

import io.netchannel.tcpip.tcp.ConnectionImage;
import io.netchannel.tcpip.tcp.SeqNum;

/**
 * The probe of the path's MTU while it is on its way (RFC 4821, 7): a segment of which loss says nothing about congestion.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class ProbeInFlight {

    private boolean underWay;
    private int start;
    private int end;
    private boolean lost;

    /** What was sent last, from {@code first} to {@code next}, is the probe. */
    public void begin(final int first, final int next) {
        underWay = true;
        start = first;
        end = next;
    }

    public boolean isUnderWay() {
        return underWay;
    }

    /** Nothing can be learnt from it any more. */
    public void end() {
        underWay = false;
    }

    /** Whether the probe is what {@code una} waits for. */
    boolean isFirst(final int una) {
        return underWay && una == start;
    }

    /** It was found lost. */
    void onLost() {
        underWay = false;
        lost = true;
    }

    /** Whether it was lost, asked once. */
    public boolean takeLost() {
        final boolean lostIt = lost;
        lost = false;
        return lostIt;
    }

    /** Whether it is acknowledged. */
    public boolean arrivedAt(final int una) {
        return underWay && SeqNum.lessOrEqual(end, una);
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        underWay = image.of(underWay);
        start = image.sequence(start);
        end = image.sequence(end);
        lost = image.of(lost);
    }
}
