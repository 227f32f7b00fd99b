package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.tcpip.icmp.TransportError;
import io.netchannel.tcpip.ip.Path;

/**
 * A connection that is being opened, open, or being closed: coordinates its halves. The application holds an
 * {@link ApplicationFlow}, and {@link Closing} brings it to its end.
 *
 * <p>Without I/O: {@link #process} takes a segment and sends nothing, it only takes notes; {@link #emit} sends what is
 * due; a {@link ConnectionTimer} calls again. {@link SegmentArrival} holds the rules of RFC 9293, 3.10.7;
 * {@link TcpSender} and {@link TcpReceiver} the two directions; {@link TcpState} draws the states.
 *
 * <p>The protocol's end and the application's are two things: after the last FIN a {@link TimeWait} takes this
 * connection's place in the stack, while the connection itself lives on until the application has consumed what it has
 * received.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TcpConnection extends TcpEndpoint {

    /** {@link #emit}: there is more to send, but others come first. */
    static final int MORE = 3;

    private final TcpStack stack;
    private final TcpCounters counters;
    private final FlowSettings settings;
    private final TcpSender sender;
    private final TcpReceiver receiver;
    private final TcpTimestamps timestamps;
    private final KeepAlive keepAlive;
    private final ConnectionTimer timer;
    private final Handshake handshake;
    private final Application application = new Application(this);
    private final ApplicationFlow flow;
    private final Closing closing = new Closing(this);
    private final SegmentOutput output;
    private final Emission emission;
    private TcpState state = TcpState.CLOSED;
    private boolean open = true;
    // The peer knows of no connection any more, or doesn't matter.
    private boolean protocolDone;
    private boolean softError;
    private TransportError transportError;

    // Lists of the stack.
    TcpConnection nextDirty;
    boolean dirty;
    boolean owed;
    TcpConnection previousLive;
    TcpConnection nextLive;

    TcpConnection(final TcpStack stack, final TcpConfig config, final Path path, final int localPort,
            final int remotePort) {
        this(stack, new FlowSettings(config), path, localPort, remotePort, null);
    }

    /** @param flow that the application has already, or null */
    TcpConnection(final TcpStack stack, final FlowSettings settings, final Path path, final int localPort,
            final int remotePort, final ApplicationFlow flow) {
        super(path, localPort, remotePort);
        this.stack = stack;
        this.settings = settings;
        this.counters = stack.counters();
        this.timestamps = new TcpTimestamps(stack.random().timestampOffset(this));
        this.sender = new TcpSender(this, stack);
        this.receiver = new TcpReceiver(this, stack);
        this.keepAlive = new KeepAlive(settings.config);
        this.handshake = new Handshake(this);
        this.flow = flow == null ? new ApplicationFlow(this) : flow;
        this.timer = new ConnectionTimer(this);
        this.output = new SegmentOutput(this);
        this.emission = new Emission(this);
    }

    // -- open

    /** @param before what has had the four-tuple until now, or null */
    void openActive(final TcpHandler handler, final TimeWait before, final long nowNs) {
        application.attach(handler);
        state = TcpState.SYN_SENT;
        final int initialSequence = TcpInput.firstSequence(stack.random().initialSequence(this, nowNs), before);
        sender.open(initialSequence);
        handshake.open(initialSequence);
        stack.markDirty(this);
    }

    /** The ACK of a listener's SYN has come; the segment itself is processed next. */
    void openPassive(final PassiveOpen opened, final TcpSegment segment, final long nowNs) {
        handshake.inherit(opened);
        sender.open(opened.initialSequence());
        receiver.onSyn(opened.peerSequence(), opened.windowField());
        receiver.onSynAcknowledged();
        if (opened.negotiation().timestamps()) {
            timestamps.enable(opened.timestampRecent(), nowNs);
        }
        establish(segment, false, nowNs);
        counters.increment(TcpCounter.PASSIVE_OPENS);
    }

    /** A passive connection meets its application. */
    void accept(final TcpHandler handler) {
        application.attach(handler);
        application.tellConnected(true);
        if (receiver.hasUnread()) {
            application.resume();
        }
        stack.markDirty(this);
    }

    /** RFC 9293, 3.10.7.3: the peer's SYN, with an acceptable ACK or none. */
    void onSyn(final TcpSegment segment, final long nowNs) {
        handshake.onPeerSyn(segment, nowNs);
        receiver.onSyn(segment.sequence(), SynWindow.field(config()));
        if (segment.has(ACK)) {
            receiver.acknowledgeNow();
            onSynAcknowledged(segment, true, nowNs);
        } else {
            state = TcpState.SYN_RECEIVED;
        }
    }

    /**
     * RFC 9293, 3.10.7.3 and 3.10.7.4, fifth: our SYN is acknowledged; {@code withSyn} if the segment came with a SYN,
     * which may have been trimmed off since.
     */
    void onSynAcknowledged(final TcpSegment segment, final boolean withSyn, final long nowNs) {
        establish(segment, withSyn, nowNs);
        counters.increment(TcpCounter.ACTIVE_OPENS);
        application.noteConnected();
    }

    private void establish(final TcpSegment segment, final boolean withSyn, final long nowNs) {
        handshake.complete(segment, withSyn, nowNs);
        state = sender.finQueued() ? TcpState.FIN_WAIT_1 : TcpState.ESTABLISHED;
        path().confirmReachable(nowNs);
        keepAlive.onHeard(nowNs);
        keepAlive.set(config().is(TcpSetting.KEEP_ALIVE) || keepAlive.isOn(), nowNs);
    }

    // -- segments in

    @Override
    boolean process(final TcpSegment segment, final long nowNs) {
        keepAlive.onHeard(nowNs);
        final boolean kept = SegmentArrival.process(this, segment, nowNs);
        stack.markDirty(this);
        return kept;
    }

    void moveTo(final TcpState next) {
        state = next;
    }

    /** The rest is a {@link TimeWait}'s, in {@code substate}; the application may still have data to consume. */
    void enterTimeWait(final TcpState substate, final long nowNs) {
        protocolEnds();
        stack.timeWaits().take(this, substate, nowNs);
    }

    /** Neither side owes the other anything. */
    void protocolEnds() {
        protocolDone = true;
        state = TcpState.CLOSED;
        sender.release();
    }

    boolean isProtocolDone() {
        return protocolDone;
    }

    /** A RST with the right number arrived, or the handshake was refused. */
    void onReset() {
        final boolean refused = state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED;
        counters.increment(refused ? TcpCounter.ATTEMPT_FAILS : TcpCounter.ESTAB_RESETS);
        application.deliverNow();
        end(refused ? TcpCloseReason.REFUSED : TcpCloseReason.RESET);
    }

    /**
     * Answers a segment that was not acceptable with an acknowledgment, but not too often.
     *
     * @param skipped counted if it stays unanswered
     */
    void replyTo(final TcpSegment segment, final TcpCounter skipped, final long nowNs) {
        if (stack.limits().mayReply(this, segment, skipped, nowNs)) {
            receiver.acknowledgeNow();
        }
    }

    /**
     * RFC 5961: an acknowledgment by which a true peer can correct itself; few enough to be of no use to an attacker.
     */
    void challenge(final long nowNs) {
        if (stack.limits().mayChallenge(this, nowNs)) {
            receiver.acknowledgeNow();
        }
    }

    /** An ICMP error about our SYN. */
    void onIcmpHardError(final TransportError error, final TcpCloseReason reason) {
        transportError = error;
        counters.increment(TcpCounter.ICMP_HARD_ERRORS);
        counters.increment(TcpCounter.ATTEMPT_FAILS);
        end(reason);
    }

    /** Remembered as the reason, should the peer stay silent (RFC 1122, 4.2.3.9). */
    void onIcmpSoftError(final TransportError error) {
        transportError = error;
        counters.increment(TcpCounter.ICMP_SOFT_ERRORS);
        softError = true;
    }

    /** The path takes no more than {@code mtuBytes}, or so a router says. */
    void onPacketTooBig(final int mtuBytes) {
        // While it is being opened the cap waits for the end of the handshake: only the SYN is in flight.
        if (handshake.narrowPath(mtuBytes) && state.isSynchronized()) {
            sender.onSegmentSize(handshake.sendMss());
            stack.markDirty(this);
        }
    }

    // -- segments out

    /**
     * Tells the application what it is owed, and sends what is due.
     *
     * @return {@link SegmentWriter#SENT} if nothing is left to do now, {@link SegmentWriter#LINK_FULL}, or
     *            {@link #MORE}
     */
    int emit(final long turnNs) {
        if (stack.isStoodIn()) {
            stack.owe(this);
            // Nothing of the application's will come to carry it.
            receiver.acknowledgeWhatIsOwed();
        } else {
            application.tell(turnNs);
        }
        // It may have taken long, and others have gone on meanwhile.
        final long nowNs = stack.nowNs();
        if (!open) {
            return SegmentWriter.SENT;
        }
        int result = SegmentWriter.SENT;
        if (!protocolDone) {
            result = state.isSynchronized() ? emission.transmit(nowNs) : emission.openHandshake(nowNs);
            if (closing.isResetDue() && result == SegmentWriter.SENT) {
                closing.sendReset(nowNs);
                return SegmentWriter.SENT;
            }
            // What was just sent is no longer unsent; and the buffer may be too small for the window.
            sender.buffer().grow();
            if (!stack.isStoodIn()) {
                application.offerRoom(nowNs);
            }
            if (result == SegmentWriter.NO_BUFFER) {
                timer.retryMemory(nowNs);
                result = SegmentWriter.SENT;
            }
        }
        if (!open || application.isEndPutOff()) {
            return SegmentWriter.SENT;
        }
        if (timer.arm(nowNs) && !stack.isStoodIn()) {
            stack.rest(this);
        }
        return result;
    }

    // -- time

    /** The peer has left all our SYNs unanswered. */
    void openingTimedOut() {
        counters.increment(TcpCounter.ATTEMPT_FAILS);
        end(softError ? TcpCloseReason.UNREACHABLE : TcpCloseReason.TIMED_OUT);
    }

    /** Keepalives were not answered. The peer may live and have forgotten us, or the other way round: it is told. */
    void keepAliveTimedOut(final long nowNs) {
        output.reset(nowNs);
        timedOut();
    }

    /** What was sent was not acknowledged for too long. */
    void timedOut() {
        counters.increment(TcpCounter.ABORT_ON_TIMEOUT);
        end(softError ? TcpCloseReason.UNREACHABLE : TcpCloseReason.TIMED_OUT);
    }

    // -- end

    /**
     * The end of the flow, whatever brought it: gives everything back and tells the application. While somebody stands in for that, it
     * is the protocol's end only: what was received stays for the application.
     */
    void end(final TcpCloseReason reason) {
        if (!open) {
            return;
        }
        if (application.putOffEnd(reason)) {
            protocolEnds();
            timer.cancel();
            stack.flows().remove(this);
            stack.markDirty(this);
            return;
        }
        open = false;
        state = TcpState.CLOSED;
        timer.cancel();
        stack.forget(this);
        sender.release();
        receiver.release();
        application.tellClosed(reason);
    }

    /** A callback threw {@code failure}. */
    void fail(final RuntimeException failure) {
        try {
            application.tellFailure(failure);
        } finally {
            if (open) {
                output.reset(stack.nowNs());
                end(TcpCloseReason.HANDLER_FAILED);
            }
        }
    }

    @Override
    void destroy() {
        if (open) {
            output.reset(stack.nowNs());
            end(TcpCloseReason.STACK_CLOSED);
        }
    }

    /** The listener's application doesn't want this connection. */
    void refuse(final long nowNs) {
        output.reset(nowNs);
        end(TcpCloseReason.ABORTED);
    }

    // -- what the application asks for, by its ApplicationFlow

    /** Whether what the application writes will still be sent. */
    boolean takesWrites() {
        return open && !protocolDone && !sender.finQueued() && !isOrphan();
    }

    /** FIN follows what was written. */
    void finishOutput() {
        if (!takesWrites()) {
            return;
        }
        sender.finish();
        if (state == TcpState.ESTABLISHED) {
            state = TcpState.FIN_WAIT_1;
        } else if (state == TcpState.CLOSE_WAIT) {
            state = TcpState.LAST_ACK;
        }
        stack.markDirty(this);
    }

    /** Ends the connection at once. */
    void abort(final TcpCounter cause, final TcpCloseReason reason) {
        if (!open) {
            return;
        }
        counters.increment(cause);
        if (!protocolDone) {
            closing.sendWritten(stack.nowNs());
            output.reset(stack.nowNs());
        }
        end(reason);
    }

    void info(final TcpInfo into) {
        into.clear();
        into.set(TcpInfo.Field.STATE, state.linuxNumber());
        handshake.info(into);
        keepAlive.info(into, stack.nowNs());
        sender.info(into);
        receiver.info(into, stack.nowNs());
    }

    /** The last ICMP error about this connection, or null. */
    TransportError transportError() {
        return transportError;
    }

    // -- for the parts of the connection

    /** Whether the application has closed: nobody hears of what arrives. */
    boolean isOrphan() {
        return closing.isOrphan();
    }

    /** An ICMP error has said that the peer may be out of reach. */
    boolean hasSoftError() {
        return softError;
    }

    Application application() {
        return application;
    }

    ApplicationFlow flow() {
        return flow;
    }

    ConnectionTimer timer() {
        return timer;
    }

    SegmentOutput output() {
        return output;
    }

    Emission emission() {
        return emission;
    }

    Closing closing() {
        return closing;
    }

    KeepAlive keepAlive() {
        return keepAlive;
    }

    FlowSettings settings() {
        return settings;
    }

    TcpConfig config() {
        return settings.config;
    }

    boolean isOpen() {
        return open;
    }

    TcpState state() {
        return state;
    }

    Handshake handshake() {
        return handshake;
    }

    TcpSender sender() {
        return sender;
    }

    TcpReceiver receiver() {
        return receiver;
    }

    TcpTimestamps timestamps() {
        return timestamps;
    }

    TcpCounters counters() {
        return counters;
    }

    TcpStack stack() {
        return stack;
    }
}
