package io.netchannel.tcpip.script.packet;

import io.netchannel.tcpip.script.syntax.PacketSpec;
import io.netchannel.tcpip.script.syntax.PacketSpec.Icmp;
import io.netchannel.tcpip.script.syntax.PacketSpec.IpSpec;
import io.netchannel.tcpip.script.syntax.PacketSpec.SequenceForm;
import io.netchannel.tcpip.script.syntax.PacketSpec.Tcp;
import io.netchannel.tcpip.script.syntax.PacketSpec.Udp;
import io.netchannel.tcpip.script.syntax.TcpFlags;
import io.netchannel.tcpip.script.syntax.TcpOption;
import java.util.Comparator;
import java.util.List;

/**
 * Compares a packet with what a script expects, both in the script's numbers.
 *
 * @param anyOptionOrder whether options may come in another order and with other padding
 * @param timestampTickUs of the peer's clock as the script counts it; 0: timestamps are not compared, as is packetdrill's
 *            default
 * @param toleranceUs of timestamps
 * @param echoes whether echoed timestamps are compared; packetdrill doesn't
 */
public record PacketComparison(boolean anyOptionOrder, long timestampTickUs, long toleranceUs,
        boolean echoes) {

    /**
     * The first field that differs.
     *
     * @param field its name, the same for all failures of a kind
     */
    public record Difference(String field, String text) {
    }

    /** @return null if {@code actual} is what was expected */
    public Difference difference(final PacketSpec expected, final PacketSpec actual) {
        final Difference ip = ip(expected.ip(), actual.ip());
        final Difference transport = switch (expected.transport()) {
            case final Tcp tcp when actual.transport() instanceof final Tcp other -> tcp(tcp, other);
            case final Udp udp when actual.transport() instanceof final Udp other ->
                number("length", udp.payloadBytes(), other.payloadBytes());
            case final Icmp icmp when actual.transport() instanceof final Icmp other ->
                icmp(icmp, other, expected.ip().flowLabel() != IpSpec.ANY);
            default -> new Difference("protocol", "expected another protocol");
        };
        return transport == null ? ip : transport;
    }

    private static Difference number(final String field, final long expected, final long actual) {
        return expected == actual
                ? null
                : new Difference(field, field + ": expected " + expected + ", not " + actual);
    }

    private static Difference ip(final IpSpec expected, final IpSpec actual) {
        final int ecn = actual.tos() & 3;
        final boolean tosRight = switch (expected.check()) {
            case NONE -> true;
            case ECN -> expected.tos() == ecn;
            case ECT01 -> ecn == 1 || ecn == 2;
            case TOS -> expected.tos() == actual.tos();
        };
        if (!tosRight) {
            return new Difference("ecn", "type of service 0x" + Integer.toHexString(actual.tos())
                    + " is not what was expected");
        }
        if (expected.ttl() != IpSpec.ANY && expected.ttl() != actual.ttl()) {
            return number("ttl", expected.ttl(), actual.ttl());
        }
        return expected.flowLabel() == IpSpec.ANY
                ? null
                : number("flow label", expected.flowLabel(), actual.flowLabel());
    }

    private static Difference icmp(final Icmp expected, final Icmp actual, final boolean ipv6) {
        final boolean same = matches(expected, actual, ipv6) || matches(expected, actual, !ipv6);
        return same ? null : new Difference("icmp", "expected another type or code");
    }

    private static boolean matches(final Icmp expected, final Icmp actual, final boolean ipv6) {
        final int type = IcmpNames.type(expected.type(), ipv6);
        return type != IcmpNames.UNKNOWN && type == IcmpNames.type(actual.type(), ipv6)
                && IcmpNames.code(expected.code(), ipv6) == IcmpNames.code(actual.code(), ipv6);
    }

    private Difference tcp(final Tcp expected, final Tcp actual) {
        final Difference flags = flags(expected, actual);
        if (flags != null) {
            return flags;
        }
        if (expected.payloadBytes() != actual.payloadBytes()) {
            return number("length", expected.payloadBytes(), actual.payloadBytes());
        }
        if (expected.form() != SequenceForm.ANY && expected.sequence() != actual.sequence()) {
            return number("sequence", expected.sequence(), actual.sequence());
        }
        if (expected.acknowledgment() != actual.acknowledgment()) {
            return number("ack", expected.acknowledgment(), actual.acknowledgment());
        }
        if (expected.window() != Tcp.ABSENT && expected.window() != actual.window()) {
            return number("window", expected.window(), actual.window());
        }
        if (expected.urgentPointer() != actual.urgentPointer()) {
            return number("urgent pointer", expected.urgentPointer(), actual.urgentPointer());
        }
        return expected.options() == null ? null : options(expected.options(), actual.options());
    }

    private static Difference flags(final Tcp expected, final Tcp actual) {
        if (expected.flags() == actual.flags()) {
            return null;
        }
        final boolean ace = (expected.flags() & ~TcpFlags.ACE_MASK) == (actual.flags() & ~TcpFlags.ACE_MASK);
        return new Difference(ace ? "ace flags" : "flags", "flags: expected " + TcpFlags.format(expected.flags())
                + ", not " + TcpFlags.format(actual.flags()));
    }

    private Difference options(final List<TcpOption> expected, final List<TcpOption> actual) {
        final List<TcpOption> left = anyOptionOrder ? sorted(expected) : expected;
        final List<TcpOption> right = anyOptionOrder ? sorted(actual) : actual;
        boolean same = left.size() == right.size();
        for (int i = 0; same && i < left.size(); i++) {
            same = matches(left.get(i), right.get(i));
        }
        return same ? null : new Difference("options", "TCP options differ");
    }

    private static List<TcpOption> sorted(final List<TcpOption> options) {
        return options.stream().filter(option -> !option.isPadding()).sorted(Comparator.comparingInt(TcpOption::kind))
                .toList();
    }

    private boolean matches(final TcpOption expected, final TcpOption actual) {
        if (!expected.isTimestamps() || !actual.isTimestamps()) {
            return expected.equals(actual);
        }
        if (echoes && expected.intAt(4) != actual.intAt(4)) {
            return false;
        }
        final long ticks = Math.abs((long) (expected.intAt(0) - actual.intAt(0)));
        return timestampTickUs == 0 || ticks * timestampTickUs <= toleranceUs;
    }
}
