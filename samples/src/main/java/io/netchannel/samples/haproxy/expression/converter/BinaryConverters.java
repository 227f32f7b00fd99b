package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Addresses;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Base64Text;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Base64;

/** Converters of blocks of bytes and of addresses. */
final class BinaryConverters {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final int LONG_BYTES = 8;
    /** haproxy's buffer ({@code tune.bufsize}), which no result exceeds. */
    private static final int BUFFER_BYTES = 16_384;

    private BinaryConverters() {
    }

    static void addTo(final ConverterTable table) {
        final Signature none = Signature.NONE;
        table.add("base64", none, Type.BIN, Type.STR, (args, place) -> ConverterTable
                .bytewise(bytes -> new Value.Str(Base64.getEncoder().encodeToString(bytes))));
        table.add("ub64enc", none, Type.BIN, Type.STR, (args, place) -> ConverterTable
                .bytewise(bytes -> new Value.Str(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))));
        table.add("b64dec", none, Type.STR, Type.BIN,
                (args, place) -> (input, evaluation) -> bin(Base64Text.decode(((Value.Str) input).value())));
        table.add("ub64dec", none, Type.STR, Type.BIN,
                (args, place) -> (input, evaluation) -> bin(Base64Text.decodeUrl(((Value.Str) input).value())));
        table.add("hex", none, Type.BIN, Type.STR,
                (args, place) -> ConverterTable.bytewise(bytes -> new Value.Str(hex(bytes, bytes.length, "", false))));
        table.add("hex2i", none, Type.STR, Type.SINT,
                (args, place) -> (input, evaluation) -> hexNumber(((Value.Str) input).value()));
        final Signature chunks = Signature.of(1, ArgType.STR, ArgType.SINT, ArgType.SINT);
        table.add("be2dec", chunks, Type.BIN, Type.STR, (args, place) -> decimal(args));
        table.add("be2hex", chunks, Type.BIN, Type.STR, (args, place) -> hexadecimal(args));
        table.add("bytes", Signature.of(1, ArgType.SINT, ArgType.SINT), Type.BIN, Type.BIN, (args, place) -> {
            final long offset = args.number(0);
            final long length = args.number(1, Long.MAX_VALUE);
            return ConverterTable.bytewise(bytes -> slice(bytes, offset, length));
        });
        table.add("ipmask", Signature.of(1, ArgType.MSK4, ArgType.MSK6), Type.ADDR, Type.IPV4, (args, place) -> {
            final byte[] mask4 = args.address(0).getAddress();
            final byte[] mask6 = args.has(1) ? args.address(1).getAddress() : null;
            return (input, evaluation) -> input instanceof Value.Ip(InetAddress ip) ? mask(ip, mask4, mask6) : null;
        });
    }

    private static Value bin(final byte[] bytes) {
        return bytes == null ? null : new Value.Bin(bytes);
    }

    private static Value hexNumber(final String text) {
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            final int digit = Numbers.hexDigit(text.charAt(i));
            if (digit < 0) {
                return null;
            }
            number = (number << 4) + digit;
        }
        return new Value.Int(number);
    }

    private static Value slice(final byte[] bytes, final long offset, final long length) {
        if (bytes.length <= offset || length < 0) {
            return new Value.Bin(new byte[0]);
        }
        // haproxy reads before the buffer when the offset is negative; nobody can want that.
        final int from = (int) Math.max(0, offset);
        return new Value.Bin(
                Arrays.copyOfRange(bytes, from, (int) Math.min(bytes.length, from + Math.min(length, bytes.length))));
    }

    private static boolean truncates(final Args args) throws ConfigException {
        final long truncate = args.number(2);
        if (truncate != 0 && truncate != 1) {
            throw new ConfigException("Unsupported truncate value (" + truncate + ")");
        }
        return truncate == 1;
    }

    private static Converter.Conversion decimal(final Args args) throws ConfigException {
        final String separator = args.text(0);
        final long size = args.number(1);
        if (size <= 0 || size > LONG_BYTES) {
            throw new ConfigException("chunk_size out of [1.." + LONG_BYTES + "] range (" + size + ")");
        }
        final boolean truncate = truncates(args);
        return ConverterTable.bytewise(bytes -> {
            final StringBuilder out = new StringBuilder();
            final int last = truncate ? bytes.length - (int) size + 1 : bytes.length;
            for (int at = 0; at < last && out.length() < BUFFER_BYTES;) {
                if (at > 0) {
                    out.append(separator);
                }
                long number = 0;
                for (int i = 0; i < size && at < bytes.length; i++) {
                    number = (number << 8) + (bytes[at++] & 255);
                }
                out.append(Long.toUnsignedString(number));
            }
            return new Value.Str(out.toString());
        });
    }

    private static Converter.Conversion hexadecimal(final Args args) throws ConfigException {
        final String separator = args.text(0);
        final long size = args.number(1);
        if (size <= 0 && (!separator.isEmpty() || args.number(2) != 0)) {
            throw new ConfigException("chunk_size needs to be positive (" + size + ")");
        }
        final boolean truncate = truncates(args);
        return ConverterTable.bytewise(bytes -> {
            final int chunk = separator.isEmpty() && !truncate
                    ? Math.max(1, bytes.length)
                    : (int) Math.min(size, BUFFER_BYTES);
            return new Value.Str(hex(bytes, chunk, separator, truncate));
        });
    }

    private static String hex(final byte[] bytes, final int chunk, final String separator, final boolean truncate) {
        final StringBuilder out = new StringBuilder(bytes.length * 2);
        final int last = truncate ? bytes.length - chunk + 1 : bytes.length;
        for (int at = 0; at < last && out.length() < BUFFER_BYTES;) {
            if (at > 0) {
                out.append(separator);
            }
            for (int i = 0; i < chunk && at < bytes.length; i++) {
                final byte b = bytes[at++];
                out.append(HEX[b >> 4 & 15]).append(HEX[b & 15]);
            }
        }
        return out.toString();
    }

    private static Value mask(final InetAddress ip, final byte[] mask4, final byte[] mask6) {
        final InetAddress v4 = Addresses.mappedV4(ip);
        final byte[] address = (v4 == null ? ip : v4).getAddress();
        final byte[] mask = v4 == null ? mask6 : mask4;
        if (mask == null) {
            return null;
        }
        for (int i = 0; i < address.length; i++) {
            address[i] &= mask[i];
        }
        return new Value.Ip(Addresses.of(address));
    }
}
