package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.tcpip.ip.Path;

/**
 * A connection in SYN-RECEIVED that came from a listener: what the SYN said, and no buffers.
 *
 * <p>Answers the SYN, again when the peer is silent or repeats it, and becomes a {@link TcpConnection} with the ACK. One
 * that answers by a cookie is forgotten at once: {@link SynCookies}.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Embryo extends TcpEndpoint {

    private static final long LINK_RETRY_NS = 10_000_000;
    private static final int MAX_BACKOFF = 16;

    private final TcpStack stack;
    private final TcpListener listener;
    private final Negotiation negotiation;
    private final TcpTimestamps timestamps;
    private final Timer timer = new EmbryoTimer();
    private final int peerSequence;
    private final int initialSequence;
    private final boolean cookie;
    private int timeouts;
    private int retransmits;
    private long sentAtNs;
    private boolean answered;
    // The peer's ACK has come, and could not be used yet.
    private boolean acknowledged;

    // The listener's list, oldest first.
    Embryo previous;
    Embryo next;

    /** Settles what the two SYNs say; {@link #answer} sends ours. */
    Embryo(final TcpStack stack, final TcpListener listener, final Path path, final TcpSegment syn,
            final int initialSequence, final long nowNs) {
        this(stack, listener, path, syn, Negotiation.ofPassive(listener.config(), syn), initialSequence, false, nowNs);
    }

    private Embryo(final TcpStack stack, final TcpListener listener, final Path path, final TcpSegment syn,
            final Negotiation negotiation, final int initialSequence, final boolean cookie, final long nowNs) {
        super(path, syn.destinationPort(), syn.sourcePort());
        this.stack = stack;
        this.listener = listener;
        this.negotiation = negotiation;
        this.peerSequence = syn.sequence();
        this.initialSequence = initialSequence;
        this.cookie = cookie;
        this.timestamps = new TcpTimestamps(stack.random().timestampOffset(this));
        if (negotiation.timestamps()) {
            timestamps.enable(syn.options().timestampValue(), nowNs);
        }
    }

    /** Answers a SYN and remembers nothing. */
    static void answerByCookie(final TcpStack stack, final TcpListener listener, final Path path, final TcpSegment syn,
            final SynCookies cookies, final long nowNs) {
        final Negotiation offered = Negotiation.ofPassive(listener.config(), syn);
        final Negotiation kept = offered.timestamps()
                ? offered
                : new Negotiation(offered.peerMssBytes(), TcpOptions.ABSENT, false, false, false);
        final int sequence = cookies.initialSequence(syn, offered, nowNs);
        new Embryo(stack, listener, path, syn, kept, sequence, true, nowNs).sendSynAck(nowNs);
    }

    /** The number of the SYN,ACK. */
    int initialSequence() {
        return initialSequence;
    }

    /** Whether both SYNs have permitted selective acknowledgments. */
    boolean sackPermitted() {
        return negotiation.sackPermitted();
    }

    /** Whether its SYN,ACK was never repeated. */
    boolean isYoung() {
        return timeouts == 0;
    }

    /** The window that our SYN has offered. */
    private int windowField() {
        return SynWindow.field(listener.config());
    }

    // -- out

    /** Sends SYN,ACK, and again later if it couldn't be sent now. */
    void answer(final long nowNs) {
        answered = sendSynAck(nowNs) == SegmentWriter.SENT;
        if (answered) {
            sentAtNs = nowNs;
            stack.timers().schedule(timer, nowNs + timeoutNs());
        } else {
            stack.timers().schedule(timer, nowNs + LINK_RETRY_NS);
        }
    }

    private long timeoutNs() {
        final TcpConfig config = listener.config();
        return Math.min(config.get(TcpSetting.INITIAL_RTO_NS) << Math.min(timeouts, MAX_BACKOFF),
                config.get(TcpSetting.MAX_RTO_NS));
    }

    private int sendSynAck(final long nowNs) {
        final SegmentWriter writer = stack.writer();
        final int begun = writer.begin(this, initialSequence, SeqNum.add(peerSequence, 1),
                Handshake.synAckFlags(negotiation));
        if (begun != SegmentWriter.SENT) {
            return begun;
        }
        final TcpConfig config = listener.config();
        final int clock = timestamps.value(nowNs);
        final int value = cookie
                ? SynCookies.timestampValue(clock, stack.random().timestampOffset(this), negotiation)
                : clock;
        writer.trafficClass(listener.differentiatedServices() | Handshake.synEcnField(config));
        writer.window(windowField());
        negotiation.putOptions(writer,
                MaxSegmentSize.toReceive(path(), config.getInt(TcpSetting.MAX_SEGMENT_BYTES)),
                SynWindow.scale(config), value, timestamps.recent());
        return writer.send(nowNs);
    }

    private void acknowledge(final long nowNs) {
        final SegmentWriter writer = stack.writer();
        final int sequence = SeqNum.add(initialSequence, 1);
        if (writer.begin(this, sequence, SeqNum.add(peerSequence, 1), ACK) != SegmentWriter.SENT) {
            // The peer will ask again.
            return;
        }
        writer.trafficClass(listener.differentiatedServices());
        writer.window(negotiation.scaling() ? windowField() >>> SynWindow.scale(listener.config()) : windowField());
        if (negotiation.timestamps()) {
            writer.timestampsOption(timestamps.value(nowNs), timestamps.recent());
        }
        writer.send(nowNs);
    }

    private void onTimer(final long nowNs) {
        if (!answered) {
            answer(nowNs);
            return;
        }
        stack.counters().increment(TcpCounter.TIMEOUTS);
        final int deferred = listener.deferredTimeouts();
        final boolean tired = timeouts >= listener.synAckRetries() && (!acknowledged || timeouts >= deferred);
        if (tired) {
            stack.counters().increment(TcpCounter.ATTEMPT_FAILS);
            leave();
            return;
        }
        // A peer that has acknowledged and owes data isn't asked again until the last time.
        final boolean ask = !acknowledged || timeouts >= deferred - 1;
        if (timeouts++ == 0) {
            listener.aged();
        }
        if (ask) {
            retransmits++;
            stack.counters().increment(TcpCounter.SYN_RETRANSMITS);
            answer(nowNs);
        } else {
            stack.timers().schedule(timer, nowNs + timeoutNs());
        }
    }

    // -- in: RFC 9293, 3.10.7.4, as far as it concerns SYN-RECEIVED

    @Override
    boolean process(final TcpSegment segment, final long nowNs) {
        final int expected = SeqNum.add(peerSequence, 1);
        if (isRepeatedSyn(segment, nowNs)) {
            answerAgain(segment, nowNs);
            return false;
        }
        if (segment.has(ACK) && !segment.has(RST) && segment.acknowledgment() != SeqNum.add(initialSequence, 1)) {
            stack.counters().increment(TcpCounter.ACK_UNACCEPTABLE);
            stack.input().reset(segment, nowNs);
            return false;
        }
        if (!inSequence(segment, expected, nowNs)) {
            return false;
        }
        if (segment.has(RST)) {
            reset(segment, expected, nowNs);
            return false;
        }
        if (segment.has(SYN) && segment.sequence() != peerSequence) {
            // RFC 5961, 4.2.
            stack.counters().increment(TcpCounter.SYN_CHALLENGES);
            challenge(nowNs);
            return false;
        }
        if (!segment.has(ACK)) {
            stack.counters().increment(TcpCounter.IN_UNEXPECTED_FLAGS);
            return false;
        }
        if (timeouts < listener.deferredTimeouts() && segment.sequenceEnd() == expected) {
            // Nothing to do for the application before the peer has asked for something.
            acknowledged = true;
            stack.counters().increment(TcpCounter.DEFER_ACCEPT_DROPS);
            return false;
        }
        return grow(segment, nowNs);
    }

    private boolean isRepeatedSyn(final TcpSegment segment, final long nowNs) {
        return segment.has(SYN) && !segment.has(ACK) && !segment.has(RST) && segment.sequence() == peerSequence
                && !isOld(segment, nowNs);
    }

    // Our SYN,ACK was lost, most likely: it is sent again, and its timer starts anew.
    private void answerAgain(final TcpSegment segment, final long nowNs) {
        if (stack.limits().mayReply(this, segment, TcpCounter.ACKS_SKIPPED_SYN_RECEIVED, nowNs)) {
            retransmits++;
            stack.counters().increment(TcpCounter.SYN_RETRANSMITS);
            answer(nowNs);
        }
    }

    private boolean isOld(final TcpSegment segment, final long nowNs) {
        return timestamps.enabled() && segment.options().hasTimestamps()
                && timestamps.isOld(segment.options().timestampValue(), nowNs);
    }

    private boolean inSequence(final TcpSegment segment, final int expected, final long nowNs) {
        final boolean old = !segment.has(RST) && isOld(segment, nowNs);
        final int edge = SeqNum.add(expected, windowField());
        final boolean inWindow = segment.sequence() == expected
                || SeqNum.greaterThan(segment.sequenceEnd(), expected) && SeqNum.lessThan(segment.sequence(), edge)
                || segment.sequence() == edge && segment.sequenceLength() == 0;
        // The peer's part of crossed SYNs: once the SYN is cut off it is a plain ACK.
        final boolean synAck = segment.has(SYN) && segment.has(ACK) && segment.sequence() == peerSequence;
        if (!old && (inWindow || synAck)) {
            if (timestamps.enabled() && segment.options().hasTimestamps() && !segment.has(RST)
                    && SeqNum.lessOrEqual(segment.sequence(), expected)) {
                timestamps.enable(segment.options().timestampValue(), nowNs);
            }
            return true;
        }
        stack.counters().increment(old ? TcpCounter.PAWS_REJECTED : TcpCounter.OUT_OF_WINDOW);
        if (!segment.has(RST)
                && stack.limits().mayReply(this, segment, TcpCounter.ACKS_SKIPPED_SYN_RECEIVED, nowNs)) {
            acknowledge(nowNs);
        }
        return false;
    }

    private void reset(final TcpSegment segment, final int expected, final long nowNs) {
        stack.counters().increment(TcpCounter.IN_RSTS);
        final boolean exact = segment.sequence() == expected;
        if (!exact && segment.sequence() == SeqNum.add(expected, windowField())) {
            // The edge is not in the window: RFC 5961, 3.2, has it dropped.
            stack.counters().increment(TcpCounter.OUT_OF_WINDOW);
        } else if (exact || !listener.config().is(TcpSetting.EXACT_RESETS)) {
            stack.counters().increment(TcpCounter.ATTEMPT_FAILS);
            stack.counters().increment(TcpCounter.EMBRYONIC_RESETS);
            leave();
        } else {
            // RFC 5961, 3.2. Linux lets any number in the window do here.
            challenge(nowNs);
        }
    }

    private void challenge(final long nowNs) {
        if (stack.limits().mayChallenge(this, nowNs)) {
            acknowledge(nowNs);
        }
    }

    private boolean grow(final TcpSegment segment, final long nowNs) {
        if (!listener.hasRoom()) {
            overflow(segment, nowNs);
            return false;
        }
        final TcpConnection connection = new TcpConnection(stack, listener.config(), path(), localPort(), remotePort());
        stack.flows().replace(this, connection);
        leave();
        final PassiveOpen opened = new PassiveOpen(negotiation, initialSequence, peerSequence, timestamps.recent(),
                windowField(), retransmits, sentAtNs);
        return listener.open(connection, opened, segment, nowNs);
    }

    // The application doesn't accept: the peer's data, or our timer, brings the ACK again.
    private void overflow(final TcpSegment segment, final long nowNs) {
        stack.counters().increment(TcpCounter.LISTEN_OVERFLOWS);
        stack.counters().increment(TcpCounter.LISTEN_DROPS);
        if (stack.config().is(TcpSetting.ABORT_ON_OVERFLOW)) {
            stack.counters().increment(TcpCounter.EMBRYONIC_RESETS);
            stack.input().reset(segment, nowNs);
            leave();
        } else {
            acknowledged = true;
        }
    }

    /** It is forgotten; the peer isn't told. */
    void leave() {
        stack.timers().cancel(timer);
        listener.remove(this);
        stack.flows().remove(this);
    }

    @Override
    void destroy() {
        stack.writer().sendPlain(this, SeqNum.add(initialSequence, 1), SeqNum.add(peerSequence, 1), RST | ACK,
                stack.nowNs());
        leave();
    }

    private final class EmbryoTimer extends Timer {
        @Override
        protected void expire(final long nowNs) {
            onTimer(nowNs);
        }
    }
}
