package io.netchannel.tcpip.script.syntax;

import java.util.List;

/**
 * A packet in the script's terms: sequence numbers from 0, timestamps as the script counts them.
 *
 * @param inbound towards the stack: injected; else expected
 * @param encapsulations outer headers by name; empty for what we can run
 */
public record PacketSpec(boolean inbound, List<String> encapsulations, IpSpec ip, Transport transport) {

    /** What there is to say of IP. */
    public record IpSpec(TosCheck check, int tos, int ttl, int flowLabel) {

        public static final int ANY = -1;
        public static final IpSpec UNSPECIFIED = new IpSpec(TosCheck.NONE, 0, ANY, ANY);
    }

    /** Which bits of the type of service are to be looked at. */
    public enum TosCheck {
        NONE,
        /** The two of ECN. */
        ECN,
        /** Those of ECN, which must say ECT(0) or ECT(1). */
        ECT01, TOS
    }

    /** The layer above IP. */
    public sealed interface Transport {
    }

    /** How a sequence number is meant. */
    public enum SequenceForm {
        RELATIVE,
        /** {@code 0:0(0)!}: as on the wire. */
        ABSOLUTE,
        /** {@code ...(0)} */
        ANY
    }

    /**
     * @param sourcePort 0 for the connection's, as {@code destinationPort}
     * @param flags bits of {@link TcpFlags}
     * @param ace the AccECN counter if the script gave one instead of A, W and E, or {@link #ABSENT}
     * @param acknowledgment 0 if absent
     * @param window {@link #ABSENT} if the script doesn't say
     * @param options null for {@code <...>}
     */
    public record Tcp(int sourcePort, int destinationPort, int flags, int ace, SequenceForm form, long sequence,
            int payloadBytes, long acknowledgment,
            int window, int urgentPointer, List<TcpOption> options) implements Transport {

        public static final int ABSENT = -1;

        public boolean has(final int flag) {
            return (flags & flag) != 0;
        }
    }

    public record Udp(int sourcePort, int destinationPort, int payloadBytes) implements Transport {
    }

    /**
     * @param code null if absent
     * @param mtuBytes {@link #ABSENT} if the script doesn't say
     * @param quoted what the error quotes, or null
     */
    public record Icmp(String type, String code, long mtuBytes, int identifier, Quoted quoted) implements Transport {

        public static final int ABSENT = -1;
    }

    /** The packet that an ICMP error quotes. */
    public record Quoted(Kind kind, long sequence, int payloadBytes) {

        public enum Kind {
            TCP, UDP, RAW
        }
    }
}
