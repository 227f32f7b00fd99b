package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Addresses;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Value;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Networks: the longest prefix that fits is found. IPv4 networks are found also for IPv6 addresses that hold an IPv4 one,
 * and IPv6 ones for IPv4 addresses as they are mapped.
 */
final class AddressIndex implements Index {

    private static final int V4_BITS = 32;
    private static final int V6_BITS = 128;

    /** An IPv6 network. */
    private record Net6(long high, long low, int bits) {
    }

    /** A network whose mask has holes. */
    private record Masked(int address, int mask, Entry entry) {
    }

    /** What names stood for when they were read: the list may be built again, and then nobody can wait for a name server. */
    private final Map<String, InetAddress> names = new HashMap<>();
    private boolean resolveNames;
    private final LongTable nets4 = new LongTable();
    private final Map<Net6, Entry> nets6 = new HashMap<>();
    private final List<Masked> masked = new ArrayList<>();
    private long lengths4;
    private final boolean[] lengths6 = new boolean[V6_BITS + 1];

    AddressIndex(final boolean resolveNames) {
        this.resolveNames = resolveNames;
    }

    @Override
    public void add(final Entry entry) throws ConfigException {
        final String text = entry.element().pattern();
        if (!addV4(text, entry) && !addV6(text, entry)) {
            throw new ConfigException("'" + text + "' is not a valid IPv4 or IPv6 address");
        }
    }

    private boolean addV4(final String text, final Entry entry) {
        final int slash = text.lastIndexOf('/');
        final Integer mask = slash < 0 ? Integer.valueOf(-1) : mask4(text.substring(slash + 1));
        if (mask == null) {
            return false;
        }
        final String host = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = Addresses.v4(host);
        if (address == null) {
            address = resolveNames ? names.computeIfAbsent(host, AddressIndex::resolve) : names.get(host);
        }
        if (address == null) {
            return false;
        }
        final int bits = Integer.bitCount(mask);
        if (mask == (bits == 0 ? 0 : -1 << V4_BITS - bits)) {
            nets4.putIfAbsent(key4(Addresses.toInt(address) & mask, bits), entry);
            lengths4 |= 1L << bits;
        } else {
            masked.add(new Masked(Addresses.toInt(address), mask, entry));
        }
        return true;
    }

    private static Integer mask4(final String text) {
        if (text.indexOf('.') >= 0) {
            final InetAddress mask = Addresses.v4(text);
            return mask == null ? null : Integer.valueOf(Addresses.toInt(mask));
        }
        final Long bits = Numbers.strict(text);
        return bits == null || bits < 0 || bits > V4_BITS
                ? null
                : Integer.valueOf(bits == 0 ? 0 : -1 << V4_BITS - bits);
    }

    private static InetAddress resolve(final String host) {
        if (host.isEmpty() || host.indexOf(':') >= 0) {
            return null;
        }
        try {
            for (final InetAddress address : InetAddress.getAllByName(host)) {
                if (address instanceof Inet4Address) {
                    return address;
                }
            }
        } catch (UnknownHostException e) {
            return null;
        }
        return null;
    }

    private boolean addV6(final String text, final Entry entry) {
        final int slash = text.lastIndexOf('/');
        final Long bits = slash < 0 ? Long.valueOf(V6_BITS) : Numbers.strict(text.substring(slash + 1));
        final InetAddress address = Addresses.v6(slash < 0 ? text : text.substring(0, slash));
        if (bits == null || bits < 0 || bits > V6_BITS || address == null) {
            return false;
        }
        final byte[] bytes = address.getAddress();
        nets6.putIfAbsent(net6(half(bytes, 0), half(bytes, 8), bits.intValue()), entry);
        lengths6[bits.intValue()] = true;
        return true;
    }

    @Override
    public void resolveNoMore() {
        resolveNames = false;
    }

    @Override
    public void clear() {
        nets4.clear();
        nets6.clear();
        masked.clear();
        lengths4 = 0;
        Arrays.fill(lengths6, false);
    }

    @Override
    public Entry find(final Value value) {
        if (!(value instanceof Value.Ip(InetAddress address))) {
            return null;
        }
        if (address instanceof Inet4Address) {
            final int v4 = Addresses.toInt(address);
            final Entry found = find4(v4);
            if (found != null) {
                return found;
            }
            final Entry mapped = nets6.isEmpty() ? null : find6(0, 0xffff_0000_0000L | v4 & 0xffffffffL);
            return mapped != null ? mapped : findMasked(v4);
        }
        final byte[] bytes = address.getAddress();
        final long high = half(bytes, 0);
        final long low = half(bytes, 8);
        final Entry found = find6(high, low);
        if (found != null) {
            return found;
        }
        final boolean holdsV4 = high == 0 && (low >>> 32 == 0 || low >>> 32 == 0xffff);
        if (!holdsV4 && high >>> 48 != 0x2002) {
            return null;
        }
        // 6to4 (RFC 3056) has its IPv4 address behind the first 16 bits.
        final int v4 = holdsV4 ? (int) low : (int) (high >>> 16);
        final Entry inner = find4(v4);
        return inner != null ? inner : findMasked(v4);
    }

    private Entry find4(final int address) {
        for (long left = lengths4; left != 0;) {
            final int bits = 63 - Long.numberOfLeadingZeros(left);
            left &= ~(1L << bits);
            final Entry entry = nets4.get(key4(bits == 0 ? 0 : address & -1 << V4_BITS - bits, bits));
            if (entry != null) {
                return entry;
            }
        }
        return null;
    }

    private Entry find6(final long high, final long low) {
        for (int bits = V6_BITS; bits >= 0; bits--) {
            if (lengths6[bits]) {
                final Entry entry = nets6.get(net6(high, low, bits));
                if (entry != null) {
                    return entry;
                }
            }
        }
        return null;
    }

    private Entry findMasked(final int address) {
        for (int i = 0; i < masked.size(); i++) {
            final Masked net = masked.get(i);
            if (((address ^ net.address) & net.mask) == 0) {
                return net.entry;
            }
        }
        return null;
    }

    private static long key4(final int network, final int bits) {
        return (long) bits << V4_BITS | network & 0xffffffffL;
    }

    private static Net6 net6(final long high, final long low, final int bits) {
        final long highMask = bits == 0 ? 0 : bits >= 64 ? -1 : -1L << 64 - bits;
        final long lowMask = bits <= 64 ? 0 : -1L << V6_BITS - bits;
        return new Net6(high & highMask, low & lowMask, bits);
    }

    private static long half(final byte[] bytes, final int from) {
        long half = 0;
        for (int i = from; i < from + 8; i++) {
            half = half << 8 | bytes[i] & 255;
        }
        return half;
    }

    @Override
    public boolean isTree() {
        return masked.isEmpty();
    }
}
