package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Converters to and from JSON. */
final class JsonConverters {

    /** The integers that all readers agree on (RFC 7159, section 6). */
    private static final long MAX_INTEGER = (1L << 53) - 1;
    private static final List<String> ENCODINGS = List.of("ascii", "utf8", "utf8s", "utf8p", "utf8ps");

    private JsonConverters() {
    }

    static void addTo(final ConverterTable table) {
        table.add("json", ConverterTable.ONE_STRING, Type.STR, Type.STR, (args, place) -> escape(args));
        table.add("json_query", Signature.of(1, ArgType.STR, ArgType.STR), Type.STR, Type.ANY, (args, place) -> {
            if (args.text(0).isEmpty()) {
                throw new ConfigException("json_path must not be empty");
            }
            final String path = args.text(0);
            final boolean integer = isInteger(args);
            return (input, evaluation) -> input instanceof Value.Str(String text) ? query(text, path, integer) : null;
        });
    }

    static boolean isInteger(final Args args) throws ConfigException {
        if (!args.text(1).isEmpty() && !args.text(1).equals("int")) {
            throw new ConfigException("output_type only supports \"int\" as argument");
        }
        return !args.text(1).isEmpty();
    }

    private static Converter.Conversion escape(final Args args) throws ConfigException {
        final String encoding = args.text(0).isEmpty() ? "ascii" : args.text(0);
        if (!ENCODINGS.contains(encoding)) {
            throw new ConfigException("Unexpected input code type. "
                    + "Allowed value are 'ascii', 'utf8', 'utf8s', 'utf8p' and 'utf8ps'");
        }
        return ConverterTable.textual(text -> escape(text, encoding));
    }

    private static String escape(final String text, final String encoding) {
        final StringBuilder out = new StringBuilder(text.length() + 16);
        final boolean utf8 = !encoding.equals("ascii");
        // Permissive: what is overlong is taken. Silent: what can't be taken is left out, else there is no result.
        final boolean permissive = encoding.contains("p");
        final boolean silent = encoding.endsWith("s");
        for (int i = 0; i < text.length();) {
            int code = text.charAt(i);
            int length = 1;
            if (utf8) {
                final Utf8 decoded = Utf8.at(text, i);
                length = decoded.length();
                code = decoded.code();
                if (decoded.bad() || !permissive && decoded.overlong() || code > 0xffff) {
                    if (!silent) {
                        return null;
                    }
                    i += length;
                    continue;
                }
            }
            i += length;
            append(out, code);
        }
        return out.toString();
    }

    private static void append(final StringBuilder out, final int code) {
        switch (code) {
            case '"', '\\', '/' -> out.append('\\').append((char) code);
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\r' -> out.append("\\r");
            case '\n' -> out.append("\\n");
            case '\t' -> out.append("\\t");
            default -> {
                if (code < 32 || code >= 127) {
                    out.append("\\u");
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        out.append(Character.forDigit(code >> shift & 15, 16));
                    }
                } else {
                    out.append((char) code);
                }
            }
        }
    }

    /** A char as UTF-8 has it. @param bad a byte out of place, or a code that is none; @param overlong more bytes than needed */
    private record Utf8(int code, int length, boolean bad, boolean overlong) {

        static Utf8 at(final String text, final int index) {
            final int first = text.charAt(index);
            if (first < 0x80) {
                return new Utf8(first, 1, false, false);
            }
            final int length = Integer.numberOfLeadingZeros(~(first << 24));
            if (length == 1 || length > 6) {
                return new Utf8(first, 1, true, false);
            }
            int code = first & 0x7f >> length;
            for (int i = 1; i < length; i++) {
                if (index + i >= text.length() || (text.charAt(index + i) & 0xc0) != 0x80) {
                    return new Utf8(code, i, true, false);
                }
                code = code << 6 | text.charAt(index + i) & 0x3f;
            }
            final int needed = code < 0x80
                    ? 1
                    : code < 0x800 ? 2 : code < 0x10000 ? 3 : code < 0x200000 ? 4 : code < 0x4000000 ? 5 : 6;
            final boolean outOfRange = code >= 0xd800 && code <= 0xdfff || code == 0xfffe || code == 0xffff;
            return new Utf8(code, length, outOfRange, needed < length);
        }
    }

    /** @return null where nothing is, or something that is no scalar */
    static Value query(final String json, final String path, final boolean integer) {
        final JsonText document = new JsonText(json);
        if (!document.find(path)) {
            return null;
        }
        final char first = document.firstChar();
        return switch (first) {
            case 't' -> Casts.bool(true);
            case 'f' -> Casts.bool(false);
            case '"' -> {
                final String text = document.string();
                yield text == null ? null : new Value.Str(text);
            }
            case '{', '[', 'n' -> null;
            default -> integer ? integer(document.token()) : number(document.token());
        };
    }

    private static Value integer(final String token) {
        int end = token.startsWith("-") ? 1 : 0;
        while (end < token.length() && Character.isDigit(token.charAt(end))) {
            end++;
        }
        try {
            final long value = Long.parseLong(token.substring(0, end));
            return Math.abs(value) > MAX_INTEGER ? null : new Value.Int(value);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Value number(final String token) {
        try {
            return new Value.Str(general(new BigDecimal(Double.toString(Double.parseDouble(token)))));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** As printf's {@code %g}: six significant digits, no trailing zeros. */
    private static String general(final BigDecimal value) {
        if (value.signum() == 0) {
            return "0";
        }
        final BigDecimal rounded = value.round(new MathContext(6, RoundingMode.HALF_EVEN)).stripTrailingZeros();
        final int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < 6) {
            return rounded.toPlainString();
        }
        final BigDecimal mantissa = rounded.movePointLeft(exponent);
        return mantissa.toPlainString() + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
