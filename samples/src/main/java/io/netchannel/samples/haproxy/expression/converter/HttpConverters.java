package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.http.Targets;

/** Converters of what HTTP messages hold: URLs and preferences. */
final class HttpConverters {

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final int MAX_QUALITY = 1000;

    private HttpConverters() {
    }

    static void addTo(final ConverterTable table) {
        table.add("url_dec", Signature.of(0, ArgType.SINT), Type.STR, Type.STR, (args, place) -> {
            final boolean form = args.number(0) != 0;
            return ConverterTable.textual(text -> decode(text, form));
        });
        table.add("url_enc", ConverterTable.ONE_STRING, Type.STR, Type.STR, (args, place) -> {
            if (!args.text(0).isEmpty() && !args.text(0).equals("query")) {
                throw new ConfigException("Unexpected encode type. Allowed value is 'query'");
            }
            return ConverterTable.textual(HttpConverters::encode);
        });
        table.text("host_only", host -> {
            final int colon = Targets.portColon(host);
            return colon < 0 ? host : host.substring(0, colon);
        });
        table.add("port_only", Signature.NONE, Type.STR, Type.SINT, (args, place) -> (input,
                evaluation) -> input instanceof Value.Str(String host) ? new Value.Int(port(host)) : null);
        table.add("language", Signature.of(1, ArgType.STR, ArgType.STR), Type.STR, Type.STR, (args, place) -> {
            final String[] offered = args.text(0).split(";", -1);
            final String otherwise = args.has(1) ? args.text(1) : null;
            return ConverterTable.textual(text -> {
                final String best = preferred(text, offered);
                final String chosen = best.isEmpty() ? otherwise : best;
                return chosen == null || chosen.isEmpty() ? null : chosen;
            });
        });
    }

    /** 0 if there is none. What is no digit counts by its code's distance from that of 0, as in haproxy. */
    private static long port(final String host) {
        final int colon = Targets.portColon(host);
        long port = 0;
        for (int i = colon + 1; colon >= 0 && i < host.length(); i++) {
            port = port * 10 + host.charAt(i) - '0' & 0xffffffffL;
        }
        return port;
    }

    /** A plus is a space in a form, and behind a question mark. Null if an escape is none. */
    private static String decode(final String text, final boolean form) {
        final StringBuilder out = new StringBuilder(text.length());
        boolean inForm = form;
        for (int i = 0; i < text.length() && text.charAt(i) != 0; i++) {
            final char c = text.charAt(i);
            if (c == '%') {
                final int high = i + 2 < text.length() ? Numbers.hexDigit(text.charAt(i + 1)) : -1;
                final int low = i + 2 < text.length() ? Numbers.hexDigit(text.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                out.append((char) (high << 4 | low));
                i += 2;
            } else {
                inForm |= c == '?';
                out.append(c == '+' && inForm ? ' ' : c);
            }
        }
        return out.toString();
    }

    /** Of RFC 3986's unreserved chars each is itself, all others are escaped. */
    private static String encode(final String text) {
        final StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c < 128 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append('%').append(HEX[c >> 4 & 15]).append(HEX[c & 15]);
            }
        }
        return out.toString();
    }

    /** Which of the offered the header asks for most (RFC 9110, section 12.5.4); "" if none. */
    private static String preferred(final String header, final String[] offered) {
        String best = "";
        int bestQuality = 0;
        for (final String item : header.split(",")) {
            final String[] parts = item.strip().split("[; \t]", 2);
            final String match = parts[0].isEmpty() ? null : match(parts[0], offered);
            if (match == null) {
                continue;
            }
            final int quality = quality(parts.length > 1 ? parts[1] : "");
            if (quality > bestQuality) {
                best = match;
                bestQuality = quality;
                if (quality >= MAX_QUALITY) {
                    break;
                }
            }
        }
        return best;
    }

    private static String match(final String range, final String[] offered) {
        for (final String tag : offered) {
            // "en-GB" of the header fits "en" of the list, not the other way round, and case counts.
            if (range.equals(tag) || range.startsWith(tag + "-")) {
                return tag;
            }
        }
        return null;
    }

    /** Thousandths; what is no weight is 1. */
    private static int quality(final String parameters) {
        final String text = parameters.replaceAll("[ \t;]", "");
        if (!text.startsWith("q=") || text.length() < 3) {
            return MAX_QUALITY;
        }
        final String value = text.substring(2);
        if (value.charAt(0) != '0' && value.charAt(0) != '1') {
            return MAX_QUALITY;
        }
        int quality = value.charAt(0) == '1' ? MAX_QUALITY : 0;
        for (int i = 2, unit = 100; i < Math.min(value.length(), 5) && value.charAt(1) == '.'; i++, unit /= 10) {
            if (!Numbers.isDigit(value.charAt(i))) {
                break;
            }
            quality += (value.charAt(i) - '0') * unit;
        }
        return Math.min(quality, MAX_QUALITY);
    }
}
