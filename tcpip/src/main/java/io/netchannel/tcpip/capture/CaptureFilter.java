package io.netchannel.tcpip.capture;

import io.netchannel.tcpip.wire.EthernetLayout;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import io.netchannel.tcpip.wire.IpProtocol;
import java.util.ArrayList;
import java.util.List;

/**
 * Selects frames: a part of pcap's language, terms that must all hold.
 *
 * <pre>
 *   filter    term { "and" term }
 *   term      [ "not" ] ( "arp" | "ip" | "ip6" | "tcp" | "udp" | "icmp" | "icmp6" | [ direction ] value )
 *   value     "host" ADDRESS | "net" PREFIX | "port" NUMBER
 *   direction "src" | "dst"
 * </pre>
 *
 * Immutable.
 */
public final class CaptureFilter {

    public static final CaptureFilter ALL = new CaptureFilter("", List.of());

    private static final int MAX_TERMS = 32;

    private interface Term {
        boolean matches(FrameSummary frame);
    }

    private final String text;
    private final Term[] terms;

    private CaptureFilter(final String text, final List<Term> terms) {
        this.text = text;
        this.terms = terms.toArray(Term[]::new);
    }

    /** @throws IllegalArgumentException naming the word that is not understood */
    public static CaptureFilter parse(final String text) {
        return text.isBlank() ? ALL : new Parser(text).parse();
    }

    boolean matches(final FrameSummary frame) {
        for (final Term term : terms) {
            if (!term.matches(frame)) {
                return false;
            }
        }
        return true;
    }

    boolean matchesAll() {
        return terms.length == 0;
    }

    @Override
    public String toString() {
        return text;
    }

    private static final class Parser {

        private final String text;
        private final String[] words;
        private int at;

        Parser(final String text) {
            this.text = text;
            this.words = text.strip().split("\\s+");
        }

        CaptureFilter parse() {
            final List<Term> terms = new ArrayList<>();
            terms.add(term());
            while (at < words.length) {
                if (!words[at].equals("and")) {
                    throw failure("\"" + words[at] + "\" is not \"and\"");
                }
                at++;
                if (terms.size() == MAX_TERMS) {
                    throw failure("terms > MAX=" + MAX_TERMS);
                }
                terms.add(term());
            }
            return new CaptureFilter(text, terms);
        }

        private IllegalArgumentException failure(final String what) {
            return new IllegalArgumentException("filter \"" + text + "\": " + what
                    + "; write terms like: tcp and host 10.7.0.2 and not port 22");
        }

        private String next() {
            if (at == words.length) {
                throw failure("it ends too early");
            }
            return words[at++];
        }

        private Term term() {
            final String word = next();
            return switch (word) {
                case "not" -> {
                    final Term negated = term();
                    yield frame -> !negated.matches(frame);
                }
                case "arp" -> frame -> frame.etherType == EthernetLayout.TYPE_ARP;
                case "ip" -> frame -> frame.etherType == EthernetLayout.TYPE_IPV4;
                case "ip6" -> frame -> frame.etherType == EthernetLayout.TYPE_IPV6;
                case "tcp" -> frame -> frame.protocol == IpProtocol.TCP;
                case "udp" -> frame -> frame.protocol == IpProtocol.UDP;
                case "icmp" -> frame -> frame.protocol == IpProtocol.ICMP;
                case "icmp6" -> frame -> frame.protocol == IpProtocol.ICMPV6;
                case "src" -> value(next(), true, false);
                case "dst" -> value(next(), false, true);
                default -> value(word, true, true);
            };
        }

        private Term value(final String kind, final boolean source, final boolean destination) {
            return switch (kind) {
                case "host" -> net(host(next()), source, destination);
                case "net" -> net(prefix(next()), source, destination);
                case "port" -> {
                    final int port = port(next());
                    yield frame -> source && frame.sourcePort == port || destination && frame.destinationPort == port;
                }
                default -> throw failure("\"" + kind + "\" is not understood");
            };
        }

        private static Term net(final IpPrefix prefix, final boolean source, final boolean destination) {
            return frame -> frame.isIp() && (source && prefix.contains(frame.sourceHigh, frame.sourceLow)
                    || destination && prefix.contains(frame.destinationHigh, frame.destinationLow));
        }

        private IpPrefix host(final String word) {
            try {
                final IpAddress address = IpAddress.parse(word);
                return new IpPrefix(address, address.isIpv4() ? 32 : 128);
            } catch (final IllegalArgumentException e) {
                throw failure(e.getMessage());
            }
        }

        private IpPrefix prefix(final String word) {
            try {
                return IpPrefix.parse(word);
            } catch (final IllegalArgumentException e) {
                throw failure(e.getMessage());
            }
        }

        private int port(final String word) {
            if (!word.matches("[0-9]{1,5}") || Integer.parseInt(word) > 65535) {
                throw failure("port " + word + " is not within 0..65535");
            }
            return Integer.parseInt(word);
        }
    }
}
