package io.netchannel.tcpip.script.run;

import io.netchannel.tcpip.script.call.Dialect;
import io.netchannel.tcpip.script.packet.Conversation;
import io.netchannel.tcpip.script.packet.Endpoints;
import io.netchannel.tcpip.script.packet.PacketBuilder;
import io.netchannel.tcpip.script.packet.PacketComparison;
import io.netchannel.tcpip.script.packet.PacketText;
import io.netchannel.tcpip.script.packet.WirePacket;
import io.netchannel.tcpip.script.syntax.EventTime;
import io.netchannel.tcpip.script.syntax.PacketSpec;
import io.netchannel.tcpip.script.syntax.PacketSpec.Icmp;
import io.netchannel.tcpip.script.syntax.PacketSpec.Tcp;
import io.netchannel.tcpip.script.syntax.PacketSpec.TosCheck;
import io.netchannel.tcpip.script.syntax.PacketSpec.Transport;
import io.netchannel.tcpip.script.syntax.PacketSpec.Udp;
import io.netchannel.tcpip.script.syntax.TcpFlags;
import java.util.List;

/** Injects packets, and compares those that the stack sends. */
final class PacketSteps {

    /** How long after its time a packet is waited for, as packetdrill does. */
    private static final long PATIENCE_NS = 2_000_000_000L;
    /** For packets that may come at any time. */
    private static final long LONG_PATIENCE_NS = 3_600_000_000_000L;

    private final ScriptSettings settings;
    private final VirtualHost host;
    private final Sockets sockets;
    private final PacketComparison comparison;
    private final boolean strict;

    PacketSteps(final ScriptSettings settings, final VirtualHost host, final Sockets sockets, final boolean strict) {
        this.settings = settings;
        this.host = host;
        this.sockets = sockets;
        this.strict = strict;
        this.comparison = new PacketComparison(settings.dialect == Dialect.FREEBSD, settings.timestampTickUs,
                settings.toleranceNs / 1000, strict);
    }

    // -- towards the stack

    void inject(final PacketSpec packet) {
        refuseUnexpected("before a packet is injected");
        final Conversation conversation = sockets.forInjected();
        final Endpoints ends = conversation.ends().reversed();
        final byte[] bytes = switch (packet.transport()) {
            case final Tcp tcp -> {
                final Tcp wire = conversation.toWire(tcp, settings.scaledEchoes);
                if (wire == null) {
                    throw ScriptStop.failure("packet: echo",
                            "echoes a timestamp that the stack has not sent; --tcp_ts_ecr_scaled would interpolate",
                            null, PacketText.format(packet));
                }
                yield PacketBuilder.tcp(ends.withPorts(tcp.sourcePort(), tcp.destinationPort()), packet.ip(), wire);
            }
            case final Udp udp ->
                PacketBuilder.udp(ends.withPorts(udp.sourcePort(), udp.destinationPort()), packet.ip(), udp);
            case final Icmp icmp -> PacketBuilder.icmp(ends, packet.ip(), icmp,
                    conversation.quotedSequence(icmp.quoted() == null ? 0 : icmp.quoted().sequence()));
        };
        if (bytes == null) {
            throw ScriptStop.failure("syntax", "no such packet of " + settings.ipVersion + ": "
                    + PacketText.format(packet));
        }
        final boolean large = packet.transport() instanceof final Tcp tcp
                && tcp.payloadBytes() > settings.injectedSegmentBytes;
        host.inject(bytes, large ? settings.injectedSegmentBytes : 0);
    }

    /** @param when for the message */
    void refuseUnexpected(final String when) {
        for (final WirePacket packet : host.sent()) {
            if (strict && sockets.isUnderTest(packet)) {
                throw ScriptStop.failure("packet: unexpected", "unexpected packet " + when + ", sent at "
                        + Seconds.format(packet.timeNs()), "no packet", text(packet, null));
            }
        }
    }

    // -- from the stack

    /** @param time of the event, since the start of the script */
    void expect(final PacketSpec expected, final EventTime time, final long toleranceNs) {
        final boolean any = time.kind() == EventTime.Kind.ANY;
        final long latestNs = any ? host.scriptNs() + LONG_PATIENCE_NS : time.endNs() + PATIENCE_NS;
        WirePacket packet = next(expected, latestNs);
        packet = recut(packet, expected, latestNs);
        final PacketSpec actual = toScript(packet, expected);
        final PacketComparison.Difference difference = comparison.difference(expected, actual);
        if (difference != null && !settings.packetsMayDiffer) {
            throw ScriptStop.failure("packet: " + difference.field(), difference.text(), PacketText.format(expected),
                    PacketText.format(actual));
        }
        final long sentNs = packet.timeNs();
        if (!any && (sentNs < time.startNs() - toleranceNs || sentNs > time.endNs() + toleranceNs)) {
            throw ScriptStop.failure("time: packet", "packet sent at " + Seconds.format(sentNs) + ", expected at "
                    + Seconds.format(time.startNs()) + (time.isRange() ? " to " + Seconds.format(time.endNs()) : "")
                    + " with a tolerance of " + Seconds.format(toleranceNs), PacketText.format(expected),
                    PacketText.format(actual));
        }
    }

    /** The stack's next packet of a conversation under test; others are nobody's business. */
    private WirePacket next(final PacketSpec expected, final long latestNs) {
        final boolean found = host.advance(latestNs, () -> {
            host.sent().removeIf(packet -> !sockets.isUnderTest(packet));
            return !host.sent().isEmpty();
        });
        if (!found) {
            throw ScriptStop.failure("packet: missing", "no packet until " + Seconds.format(latestNs),
                    PacketText.format(expected), "no packet");
        }
        return host.sent().poll();
    }

    /**
     * How a burst is cut into super-frames depends on what the stack knows of the link, not on TCP: so what left at one
     * instant is joined, or cut between segments, to the length that the script has.
     */
    private WirePacket recut(final WirePacket first, final PacketSpec expected, final long latestNs) {
        WirePacket packet = first;
        if (!(expected.transport() instanceof final Tcp tcp) || !(packet.transport() instanceof Tcp)) {
            return packet;
        }
        final int bytes = tcp.payloadBytes();
        while (packet.payloadBytes() < bytes && packet.payloadBytes() > 0 && !settings.strictSegments
                && host.sent().peek() != null && host.sent().peek().timeNs() == packet.timeNs()
                && packet.continuesWith(host.sent().peek())) {
            packet = packet.joined(host.sent().poll());
        }
        final int segment = packet.gsoSizeBytes();
        if (bytes > 0 && bytes < packet.payloadBytes() && segment > 0 && bytes % segment == 0) {
            host.sent().addFirst(packet.tail(bytes));
            // A frame of several segments has PSH at its end, wherever that is.
            packet = packet.head(bytes, bytes > segment && tcp.has(TcpFlags.PSH));
        }
        return packet;
    }

    /** In the script's numbers, with what the script looks at. */
    private PacketSpec toScript(final WirePacket packet, final PacketSpec expected) {
        final Transport transport = packet.transport() instanceof final Tcp tcp
                && expected.transport() instanceof final Tcp script
                        ? sockets.underTest().toScript(tcp, script)
                        : packet.transport();
        final PacketSpec.IpSpec ip = expected.ip();
        final TosCheck check = ip.check() == TosCheck.ECT01 ? TosCheck.ECN : ip.check();
        final int ttl = ip.ttl() == PacketSpec.IpSpec.ANY ? PacketSpec.IpSpec.ANY : packet.ip().ttl();
        final int label = ip.flowLabel() == PacketSpec.IpSpec.ANY
                ? PacketSpec.IpSpec.ANY
                : packet.ip().flowLabel();
        return new PacketSpec(false, List.of(), new PacketSpec.IpSpec(check, packet.ip().tos(), ttl, label), transport);
    }

    private String text(final WirePacket packet, final Tcp expected) {
        final Transport transport = packet.transport() instanceof final Tcp tcp && sockets.underTest() != null
                ? sockets.underTest().toScript(tcp, expected == null ? tcp : expected)
                : packet.transport();
        return PacketText.format(new PacketSpec(false, List.of(), PacketSpec.IpSpec.UNSPECIFIED, transport));
    }
}
