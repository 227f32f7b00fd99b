package io.netchannel.samples.haproxy.config;

import java.net.InetAddress;
import java.util.function.Predicate;

/**
 * Addresses that share their first bits.
 *
 * @param address of any in it
 * @param bits how many are shared
 */
record Network(byte[] address, int bits) implements Predicate<InetAddress> {

    private static final int BITS_PER_BYTE = 8;

    /** @param text {@code ADDRESS[/BITS]}, or with a mask in dots @return null if it is none */
    static Network parse(final String text) {
        final int slash = text.indexOf('/');
        final String host = slash < 0 ? text : text.substring(0, slash);
        if (host.isEmpty() || "*".equals(host)) {
            return null;
        }
        final InetAddress address = AddressParser.literal(host, false);
        if (address == null) {
            return null;
        }
        final byte[] bytes = address.getAddress();
        final int max = bytes.length * BITS_PER_BYTE;
        if (slash < 0) {
            return new Network(bytes, max);
        }
        final String mask = text.substring(slash + 1);
        if (mask.indexOf('.') >= 0) {
            final InetAddress dotted = AddressParser.literal(mask, false);
            return dotted == null || dotted.getAddress().length != bytes.length
                    ? null
                    : new Network(bytes, leadingOnes(dotted.getAddress()));
        }
        if (mask.isEmpty() || mask.length() > 3 || !mask.chars().allMatch(c -> c >= '0' && c <= '9')
                || Integer.parseInt(mask) > max) {
            return null;
        }
        return new Network(bytes, Integer.parseInt(mask));
    }

    private static int leadingOnes(final byte[] mask) {
        int bits = 0;
        while (bits < mask.length * BITS_PER_BYTE && isSet(mask, bits)) {
            bits++;
        }
        return bits;
    }

    private static boolean isSet(final byte[] bytes, final int bit) {
        return (bytes[bit / BITS_PER_BYTE] >> BITS_PER_BYTE - 1 - bit % BITS_PER_BYTE & 1) != 0;
    }

    @Override
    public boolean test(final InetAddress other) {
        final byte[] bytes = other.getAddress();
        if (bytes.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (isSet(bytes, bit) != isSet(address, bit)) {
                return false;
            }
        }
        return true;
    }
}
