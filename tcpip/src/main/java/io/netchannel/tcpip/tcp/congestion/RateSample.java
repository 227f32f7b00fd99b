package io.netchannel.tcpip.tcp.congestion;

/**
 * What one acknowledgment tells: filled in by the sender, re-used for each. Rates as in the delivery-rate draft
 * (draft-ietf-ccwg-bbr, 4.1).
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class RateSample {

    /** No round-trip time could be taken from this acknowledgment. */
    public static final long NO_RTT = -1;

    /** The present. */
    public long nowNs;
    /** Segments newly acknowledged by the acknowledgment number. */
    public int ackedSegments;
    /** Segments newly known to have arrived, by number or by SACK. */
    public int deliveredSegments;
    /** Segments newly found to be lost. */
    public int lostSegments;
    /** In flight just before. */
    public int priorInFlightSegments;
    /** In flight now. */
    public int inFlightSegments;
    /** Round-trip time of the newest segment acknowledged that was sent once, or {@link #NO_RTT}. */
    public long rttNs = NO_RTT;
    /** Whether it was the window that held the sender back in this flight (RFC 7661): else it must not grow. */
    public boolean windowLimited;
    /** The first acknowledgment of a segment that was sent after the last round began: a new round begins. */
    public boolean roundStart;
    /** Whether the peer has echoed a mark (ECE) in this acknowledgment. */
    public boolean ecnEcho;
    /** All segments delivered since the connection began. */
    public long deliveredTotalSegments;
    /** Segments delivered in {@link #intervalNs}: their quotient is the delivery rate. */
    public int intervalSegments;
    /** What {@link #intervalSegments} took; 0 or less if this acknowledgment gives no rate. */
    public long intervalNs;
    /** The application had nothing more to send in that interval: the rate is a lower bound. */
    public boolean applicationLimited;
}
