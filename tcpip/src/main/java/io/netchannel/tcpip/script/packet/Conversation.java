package io.netchannel.tcpip.script.packet;

import io.netchannel.tcpip.script.syntax.PacketSpec.SequenceForm;
import io.netchannel.tcpip.script.syntax.PacketSpec.Tcp;
import io.netchannel.tcpip.script.syntax.TcpFlags;
import io.netchannel.tcpip.script.syntax.TcpOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A connection under test: maps between its numbers on the wire and those of the script, by packetdrill's rules.
 *
 * <p>A SYN has its number as written; after that, numbers count from the initial sequence number, which is the peer's
 * word and the stack's choice. The stack's timestamps count from the first that the script shows; an echoed timestamp
 * must be one that the stack has sent.
 */
public final class Conversation {

    private final Map<Integer, Integer> sentTimestamps = new HashMap<>();
    /** From the stack to the peer; a port of 0 isn't known yet. */
    private Endpoints ends;
    private final boolean passive;
    private boolean opening;
    private int localIsn;
    private int scriptLocalIsn;
    private int remoteIsn;
    private boolean timestamped;
    private int firstScriptTimestamp;
    private int firstWireTimestamp;

    private Conversation(final Endpoints ends, final boolean passive) {
        this.ends = ends;
        this.passive = passive;
        this.opening = true;
    }

    /**
     * Of a connecting socket.
     *
     * @param ends from the stack to the peer
     */
    public static Conversation active(final Endpoints ends) {
        return new Conversation(ends, false);
    }

    /**
     * Of a listening socket's child: its first packet, whatever it is, is the peer's first.
     *
     * @param ends from the stack to the peer
     */
    public static Conversation passive(final Endpoints ends) {
        return new Conversation(ends, true);
    }

    /** From the stack to the peer. */
    public Endpoints ends() {
        return ends;
    }

    /** Whether a packet of the stack belongs here; a first SYN of a connecting socket tells its port. */
    public boolean owns(final WirePacket packet) {
        final Endpoints other = packet.ends();
        if (ends.sourcePort() == 0 && other.destinationPort() == ends.destinationPort()
                && other.destination().equals(ends.destination())) {
            ends = ends.withPorts(other.sourcePort(), 0);
        }
        return other.equals(ends);
    }

    /** The sequence number that an ICMP error quotes, on the wire. */
    public long quotedSequence(final long sequence) {
        return sequence + localIsn & 0xFFFF_FFFFL;
    }

    // -- towards the stack

    /**
     * @param scaled whether a timestamp that the stack hasn't sent is interpolated
     * @return null if the segment echoes a timestamp that the stack never sent
     */
    public Tcp toWire(final Tcp script, final boolean scaled) {
        final boolean syn = script.has(TcpFlags.SYN);
        if (opening && (syn || passive)) {
            remoteIsn = (int) script.sequence();
            opening = false;
        }
        final int acknowledgmentOffset = syn ? localIsn - scriptLocalIsn : localIsn;
        final List<TcpOption> options = new ArrayList<>();
        for (final TcpOption option : script.options()) {
            final TcpOption mapped = toWire(option, script, acknowledgmentOffset, scaled);
            if (mapped == null) {
                return null;
            }
            options.add(mapped);
        }
        final boolean absolute = script.form() == SequenceForm.ABSOLUTE;
        final long acknowledgment = script.has(TcpFlags.ACK) ? script.acknowledgment() + acknowledgmentOffset : 0;
        return with(script, script.sequence() + (syn || absolute ? 0 : remoteIsn), acknowledgment, options);
    }

    private TcpOption toWire(final TcpOption option, final Tcp segment, final int acknowledgmentOffset,
            final boolean scaled) {
        if (option.kind() == TcpOption.SACK) {
            return option.shifted(acknowledgmentOffset);
        }
        if (!option.isTimestamps() || !segment.has(TcpFlags.ACK)) {
            return option;
        }
        final int echo = option.intAt(4);
        final Integer sent = sentTimestamps.get(echo);
        if (sent != null) {
            return TcpOption.ofInts(TcpOption.TIMESTAMPS, option.intAt(0), sent);
        }
        return scaled && timestamped
                ? TcpOption.ofInts(TcpOption.TIMESTAMPS, option.intAt(0),
                        echo - firstScriptTimestamp + firstWireTimestamp)
                : null;
    }

    // -- from the stack

    /** @param expected what the script expects: its SYN and its timestamps fix the mapping */
    public Tcp toScript(final Tcp wire, final Tcp expected) {
        final boolean syn = wire.has(TcpFlags.SYN);
        if (syn && expected.has(TcpFlags.SYN) && expected.form() == SequenceForm.RELATIVE) {
            localIsn = (int) wire.sequence();
            scriptLocalIsn = (int) expected.sequence();
        }
        final boolean absolute = expected.form() == SequenceForm.ABSOLUTE;
        final int sequenceOffset = absolute ? 0 : syn ? localIsn - scriptLocalIsn : localIsn;
        final int acknowledgmentOffset = syn ? 0 : remoteIsn;
        final List<TcpOption> options = new ArrayList<>();
        for (final TcpOption option : wire.options()) {
            options.add(option.kind() == TcpOption.SACK
                    ? option.shifted(-acknowledgmentOffset)
                    : option.isTimestamps() ? timestamps(option, expected) : option);
        }
        final long acknowledgment = wire.has(TcpFlags.ACK) ? wire.acknowledgment() - acknowledgmentOffset : 0;
        return with(wire, wire.sequence() - sequenceOffset, acknowledgment, options);
    }

    private TcpOption timestamps(final TcpOption wire, final Tcp expected) {
        final TcpOption script = expected.options() == null
                ? null
                : expected.options().stream().filter(TcpOption::isTimestamps).findFirst().orElse(null);
        final int sent = wire.intAt(0);
        if (script != null) {
            sentTimestamps.put(script.intAt(0), sent);
            if (!timestamped) {
                timestamped = true;
                firstScriptTimestamp = script.intAt(0);
                firstWireTimestamp = sent;
            }
        }
        return timestamped
                ? TcpOption.ofInts(TcpOption.TIMESTAMPS, sent - firstWireTimestamp + firstScriptTimestamp,
                        wire.intAt(4))
                : wire;
    }

    private static Tcp with(final Tcp tcp, final long sequence, final long acknowledgment,
            final List<TcpOption> options) {
        return new Tcp(0, 0, tcp.flags(), tcp.ace(), tcp.form(), sequence & 0xFFFF_FFFFL, tcp.payloadBytes(),
                acknowledgment & 0xFFFF_FFFFL, tcp.window(), tcp.urgentPointer(), List.copyOf(options));
    }
}
