package io.netchannel.tcpip.tcp;

import static io.netchannel.tcpip.tcp.TcpHeaderLayout.*;

import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.PacketMemory;
import io.netchannel.kernel.memory.PacketPool;
import io.netchannel.tcpip.ip.IpOutput;
import io.netchannel.tcpip.ip.Path;

/**
 * Whose a received segment is: a flow's, a listener's (RFC 9293, 3.10.7.2), or nobody's (3.10.7.1).
 *
 * <p>Threading: confined to the thread of its stack.
 */
final class TcpInput {

    private static final int MAX_WINDOW_FIELD = 0xFFFF;
    private static final int SYN_FIN_IS_SYN = 0;
    private static final int SYN_FIN_DROPPED = 2;

    private final TcpStack stack;
    private final TcpCounters counters;
    private final IpOutput output;
    private final PacketPool pool;
    private final PacketMemory packets;
    private final Listeners listeners;
    private final TcpSegment segment;
    private final SynCookies cookies;

    TcpInput(final TcpStack stack, final IpOutput output, final Listeners listeners) {
        this.stack = stack;
        this.counters = stack.counters();
        this.output = output;
        this.pool = output.pool();
        this.packets = pool.packets();
        this.listeners = listeners;
        this.segment = new TcpSegment(packets);
        this.cookies = new SynCookies(stack.random());
    }

    /** Takes over a packet. */
    void accept(final long packet, final long nowNs) {
        final TcpCounter refused = segment.parse(packet);
        counters.add(TcpCounter.IN_SEGS, refused == null ? segment.segmentCount() : 1);
        if (refused != null || !stack.isOpen()) {
            counters.increment(refused == null ? TcpCounter.NO_PORTS : refused);
            pool.releasePacket(packet);
            return;
        }
        if (segment.has(SYN) && segment.has(FIN) && stack.config().getInt(TcpSetting.SYN_FIN) == SYN_FIN_DROPPED) {
            counters.increment(TcpCounter.IN_UNEXPECTED_FLAGS);
            pool.releasePacket(packet);
            return;
        }
        if (!segment.optionsWellFormed()) {
            counters.increment(TcpCounter.IN_MALFORMED_OPTIONS);
        }
        final TcpEndpoint endpoint = stack.flows().find(segment, packets.flowId(PacketHandle.index(packet)));
        boolean kept = false;
        try {
            kept = endpoint == null ? toListener(nowNs) : endpoint.process(segment, nowNs);
        } finally {
            // Whatever a handler may throw from onFailure.
            if (!kept) {
                pool.releasePacket(packet);
            }
        }
    }

    /** @return whether the packet was kept */
    private boolean toListener(final long nowNs) {
        if (segment.has(RST)) {
            counters.increment(TcpCounter.IN_RSTS);
            return false;
        }
        final TcpListener listener = listeners.find(segment);
        if (listener == null) {
            counters.increment(TcpCounter.NO_PORTS);
            reset(segment, nowNs);
        } else if (segment.has(ACK)) {
            return acknowledgment(listener, nowNs);
        } else if (isOpening(segment)) {
            hatch(listener, null, nowNs);
        } else {
            // Data or a FIN out of nothing; a SYN that ends what it begins.
            counters.increment(TcpCounter.IN_UNEXPECTED_FLAGS);
        }
        return false;
    }

    private boolean isOpening(final TcpSegment syn) {
        return syn.has(SYN) && (!syn.has(FIN) || stack.config().getInt(TcpSetting.SYN_FIN) == SYN_FIN_IS_SYN);
    }

    /** A SYN for {@code listener}; {@code before} is what has had the four-tuple until now, or null. */
    private void hatch(final TcpListener listener, final TimeWait before, final long nowNs) {
        // Who was in TIME-WAIT has proved that it is there.
        final boolean crowded = before == null
                && (stack.config().getInt(TcpSetting.SYN_COOKIES) == 2 || !listener.hasSynRoom());
        if (crowded && !stack.config().is(TcpSetting.SYN_COOKIES)) {
            drop(TcpCounter.REQUEST_QUEUE_FULL);
            return;
        }
        if (!listener.hasRoom()) {
            drop(TcpCounter.LISTEN_OVERFLOWS);
            return;
        }
        final Path path = pathBack();
        if (path == null) {
            counters.increment(TcpCounter.LISTEN_DROPS);
            return;
        }
        if (crowded) {
            counters.increment(TcpCounter.REQUEST_QUEUE_FULL_COOKIES);
            counters.increment(TcpCounter.SYN_COOKIES_SENT);
            listener.onCookieSent(nowNs);
            Embryo.answerByCookie(stack, listener, path, segment, cookies, nowNs);
            return;
        }
        final int sequence = firstSequence(stack.random().initialSequence(segment, nowNs), before);
        final Embryo embryo = new Embryo(stack, listener, path, segment, sequence, nowNs);
        if (stack.isFull() || !stack.flows().add(embryo)) {
            drop(TcpCounter.CONNECTION_LIMIT);
            return;
        }
        listener.add(embryo);
        embryo.answer(nowNs);
    }

    private void drop(final TcpCounter why) {
        counters.increment(why);
        counters.increment(TcpCounter.LISTEN_DROPS);
    }

    private Path pathBack() {
        return output.pathTo(segment.destinationHigh(), segment.destinationLow(), segment.sourceHigh(),
                segment.sourceLow());
    }

    /**
     * The number of our SYN: well beyond those of the connection that has had the four-tuple.
     *
     * @param before or null
     */
    static int firstSequence(final int generated, final TimeWait before) {
        return before == null
                ? generated
                : SeqNum.max(generated, SeqNum.add(before.sendNext(), MAX_WINDOW_FIELD + 2));
    }

    // Acknowledges a cookie, or nothing that we know of.
    private boolean acknowledgment(final TcpListener listener, final long nowNs) {
        if (segment.has(SYN) || !stack.config().is(TcpSetting.SYN_COOKIES) || !listener.expectsCookies(nowNs)) {
            counters.increment(TcpCounter.ACK_UNACCEPTABLE);
            reset(segment, nowNs);
            return false;
        }
        final int mssBytes = cookies.mssOf(segment, nowNs);
        final int offset = stack.random().timestampOffset(segment);
        final Negotiation negotiation = mssBytes == SynCookies.INVALID
                ? null
                : SynCookies.negotiationOf(listener.config(), segment, mssBytes, offset);
        if (negotiation == null) {
            counters.increment(TcpCounter.SYN_COOKIES_FAILED);
            reset(segment, nowNs);
            return false;
        }
        counters.increment(TcpCounter.SYN_COOKIES_RECEIVED);
        return openFromCookie(listener, negotiation, nowNs);
    }

    private boolean openFromCookie(final TcpListener listener, final Negotiation negotiation, final long nowNs) {
        if (!listener.hasRoom()) {
            drop(TcpCounter.LISTEN_OVERFLOWS);
            return false;
        }
        final Path path = pathBack();
        if (path == null) {
            counters.increment(TcpCounter.LISTEN_DROPS);
            return false;
        }
        final TcpConnection connection = new TcpConnection(stack, listener.config(), path, segment.destinationPort(),
                segment.sourcePort());
        if (stack.isFull() || !stack.flows().add(connection)) {
            drop(TcpCounter.CONNECTION_LIMIT);
            return false;
        }
        final PassiveOpen opened = new PassiveOpen(negotiation, SeqNum.add(segment.acknowledgment(), -1),
                SeqNum.add(segment.sequence(), -1), segment.options().timestampValue(),
                SynWindow.field(listener.config()), 0, PassiveOpen.UNKNOWN);
        return listener.open(connection, opened, segment, nowNs);
    }

    /**
     * A SYN ends TIME-WAIT, and is then what it would have been without.
     *
     * @return false if nobody listens: TIME-WAIT stays
     */
    boolean recycle(final TimeWait entry, final TcpSegment syn, final long nowNs) {
        final TcpListener listener = isOpening(syn) ? listeners.find(syn) : null;
        if (listener == null) {
            return false;
        }
        stack.timeWaits().remove(entry);
        hatch(listener, entry, nowNs);
        return true;
    }

    /** RFC 9293, 3.10.7.1. */
    void reset(final TcpSegment cause, final long nowNs) {
        if (!cause.has(RST) && stack.limits().mayReset(nowNs)) {
            stack.writer().resetFor(cause, 0, nowNs);
        }
    }
}
