package io.netchannel.tcpip.tcp;

import static io.netchannel.kernel.sched.Poller.NO_DEADLINE;
import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.tcpip.ip.Path;

/**
 * The exchange of SYNs of one connection, and what it settles: sequence numbers, segment size, window scale,
 * timestamps.
 *
 * <p>Only an active open sends SYNs here; a passive one inherits what its {@link Embryo} has settled.
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class Handshake {

    // What every path takes: RFC 8200, 5; for IPv4 the bound of Linux, since who forges errors could ask for 68.
    private static final int MIN_PATH_MTU_IPV4 = 552;
    private static final int MIN_PATH_MTU_IPV6 = 1280;
    private static final int ASK_FOR_ECN = 1;

    private final TcpConnection connection;
    private final TcpStack stack;
    private int initialSequence;
    private Negotiation negotiation = Negotiation.NONE;
    private boolean ecnAsked;
    private boolean synDue;
    private int pathMtuBytes = Integer.MAX_VALUE;
    private int retransmits;
    private long sentAtNs;
    private long firstSentAtNs;
    private boolean sent;
    private long retryDeadlineNs = NO_DEADLINE;

    Handshake(final TcpConnection connection) {
        this.connection = connection;
        this.stack = connection.stack();
    }

    void open(final int sequence) {
        initialSequence = sequence;
        final TcpConfig config = connection.config();
        ecnAsked = config.get(TcpSetting.ECN) == ASK_FOR_ECN || config.congestionControl().requiresEcn();
        synDue = true;
    }

    void inherit(final PassiveOpen opened) {
        initialSequence = opened.initialSequence();
        negotiation = opened.negotiation();
        retransmits = opened.retransmits();
        sentAtNs = opened.sentAtNs();
    }

    /** The peer's SYN has come. */
    void onPeerSyn(final TcpSegment syn, final long nowNs) {
        negotiation = Negotiation.ofActive(connection.config(), syn, ecnAsked);
        if (negotiation.timestamps()) {
            connection.timestamps().enable(syn.options().timestampValue(), nowNs);
        }
        // Without ACK it crossed ours: ours is sent again, and acknowledges it.
        synDue = !syn.has(ACK);
    }

    /** {@code segment} acknowledges our SYN; {@code withSyn} if it came with the peer's. */
    void complete(final TcpSegment segment, final boolean withSyn, final long nowNs) {
        final TcpSender sender = connection.sender();
        final int peerScale = negotiation.scaling() ? negotiation.peerScale() : 0;
        // The window of a segment with SYN is never scaled (RFC 7323, 2.2).
        final int window = withSyn ? segment.window() : segment.window() << peerScale;
        if (negotiation.ecn()) {
            sender.enableEcn();
            connection.receiver().enableEcn(connection.config().congestionControl().requiresEcn());
        }
        connection.receiver().onEstablished(negotiation.scaling() ? SynWindow.scale(connection.config()) : 0,
                negotiation.sackPermitted(), sendMss(), nowNs);
        sender.onEstablished(peerScale, sendMss(), negotiation.sackPermitted(), retransmits);
        sender.initialWindow(segment.sequence(), segment.acknowledgment(), window);
        if (retransmits == 0 && sentAtNs != PassiveOpen.UNKNOWN) {
            sender.onHandshakeRtt(nowNs - sentAtNs);
        }
        synDue = false;
    }

    /** A segment was too big for the path. @return whether the path is narrower than was known */
    boolean narrowPath(final int mtuBytes) {
        final int least = connection.path().isIpv6() ? MIN_PATH_MTU_IPV6 : MIN_PATH_MTU_IPV4;
        final int narrowedBytes = Math.max(mtuBytes, least);
        if (mtuBytes == 0 || narrowedBytes >= Math.min(pathMtuBytes, connection.path().mtuBytes())) {
            return false;
        }
        pathMtuBytes = narrowedBytes;
        return true;
    }

    /** Payload of a full segment, as the path is now. */
    int sendMss() {
        return MaxSegmentSize.toSend(connection.path(), pathMtuBytes, negotiation, connection.settings());
    }

    /** Whether both SYNs have permitted selective acknowledgments. */
    boolean sackPermitted() {
        return negotiation.sackPermitted();
    }

    /** What both SYNs have settled; nothing before the peer's has come. */
    Negotiation negotiation() {
        return negotiation;
    }

    void info(final TcpInfo into) {
        int options = negotiation.timestamps() ? TcpInfo.OPTION_TIMESTAMPS : 0;
        options |= negotiation.sackPermitted() ? TcpInfo.OPTION_SACK : 0;
        options |= negotiation.scaling() ? TcpInfo.OPTION_WINDOW_SCALE : 0;
        options |= negotiation.ecn() ? TcpInfo.OPTION_ECN : 0;
        into.set(TcpInfo.Field.OPTIONS, options);
        final Path path = connection.path();
        final int optionBytes = negotiation.timestamps() ? TcpHeaderLayout.PADDED_TIMESTAMPS_BYTES : 0;
        into.set(TcpInfo.Field.ADVMSS,
                MaxSegmentSize.toReceive(path, connection.settings().maxSegmentBytes) - optionBytes);
        into.set(TcpInfo.Field.PMTU, Math.min(path.mtuBytes(), pathMtuBytes));
        if (!connection.state().isSynchronized()) {
            into.set(TcpInfo.Field.RETRANSMITS, retransmits);
        }
        into.set(TcpInfo.Field.TOTAL_RETRANS, retransmits);
    }

    /** Sends SYN or SYN,ACK if it is due. */
    int emit(final long nowNs) {
        if (!synDue) {
            return SegmentWriter.SENT;
        }
        final SegmentWriter writer = stack.writer();
        final TcpConfig config = connection.config();
        final boolean reply = connection.state() == TcpState.SYN_RECEIVED;
        final int begun = writer.begin(connection, initialSequence, reply ? connection.receiver().next() : 0,
                reply ? synAckFlags(negotiation) : synFlags());
        if (begun != SegmentWriter.SENT) {
            return begun;
        }
        final TcpTimestamps timestamps = connection.timestamps();
        final Negotiation options = reply ? negotiation : Negotiation.asked(config, ecnAsked);
        writer.trafficClass(connection.settings().differentiatedServices | synEcnField(config));
        writer.window(SynWindow.field(config));
        options.putOptions(writer, MaxSegmentSize.toReceive(connection.path(), connection.settings().maxSegmentBytes),
                SynWindow.scale(config), timestamps.value(nowNs), reply ? timestamps.recent() : 0);
        final int result = writer.send(nowNs);
        if (result == SegmentWriter.SENT) {
            onSent(reply, nowNs);
        }
        return result;
    }

    // A middlebox may drop a SYN that asks for ECN: one that was lost is sent again without (RFC 3168, 6.1.1.1).
    private int synFlags() {
        final int most = connection.config().getInt(TcpSetting.ECN_FALLBACK);
        return ecnAsked && (most == 0 || retransmits < most) ? SYN | ECE | CWR : SYN;
    }

    /**
     * ECN field of packets with SYN: not ECN-capable (RFC 3168, 6.1.1), but for algorithms that want to hear of every
     * mark, as in Linux.
     */
    static int synEcnField(final TcpConfig config) {
        return config.congestionControl().requiresEcn() ? TcpSegment.ECN_ECT0 : TcpSegment.ECN_NOT_ECT;
    }

    /** RFC 3168, 6.1.1: an ECN-setup SYN,ACK has ECE alone. */
    static int synAckFlags(final Negotiation negotiation) {
        return negotiation.ecn() ? SYN | ACK | ECE : SYN | ACK;
    }

    private void onSent(final boolean reply, final long nowNs) {
        synDue = false;
        sentAtNs = nowNs;
        if (!sent) {
            sent = true;
            firstSentAtNs = nowNs;
        }
        if (reply) {
            connection.receiver().onSynAcknowledged();
        }
        connection.sender().armHandshake(nowNs);
    }

    /** Whether the timestamp that the peer echoes, if any, is one that a SYN of ours has had (RFC 7323, 3.2). */
    boolean isOurEcho(final TcpOptions options, final long nowNs) {
        final int echo = options.timestampEcho();
        final TcpTimestamps timestamps = connection.timestamps();
        return !options.hasTimestamps() || echo == 0 || !connection.config().is(TcpSetting.TIMESTAMPS)
                || SeqNum.greaterOrEqual(echo, timestamps.value(firstSentAtNs))
                        && SeqNum.lessOrEqual(echo, timestamps.value(nowNs));
    }

    // -- time

    /** The peer has answered something else than our SYN: it is sent again at once, but only once. */
    void retrySoon(final long nowNs) {
        final long repeatNs = connection.config().get(TcpSetting.SYN_REPEAT_NS);
        if (retransmits == 0 && repeatNs > 0) {
            retryDeadlineNs = nowNs + repeatNs;
        }
    }

    long nextDeadlineNs() {
        return Math.min(retryDeadlineNs, giveUpNs());
    }

    // The user's timeout counts from the first SYN; one retransmission is due in any case.
    private long giveUpNs() {
        final long userTimeoutNs = connection.settings().userTimeoutNs;
        return userTimeoutNs == 0 || retransmits == 0 ? NO_DEADLINE : firstSentAtNs + userTimeoutNs;
    }

    /** @return false if the peer has left all SYNs unanswered */
    boolean onTimer(final long nowNs) {
        final boolean given = giveUpNs() <= nowNs;
        if (!given && nowNs < connection.sender().nextDeadlineNs() && nowNs < retryDeadlineNs) {
            return true;
        }
        if (given || retransmits == connection.config().getInt(TcpSetting.SYN_RETRIES)) {
            return false;
        }
        retryDeadlineNs = NO_DEADLINE;
        retransmits++;
        stack.counters().increment(TcpCounter.SYN_RETRANSMITS);
        connection.sender().rtt().backOff();
        connection.sender().armHandshake(nowNs);
        synDue = true;
        return true;
    }

    /** See {@link ConnectionImage}. */
    void keep(final ConnectionImage image) {
        negotiation = negotiation.keep(image);
        initialSequence = image.sequence(initialSequence);
        ecnAsked = image.of(ecnAsked);
        synDue = image.of(synDue);
        pathMtuBytes = image.of(pathMtuBytes);
        retransmits = image.of(retransmits);
        sentAtNs = image.of(sentAtNs);
        firstSentAtNs = image.of(firstSentAtNs);
        sent = image.of(sent);
        retryDeadlineNs = image.of(retryDeadlineNs);
    }
}
