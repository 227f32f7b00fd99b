package io.netchannel.tcpip.dns;

import io.netchannel.tcpip.wire.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/**
 * Questions to bytes and bytes to answers. What a server sends is read here, and nowhere else; the format, compression
 * included, is the library's, and whatever it throws ends here.
 */
final class DnsCodec {

    /** Longer ones are loops, or somebody's joke. */
    private static final int MAX_ALIASES = 16;
    private static final int MAX_ADDRESSES = 64;
    private static final long MAX_TTL_SECONDS = 86_400;
    /** RFC 2308, 5. */
    private static final long MAX_NEGATIVE_TTL_SECONDS = 10_800;
    private static final int IPV4_BYTES = 4;

    private DnsCodec() {
    }

    /** @param udpPayloadBytes what we take by UDP; 0 to ask without EDNS */
    static byte[] query(final DnsQuestion question, final int id, final int udpPayloadBytes) {
        final Message message = new Message(id);
        message.getHeader().setOpcode(Opcode.QUERY);
        message.getHeader().setFlag(Flags.RD);
        message.addRecord(Record.newRecord(name(question.name()), type(question), DClass.IN), Section.QUESTION);
        if (udpPayloadBytes > 0) {
            message.addRecord(new OPTRecord(udpPayloadBytes, 0, 0), Section.ADDITIONAL);
        }
        return message.toWire();
    }

    private static int type(final DnsQuestion question) {
        return question.ipv6() ? Type.AAAA : Type.A;
    }

    private static Name name(final String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (final TextParseException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no domain name", e);
        }
    }

    static DnsAnswer parse(final byte[] bytes, final DnsQuestion question, final int id) {
        try {
            return read(new Message(bytes), question, id);
        } catch (final IOException | RuntimeException e) {
            return new DnsAnswer.Malformed();
        }
    }

    private static DnsAnswer read(final Message message, final DnsQuestion question, final int id) {
        final Name asked = name(question.name());
        final List<Record> questions = message.getSection(Section.QUESTION);
        // RFC 5452, 9.1. A server that could not read the question may leave it out (RFC 1035, 4.1.1; FORMERR).
        final boolean sameQuestion = questions.size() == 1 && questions.getFirst().getName().equals(asked)
                && questions.getFirst().getType() == type(question)
                && questions.getFirst().getDClass() == DClass.IN;
        final int rcode = message.getRcode();
        if (message.getHeader().getID() != id || !message.getHeader().getFlag(Flags.QR)
                || message.getHeader().getOpcode() != Opcode.QUERY
                || !sameQuestion && !(questions.isEmpty() && rcode == Rcode.FORMERR)) {
            return new DnsAnswer.Mismatched();
        }
        if (rcode != Rcode.NOERROR && rcode != Rcode.NXDOMAIN) {
            return new DnsAnswer.ServerFailure(rcode);
        }
        if (message.getHeader().getFlag(Flags.TC)) {
            return new DnsAnswer.Truncated();
        }
        return follow(message, asked, question, rcode);
    }

    /**
     * From the question along its aliases (RFC 1034, 3.6.2). Records of other names are not looked at, so that a server
     * can't put something about them into the cache.
     */
    private static DnsAnswer follow(final Message message, final Name asked, final DnsQuestion question,
            final int rcode) {
        final List<Record> records = message.getSection(Section.ANSWER);
        Name name = asked;
        long ttl = MAX_TTL_SECONDS;
        for (int aliases = 0; aliases <= MAX_ALIASES; aliases++) {
            final List<IpAddress> addresses = new ArrayList<>();
            Name target = null;
            for (final Record record : records) {
                if (record.getDClass() != DClass.IN || !record.getName().equals(name)) {
                    continue;
                }
                final IpAddress address = address(record, question.ipv6());
                if (address != null && addresses.size() < MAX_ADDRESSES) {
                    addresses.add(address);
                    ttl = Math.min(ttl, ttl(record));
                } else if (record instanceof final CNAMERecord alias && target == null) {
                    target = alias.getTarget();
                    ttl = Math.min(ttl, ttl(record));
                }
            }
            if (!addresses.isEmpty()) {
                return new DnsAnswer.Addresses(List.copyOf(addresses), ttl);
            }
            if (target == null) {
                return end(message, asked, name, rcode, ttl);
            }
            name = target;
        }
        return new DnsAnswer.ServerFailure(Rcode.SERVFAIL);
    }

    private static DnsAnswer end(final Message message, final Name asked, final Name last, final int rcode,
            final long ttl) {
        for (final Record record : message.getSection(Section.AUTHORITY)) {
            // RFC 2308, 2 and 5: of the zone that the name is in, and only with it is the answer kept.
            if (record instanceof final SOARecord soa && last.subdomain(soa.getName())) {
                final long negativeTtl = Math.min(ttl(soa), Math.min(soa.getMinimum(), MAX_NEGATIVE_TTL_SECONDS));
                return new DnsAnswer.None(rcode == Rcode.NOERROR, Math.min(ttl, negativeTtl));
            }
        }
        final String text = last.toString(true).toLowerCase(Locale.ROOT);
        if (rcode == Rcode.NOERROR && !last.equals(asked)) {
            return HostNames.isHostName(text)
                    ? new DnsAnswer.Alias(text, ttl)
                    : new DnsAnswer.ServerFailure(Rcode.SERVFAIL);
        }
        return new DnsAnswer.None(rcode == Rcode.NOERROR, 0);
    }

    /** RFC 2181, 8: with the highest bit set it is 0. */
    private static long ttl(final Record record) {
        return record.getTTL() > Integer.MAX_VALUE ? 0 : Math.min(record.getTTL(), MAX_TTL_SECONDS);
    }

    private static IpAddress address(final Record record, final boolean ipv6) {
        final InetAddress address = ipv6 && record instanceof final AAAARecord aaaa
                ? aaaa.getAddress()
                : !ipv6 && record instanceof final ARecord a ? a.getAddress() : null;
        if (address == null) {
            return null;
        }
        final byte[] bytes = address.getAddress();
        long high = 0;
        long low = 0;
        for (int i = 0; i < bytes.length; i++) {
            high = high << 8 | low >>> 56;
            low = low << 8 | bytes[i] & 0xFF;
        }
        // Java makes an IPv4 address of an IPv4-mapped one: no answer to AAAA (RFC 4291, 2.5.5.2).
        if (bytes.length == IPV4_BYTES) {
            return ipv6 ? null : IpAddress.ofIpv4((int) low);
        }
        return IpAddress.isIpv4(high, low) ? null : new IpAddress(high, low);
    }
}
