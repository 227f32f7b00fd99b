package io.netchannel.tcpip.tcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;
import static io.netchannel.tcpip.tcp.TcpSetting.*;

import io.netchannel.kernel.sched.Timer;
import io.netchannel.tcpip.ip.Path;
import io.netchannel.tcpip.tcp.congestion.CongestionAlgorithm;

/**
 * A connection that is being opened, open, or being closed: coordinates its halves, and is the application's
 * {@link TcpFlow}.
 *
 * <p>Without I/O: {@link #process} takes a segment and sends nothing, it only takes notes; {@link #emit} sends what is
 * due; {@link #nextDeadlineNs} says when {@link #onTimer} must be called. {@link SegmentArrival} holds the rules of RFC
 * 9293, 3.10.7; {@link TcpSender} and {@link TcpReceiver} the two directions; {@link TcpState} draws the states.
 *
 * <p>The protocol's end and the application's are two things: after the last FIN a {@link TimeWait} takes this
 * connection's place in the stack, while the connection itself lives on until the application has consumed what it has
 * received.
 *
 * <p>Its length is the application's interface, which has no state of its own.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TcpConnection extends TcpEndpoint implements TcpFlow {

    /** {@link #emit}: there is more to send, but others come first. */
    static final int MORE = 3;

    // One turn's share of a connection, so that one with a full buffer doesn't starve the others.
    private static final int MAX_SEGMENTS_PER_TURN = 32;
    private static final long MEMORY_RETRY_NS = 1_000_000;
    // Below the shortest interval of window probes, so that none of those goes without an answer.
    private static final long REPLY_INTERVAL_NS = 100_000_000;

    private final TcpStack stack;
    private final SegmentWriter writer;
    private final TcpCounters counters;
    private final FlowSettings settings;
    private final TcpSender sender;
    private final TcpReceiver receiver;
    private final TcpTimestamps timestamps;
    private final KeepAlive keepAlive;
    private final Timer timer = new ConnectionTimer();

    private final Handshake handshake;
    private final Application application = new Application(this);
    private Object attachment;
    private TcpState state = TcpState.CLOSED;
    private boolean open = true;
    // The peer knows of no connection any more, or doesn't matter.
    private boolean protocolDone;
    // The application has called close().
    private boolean orphan;
    private boolean softError;

    private long armedForNs = NO_DEADLINE;
    private long stateDeadlineNs = NO_DEADLINE;
    private long memoryRetryNs = NO_DEADLINE;
    private long lastReplyNs;
    private boolean replied;

    // Lists of the stack.
    TcpConnection nextDirty;
    boolean dirty;
    TcpConnection previousLive;
    TcpConnection nextLive;

    TcpConnection(final TcpStack stack, final TcpConfig config, final Path path, final int localPort,
            final int remotePort) {
        super(path, localPort, remotePort);
        this.stack = stack;
        this.settings = new FlowSettings(config);
        this.writer = stack.writer();
        this.counters = stack.counters();
        this.timestamps = new TcpTimestamps(stack.random().timestampOffset(this));
        this.sender = new TcpSender(this, stack);
        this.receiver = new TcpReceiver(this, stack);
        this.keepAlive = new KeepAlive(config);
        this.handshake = new Handshake(this);
    }

    // -- open

    void openActive(final TcpHandler handler, final long nowNs) {
        application.attach(handler);
        state = TcpState.SYN_SENT;
        final int initialSequence = stack.random().initialSequence(this, nowNs);
        sender.open(initialSequence);
        handshake.open(initialSequence);
        stack.markDirty(this);
    }

    /** The ACK of an embryo's SYN has come; the segment itself is processed next. */
    void openPassive(final Embryo embryo, final TcpSegment segment, final long nowNs) {
        handshake.inherit(embryo);
        sender.open(embryo.initialSequence());
        receiver.onSyn(embryo.peerSequence(), embryo.windowField());
        receiver.onSynAcknowledged();
        if (embryo.hasTimestamps()) {
            timestamps.enable(embryo.timestampRecent(), nowNs);
        }
        establish(segment, false, nowNs);
        counters.increment(TcpCounter.PASSIVE_OPENS);
    }

    /** A passive connection meets its application. */
    void accept(final TcpHandler handler) {
        application.attach(handler);
        application.tellConnected();
        if (receiver.hasUnread()) {
            resumeReceive();
        }
        stack.markDirty(this);
    }

    /** RFC 9293, 3.10.7.3: the peer's SYN, with an acceptable ACK or none. */
    void onSyn(final TcpSegment segment, final long nowNs) {
        handshake.onPeerSyn(segment, nowNs);
        receiver.onSyn(segment.sequence(), stack.synWindow(config()));
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
        application.tellConnected();
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

    /** The peer's FIN has been passed (RFC 9293, 3.10.7.4, eighth). */
    void onPeerFin(final long nowNs) {
        switch (state) {
            case ESTABLISHED -> state = TcpState.CLOSE_WAIT;
            case FIN_WAIT_1 -> state = TcpState.CLOSING;
            case FIN_WAIT_2 -> enterTimeWait(nowNs);
            default -> {
                // A FIN that was passed before.
            }
        }
    }

    /** Our FIN was acknowledged (RFC 9293, 3.10.7.4, fifth). */
    void onFinAcknowledged(final long nowNs) {
        switch (state) {
            case FIN_WAIT_1 -> {
                state = TcpState.FIN_WAIT_2;
                boundFinWait(nowNs);
            }
            case CLOSING -> enterTimeWait(nowNs);
            case LAST_ACK -> {
                protocolEnds();
                stack.flows().remove(this);
            }
            default -> {
                // Acknowledged before.
            }
        }
    }

    private void boundFinWait(final long nowNs) {
        if (orphan && state == TcpState.FIN_WAIT_2) {
            stateDeadlineNs = nowNs + config().get(TcpSetting.FIN_WAIT_2_NS);
        }
    }

    private void enterTimeWait(final long nowNs) {
        protocolEnds();
        stack.enterTimeWait(this, nowNs);
    }

    private void protocolEnds() {
        protocolDone = true;
        state = TcpState.CLOSED;
        sender.release();
    }

    /** A RST with the right number arrived, or the handshake was refused. */
    void onReset() {
        final boolean refused = state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED;
        counters.increment(refused ? TcpCounter.ATTEMPT_FAILS : TcpCounter.ESTAB_RESETS);
        end(refused ? TcpCloseReason.REFUSED : TcpCloseReason.RESET);
    }

    /** Data came that nobody will read: the peer must know (RFC 1122, 4.2.2.13). */
    void onDataAfterClose(final long nowNs) {
        counters.increment(TcpCounter.ABORT_ON_DATA);
        resetPeer(nowNs);
        end(TcpCloseReason.ABORTED);
    }

    /** Answers a segment that was not acceptable with an acknowledgment; one without data not too often. */
    void replyTo(final TcpSegment segment, final long nowNs) {
        if (segment.payloadBytes() == 0 && replied && nowNs - lastReplyNs < REPLY_INTERVAL_NS) {
            counters.increment(TcpCounter.ACKS_SKIPPED);
            return;
        }
        replied = true;
        lastReplyNs = nowNs;
        receiver.acknowledgeNow();
    }

    /**
     * RFC 5961: an acknowledgment by which a true peer can correct itself; few enough to be of no use to an attacker.
     */
    void challenge(final long nowNs) {
        if (stack.mayChallenge(nowNs)) {
            receiver.acknowledgeNow();
        }
    }

    void onIcmpHardError() {
        counters.increment(TcpCounter.ICMP_HARD_ERRORS);
        counters.increment(TcpCounter.ATTEMPT_FAILS);
        end(TcpCloseReason.UNREACHABLE);
    }

    /** Remembered as the reason, should the peer stay silent (RFC 1122, 4.2.3.9). */
    void onIcmpSoftError() {
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
    int emit(final long nowNs) {
        tellApplication(nowNs);
        if (!open) {
            return SegmentWriter.SENT;
        }
        int result = SegmentWriter.SENT;
        if (!protocolDone) {
            result = state.isSynchronized() ? transmit(nowNs) : handshake.emit(nowNs);
            if (result == SegmentWriter.NO_BUFFER) {
                memoryRetryNs = nowNs + MEMORY_RETRY_NS;
                result = SegmentWriter.SENT;
            }
        }
        armTimer();
        return result;
    }

    private void tellApplication(final long nowNs) {
        if (open && application.takeResume()) {
            receiver.resume(nowNs);
        }
        if (open && receiver.finPassed() && !receiver.hasUnread() && application.tellPeerFinished() && protocolDone) {
            end(TcpCloseReason.FINISHED);
        }
        if (open && application.waitsForRoom() && !protocolDone) {
            offerRoom(nowNs);
        }
    }

    private void offerRoom(final long nowNs) {
        final SendQueue queue = sender.queue();
        if (queue.writableBytes() < queue.limitBytes() / 4) {
            return;
        }
        if (queue.contiguousWritableBytes() > 0) {
            application.tellWritable();
        } else {
            memoryRetryNs = nowNs + MEMORY_RETRY_NS;
        }
    }

    private int transmit(final long nowNs) {
        final int result = sender.emit(nowNs, MAX_SEGMENTS_PER_TURN);
        if (result != SegmentWriter.SENT && result != MORE) {
            return result;
        }
        if (sender.takeProbe() || keepAlive.takeProbe()) {
            // Zero bytes just before the window: not acceptable, so a live peer answers with its window.
            counters.increment(sender.isBusy() ? TcpCounter.WINDOW_PROBES : TcpCounter.KEEPALIVES);
            sendAck(SeqNum.add(sender.una(), -1), nowNs);
        }
        for (int due = receiver.acksDue(nowNs); due > 0; due--) {
            final int sent = sendAck(sender.ackSequence(), nowNs);
            if (sent != SegmentWriter.SENT) {
                return sent;
            }
            receiver.onDuplicateAckSent();
        }
        return result;
    }

    private int sendAck(final int sequence, final long nowNs) {
        final int begun = begin(sequence, ACK, nowNs);
        if (begun != SegmentWriter.SENT) {
            return begun;
        }
        counters.increment(TcpCounter.PURE_ACKS);
        return send(false, nowNs);
    }

    /** {@link TcpSender}'s way out: bytes of its queue from {@code position} on. */
    int sendData(final int sequence, final int position, final int lengthBytes, final boolean push, final boolean fin,
            final long nowNs) {
        final int flags = ACK | (push && lengthBytes > 0 ? PSH : 0) | (fin ? FIN : 0);
        final int begun = begin(sequence, flags, nowNs);
        if (begun != SegmentWriter.SENT) {
            return begun;
        }
        if (lengthBytes > 0) {
            writer.payload(sender.queue(), position, lengthBytes, sender.mssBytes());
        }
        return send(true, nowNs);
    }

    private int begin(final int sequence, final int flags, final long nowNs) {
        final int begun = writer.begin(this, sequence, receiver.next(), flags);
        if (begun == SegmentWriter.SENT) {
            writer.window(receiver.advertise());
            if (timestamps.enabled()) {
                writer.timestampsOption(timestamps.value(nowNs), timestamps.recent());
            }
        }
        return begun;
    }

    private int send(final boolean withData, final long nowNs) {
        final int result = writer.send(nowNs);
        if (result == SegmentWriter.SENT) {
            receiver.onAckSent(withData);
        } else {
            // The window was promised to nobody: it must be told again.
            receiver.acknowledgeNow();
        }
        return result;
    }

    private void resetPeer(final long nowNs) {
        if (state.isSynchronized() || state == TcpState.SYN_RECEIVED) {
            writer.sendPlain(this, sender.ackSequence(), receiver.next(), RST | ACK, nowNs);
        }
    }

    // -- time

    /** When {@link #onTimer} must be called; {@code NO_DEADLINE} for never. */
    long nextDeadlineNs() {
        final long halves = Math.min(sender.nextDeadlineNs(), receiver.nextDeadlineNs());
        return Math.min(Math.min(halves, keepAlive.nextDeadlineNs()), Math.min(stateDeadlineNs, memoryRetryNs));
    }

    // The timer is only ever moved nearer; one that comes too early finds nothing due and is armed anew. So an
    // acknowledgment, which puts the retransmission off, doesn't touch the wheel.
    private void armTimer() {
        final long deadlineNs = nextDeadlineNs();
        if (deadlineNs < armedForNs) {
            armedForNs = deadlineNs;
            stack.timers().schedule(timer, deadlineNs);
        }
    }

    void onTimer(final long nowNs) {
        armedForNs = NO_DEADLINE;
        if (memoryRetryNs <= nowNs) {
            memoryRetryNs = NO_DEADLINE;
        }
        if (!handshakeTimer(nowNs)) {
            return;
        }
        receiver.onTimer(nowNs);
        if (state.isSynchronized() && !sender.onTimer(nowNs)) {
            timedOut(nowNs);
            return;
        }
        if (!keepAlive.onTimer(sender.isBusy() || !state.isSynchronized(), nowNs)) {
            timedOut(nowNs);
            return;
        }
        if (stateDeadlineNs <= nowNs) {
            end(TcpCloseReason.FINISHED);
            return;
        }
        stack.markDirty(this);
    }

    private boolean handshakeTimer(final long nowNs) {
        final boolean opening = state == TcpState.SYN_SENT || state == TcpState.SYN_RECEIVED;
        if (!opening || handshake.onTimer(nowNs)) {
            return true;
        }
        counters.increment(TcpCounter.ATTEMPT_FAILS);
        end(softError ? TcpCloseReason.UNREACHABLE : TcpCloseReason.TIMED_OUT);
        return false;
    }

    private void timedOut(final long nowNs) {
        counters.increment(TcpCounter.ABORT_ON_TIMEOUT);
        resetPeer(nowNs);
        end(softError ? TcpCloseReason.UNREACHABLE : TcpCloseReason.TIMED_OUT);
    }

    private final class ConnectionTimer extends Timer {
        @Override
        protected void expire(final long nowNs) {
            onTimer(nowNs);
        }
    }

    // -- end

    /** The end of the flow, whatever brought it: gives everything back and tells the application. */
    void end(final TcpCloseReason reason) {
        if (!open) {
            return;
        }
        open = false;
        state = TcpState.CLOSED;
        stack.timers().cancel(timer);
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
                resetPeer(stack.nowNs());
                end(TcpCloseReason.HANDLER_FAILED);
            }
        }
    }

    @Override
    void destroy() {
        if (open) {
            resetPeer(stack.nowNs());
            end(TcpCloseReason.STACK_CLOSED);
        }
    }

    /** The listener's application doesn't want this connection. */
    void refuse(final long nowNs) {
        resetPeer(nowNs);
        end(TcpCloseReason.ABORTED);
    }

    // -- TcpFlow

    private boolean takesWrites() {
        return open && !protocolDone && !sender.finQueued();
    }

    @Override
    public int write(final long address, final int lengthBytes) {
        return takesWrites() ? wrote(sender.queue().write(address, lengthBytes), lengthBytes) : 0;
    }

    @Override
    public int write(final byte[] source, final int offset, final int lengthBytes) {
        return takesWrites() ? wrote(sender.queue().write(source, offset, lengthBytes), lengthBytes) : 0;
    }

    private int wrote(final int bytes, final int wantedBytes) {
        if (bytes < wantedBytes) {
            application.blockWrites();
        }
        stack.markDirty(this);
        return bytes;
    }

    @Override
    public int writableBytes() {
        return takesWrites() ? blockedIfNone(sender.queue().writableBytes()) : 0;
    }

    @Override
    public int contiguousWritableBytes() {
        return takesWrites() ? blockedIfNone(sender.queue().contiguousWritableBytes()) : 0;
    }

    private int blockedIfNone(final int bytes) {
        if (bytes == 0) {
            application.blockWrites();
            stack.markDirty(this);
        }
        return bytes;
    }

    @Override
    public long writeAddress() {
        return sender.queue().writeAddress();
    }

    @Override
    public void commitWrite(final int lengthBytes) {
        if (!takesWrites()) {
            return;
        }
        if (lengthBytes < 0 || lengthBytes > sender.queue().contiguousWritableBytes()) {
            throw new IllegalArgumentException("lengthBytes=" + lengthBytes + " > contiguousWritableBytes="
                    + sender.queue().contiguousWritableBytes());
        }
        sender.queue().commit(lengthBytes);
        stack.markDirty(this);
    }

    @Override
    public void shutdownOutput() {
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

    @Override
    public void close() {
        if (!open || orphan) {
            return;
        }
        if (protocolDone || state == TcpState.SYN_SENT) {
            end(protocolDone ? TcpCloseReason.FINISHED : TcpCloseReason.ABORTED);
        } else if (receiver.hasUnread() && !receiver.isDelivering()) {
            counters.increment(TcpCounter.ABORT_ON_CLOSE);
            resetPeer(stack.nowNs());
            end(TcpCloseReason.ABORTED);
        } else {
            shutdownOutput();
            orphan = true;
            boundFinWait(stack.nowNs());
            stack.markDirty(this);
        }
    }

    @Override
    public void abort() {
        if (!open) {
            return;
        }
        counters.increment(TcpCounter.ABORT_BY_APPLICATION);
        if (!protocolDone) {
            resetPeer(stack.nowNs());
        }
        end(TcpCloseReason.ABORTED);
    }

    @Override
    public void resumeReceive() {
        if (open) {
            application.resume();
            stack.markDirty(this);
        }
    }

    @Override
    public void noDelay(final boolean on) {
        sender.noDelay(on);
        if (open) {
            stack.markDirty(this);
        }
    }

    @Override
    public boolean noDelay() {
        return sender.noDelay();
    }

    @Override
    public void keepAlive(final boolean on) {
        if (open) {
            keepAlive.set(on, stack.nowNs());
            stack.markDirty(this);
        }
    }

    @Override
    public boolean keepAlive() {
        return keepAlive.isOn();
    }

    @Override
    public void keepAliveTimes(final long idleNs, final long intervalNs, final int probes) {
        KEEP_ALIVE_IDLE_NS.check(idleNs);
        KEEP_ALIVE_INTERVAL_NS.check(intervalNs);
        KEEP_ALIVE_PROBES.check(probes);
        keepAlive.times(idleNs, intervalNs, probes, stack.nowNs());
        stack.markDirty(this);
    }

    @Override
    public void cork(final boolean on) {
        settings.cork = on;
        stack.markDirty(this);
    }

    @Override
    public boolean cork() {
        return settings.cork;
    }

    @Override
    public void quickAck(final boolean on) {
        receiver.quickAck(on);
        stack.markDirty(this);
    }

    @Override
    public void userTimeoutNs(final long timeoutNs) {
        USER_TIMEOUT_NS.check(timeoutNs);
        settings.userTimeoutNs = timeoutNs;
    }

    @Override
    public long userTimeoutNs() {
        return settings.userTimeoutNs;
    }

    @Override
    public void lingerNs(final long lingerNs) {
        settings.lingerNs = Math.max(FlowSettings.NO_LINGER, lingerNs);
    }

    @Override
    public void maxSegmentBytes(final int bytes) {
        MAX_SEGMENT_BYTES.check(bytes);
        settings.maxSegmentBytes = bytes;
    }

    @Override
    public void notSentLowWaterBytes(final int bytes) {
        NOT_SENT_LOW_WATER_BYTES.check(bytes);
        settings.notSentLowWaterBytes = bytes;
    }

    @Override
    public void sendBufferBytes(final int bytes) {
        SEND_BUFFER_BYTES.check(bytes);
        settings.fixedSendBufferBytes = bytes;
    }

    @Override
    public void receiveBufferBytes(final int bytes) {
        RECEIVE_BUFFER_BYTES.check(bytes);
        settings.fixedReceiveBufferBytes = bytes;
    }

    @Override
    public void congestionControl(final CongestionAlgorithm algorithm) {
        settings.congestionAlgorithm = algorithm;
    }

    @Override
    public String congestionControl() {
        return settings.congestionAlgorithm.name();
    }

    @Override
    public void maxPacingRate(final long bytesPerSecond) {
        MAX_PACING_RATE_BYTES_PER_SECOND.check(bytesPerSecond);
        settings.maxPacingRate = bytesPerSecond;
    }

    @Override
    public void differentiatedServices(final int codePoint) {
        settings.differentiatedServices = codePoint << 2 & 0xFC;
    }

    @Override
    public void info(final TcpInfo into) {
        into.clear();
        into.set(TcpInfo.Field.STATE, state.linuxNumber());
        sender.info(into);
        receiver.info(into);
    }

    FlowSettings settings() {
        return settings;
    }

    TcpConfig config() {
        return settings.config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public int unacknowledgedBytes() {
        return sender.queue().sizeBytes();
    }

    @Override
    public TcpState state() {
        return state;
    }

    @Override
    public Object attachment() {
        return attachment;
    }

    @Override
    public void attachment(final Object object) {
        attachment = object;
    }

    // -- for the parts of the connection

    /** Whether the application has closed: nobody hears of what arrives. */
    boolean isOrphan() {
        return orphan;
    }

    Application application() {
        return application;
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
