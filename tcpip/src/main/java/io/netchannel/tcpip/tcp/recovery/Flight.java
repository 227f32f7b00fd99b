package io.netchannel.tcpip.tcp.recovery;

import static io.netchannel.tcpip.tcp.recovery.SentSegments.*;

import io.netchannel.tcpip.tcp.SeqNum;
import io.netchannel.tcpip.tcp.TcpConfig;
import io.netchannel.tcpip.tcp.TcpCounter;
import io.netchannel.tcpip.tcp.TcpCounters;
import io.netchannel.tcpip.tcp.TcpSetting;
import io.netchannel.tcpip.tcp.congestion.CongestionControl;
import io.netchannel.tcpip.tcp.congestion.CongestionWindow;

/**
 * What is in flight, in counts that are kept at each event, and what all parts of recovery share.
 *
 * <p>Threading: confined to the thread of its stack.
 */
public final class Flight {

    /** {@link #undoRetransmits}: nothing was retransmitted since, so nothing can turn out superfluous. */
    static final int NOTHING_TO_UNDO = -1;

    final SentSegments segments = new SentSegments();
    final RetransmissionHint hint = new RetransmissionHint(segments);
    final ProbeInFlight mtuProbe = new ProbeInFlight();
    final CongestionWindow window = new CongestionWindow();
    final RttEstimator rtt;
    final TcpCounters counters;
    final Reordering reordering;
    final boolean forwardRto;
    private final Resegmentation resegmentation = new Resegmentation(this);
    CongestionControl congestion;

    CaState state = CaState.OPEN;
    int una;
    int nxt;
    boolean sack;
    boolean ecn;
    int maxWindowBytes;
    long lastSentNs;

    int packetsOut;
    int sackedOut;
    int lostOut;
    int retransmittedOut;
    // Since the connection began; the SYN is one.
    int delivered = 1;
    int deliveredMarked;
    int lost;
    int totalRetransmits;
    long retransmittedBytes;
    int duplicatesReported;

    // The end of the highest sacked segment.
    int highestSacked;

    // SND.NXT when the state was entered: it ends there.
    int highSequence;
    // Timeouts in a row.
    int retransmits;
    // When the first retransmission was sent since nothing was; NO_TIME without one.
    long retransmitStampNs = NO_TIME;

    // What is needed to go back.
    boolean undoable;
    int undoMarker;
    int undoRetransmits = NOTHING_TO_UNDO;
    int priorThreshold;
    int priorWindow;
    boolean sackReneged;
    // CWR is to be set in the next segment of new data (RFC 3168, 6.1.2).
    boolean windowReducedDue;
    // PRR's count of segments sent.
    int reductionSent;

    // Rate samples.
    long deliveredAtNs = NO_TIME;
    long flightStartNs = NO_TIME;
    int applicationLimitedUntil;

    public Flight(final TcpConfig config, final RttEstimator rtt, final TcpCounters counters,
            final CongestionControl congestion) {
        this.rtt = rtt;
        this.counters = counters;
        this.congestion = congestion;
        this.forwardRto = config.is(TcpSetting.FRTO);
        this.reordering = new Reordering(this, config.getInt(TcpSetting.REORDERING_SEGMENTS),
                config.getInt(TcpSetting.MAX_REORDERING_SEGMENTS));
    }

    /** The handshake is over: the first number of data is {@code sequence}. */
    public void begin(final int sequence, final boolean sackPermitted) {
        una = sequence;
        nxt = sequence;
        highSequence = sequence;
        sack = sackPermitted;
    }

    /** The SYN is out. */
    public void openAt(final int initialSequence) {
        una = initialSequence;
    }

    /** The SYN and its answer are a sample. */
    public void onHandshakeRtt(final long rttNs, final long nowNs) {
        rtt.onMinimum(rttNs, nowNs);
        rtt.onSample(rttNs, una, nxt);
        window.roundTrip(rtt.smoothedNs(), rtt.minimumNs());
    }

    // -- what the sender asks

    public SentSegments segments() {
        return segments;
    }

    public CongestionWindow window() {
        return window;
    }

    public CongestionControl congestion() {
        return congestion;
    }

    /** Other congestion control from here on. */
    public void congestion(final CongestionControl other) {
        congestion = other;
    }

    public CaState state() {
        return state;
    }

    public int una() {
        return una;
    }

    public int nxt() {
        return nxt;
    }

    public boolean sack() {
        return sack;
    }

    public void enableEcn() {
        ecn = true;
    }

    public boolean ecn() {
        return ecn;
    }

    public int packetsOut() {
        return packetsOut;
    }

    public int sackedOut() {
        return sackedOut;
    }

    public int lostOut() {
        return lostOut;
    }

    public int retransmittedOut() {
        return retransmittedOut;
    }

    public int delivered() {
        return delivered;
    }

    public int deliveredMarked() {
        return deliveredMarked;
    }

    public int totalRetransmits() {
        return totalRetransmits;
    }

    public long retransmittedBytes() {
        return retransmittedBytes;
    }

    public int duplicatesReported() {
        return duplicatesReported;
    }

    public Reordering reordering() {
        return reordering;
    }

    /** For who sends again in other pieces. */
    public Resegmentation resegmentation() {
        return resegmentation;
    }

    public int retransmits() {
        return retransmits;
    }

    /** Segments in the network. */
    public int inFlight() {
        return packetsOut - sackedOut - lostOut + retransmittedOut;
    }

    int leftOut() {
        return sackedOut + lostOut;
    }

    public RttEstimator rtt() {
        return rtt;
    }

    /** When something was last sent, data or FIN. */
    public long lastSentNs() {
        return lastSentNs;
    }

    /** The largest window that the peer has offered. */
    public void maxWindowBytes(final int bytes) {
        maxWindowBytes = bytes;
    }

    /** The slow-start threshold that a pause leaves behind. */
    public void holdThreshold() {
        window.thresholdSegments(currentThreshold());
    }

    public ProbeInFlight mtuProbe() {
        return mtuProbe;
    }

    /** The probe came through: the window begins anew at {@code segments} larger ones. */
    public void onMtuProbed(final int segments) {
        mtuProbe.end();
        priorThreshold = currentThreshold();
        window.segments(segments);
        window.resetAvoidance();
        window.thresholdSegments(currentThreshold());
    }

    public int maxWindowBytes() {
        return maxWindowBytes;
    }

    /** Whether CWR is to be set, asked once. */
    public boolean takeWindowReduced() {
        final boolean due = windowReducedDue;
        windowReducedDue = false;
        return due;
    }

    /** It couldn't be sent. */
    public void restoreWindowReduced() {
        windowReducedDue = true;
    }

    // -- sending

    /** New data was sent. @return its slot */
    public int onSent(final int end, final int segmentBytes, final int flags, final long nowNs) {
        final int slot = segments.append(nxt, end, segmentBytes, flags);
        stamp(slot, nowNs);
        nxt = end;
        final int count = segments.count(slot);
        packetsOut += count;
        if (state.reducesWindow()) {
            reductionSent += count;
        }
        return slot;
    }

    private void stamp(final int slot, final long nowNs) {
        if (packetsOut == 0) {
            flightStartNs = nowNs;
            deliveredAtNs = nowNs;
        }
        if (applicationLimitedUntil == 0) {
            segments.clear(slot, APPLICATION_LIMITED);
        } else {
            segments.set(slot, APPLICATION_LIMITED);
        }
        lastSentNs = nowNs;
        segments.onSent(slot, nowNs, delivered, deliveredAtNs, flightStartNs);
    }

    /** An entry was sent again, as the tail's probe. */
    public void onProbed(final int slot, final long nowNs) {
        stamp(slot, nowNs);
        segments.set(slot, EVER_RETRANSMITTED);
        totalRetransmits += segments.count(slot);
        retransmittedBytes += segments.lengthBytes(slot);
    }

    /** An entry was sent again. */
    public void onRetransmitted(final int slot, final long nowNs) {
        onProbed(slot, nowNs);
        final int count = segments.count(slot);
        segments.set(slot, RETRANSMITTED);
        retransmittedOut += count;
        if (retransmitStampNs == NO_TIME) {
            retransmitStampNs = nowNs;
        }
        undoRetransmits = Math.max(undoRetransmits, 0) + count;
    }

    /** PRR hears of retransmissions of the queue, not of the timer's. */
    public void onRecoverySent(final int count) {
        if (state.reducesWindow()) {
            reductionSent += count;
        }
    }

    // -- counting

    void deliver(final int count, final boolean marked) {
        delivered += count;
        if (marked) {
            deliveredMarked += count;
        }
    }

    /** The last copy of a segment is lost, as far as one can tell. */
    void markLost(final int slot) {
        final int flags = segments.flags(slot);
        if ((flags & SACKED) != 0) {
            return;
        }
        hint.onLost(segments.sequence(slot), retransmittedOut >= lostOut);
        final int count = segments.count(slot);
        if ((flags & LOST) == 0) {
            segments.set(slot, LOST);
            lostOut += count;
            lost += count;
        } else if ((flags & RETRANSMITTED) != 0) {
            segments.clear(slot, RETRANSMITTED);
            retransmittedOut -= count;
            lost += count;
            counters.add(TcpCounter.LOST_RETRANSMITS, count);
        }
    }

    /** RFC 2018: forget what SACK said, without which a peer's SACK can't be relied on. */
    void forgetSacks() {
        for (int i = 0; i < segments.size(); i++) {
            segments.clear(segments.at(i), SACKED);
        }
        sackedOut = 0;
        sackReneged = true;
    }

    void clearSacked() {
        sackedOut = 0;
    }

    /** The number after the highest sacked; SND.UNA if nothing is. */
    int highestSacked() {
        return sackedOut == 0 ? una : SeqNum.max(una, highestSacked);
    }

    void raiseHighestSacked(final int end) {
        highestSacked = sackedOut == 0 ? end : SeqNum.max(highestSacked, end);
    }

    /** Without SACK no more can have arrived than leaves room for what is missing. @return whether it was too much */
    boolean trimRenoSacks() {
        final int holes = Math.min(Math.max(lostOut, 1), packetsOut);
        if (sackedOut + holes <= packetsOut) {
            return false;
        }
        sackedOut = packetsOut - holes;
        return true;
    }

    // -- retransmission

    public RetransmissionHint hint() {
        return hint;
    }

    /** Whether what was retransmitted isn't acknowledged yet. */
    boolean anyRetransmitted() {
        return retransmittedOut > 0 || !segments.isEmpty() && segments.has(segments.at(0), EVER_RETRANSMITTED);
    }

    void cleanRetransmitStamp() {
        if (!anyRetransmitted()) {
            retransmitStampNs = NO_TIME;
        }
    }

    /** When the present series of retransmissions began; the first transmission of the head without one. */
    public long retransmitStampNs() {
        return retransmitStampNs == NO_TIME ? segments.headSentNs() : retransmitStampNs;
    }

    // -- window

    /** The slow-start threshold that a pause or an undone reduction leaves behind. */
    int currentThreshold() {
        return state.reducesWindow()
                ? window.thresholdSegments()
                : Math.max(window.thresholdSegments(), (window.segments() >> 1) + (window.segments() >> 2));
    }

    void queueWindowReduced() {
        windowReducedDue = ecn;
    }
}
