package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/** Converters of times: seconds since 1970 into text. */
final class DateConverters {

    /** Higher bits would make the C library's years negative. */
    private static final long MASK = 0x007fffffffffffffL;
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss",
            Locale.ROOT);

    private DateConverters() {
    }

    static void addTo(final ConverterTable table) {
        final Signature formatAndOffset = Signature.of(1, ArgType.STR, ArgType.SINT);
        table.add("ltime", formatAndOffset, Type.SINT, Type.STR, (args, place) -> format(args, ZoneId.systemDefault()));
        table.add("utime", formatAndOffset, Type.SINT, Type.STR, (args, place) -> format(args, ZoneOffset.UTC));
        table.add("http_date", Signature.of(0, ArgType.SINT, ArgType.STR), Type.SINT, Type.STR,
                (args, place) -> httpDate(args));
    }

    private static Converter.Conversion httpDate(final Args args) throws ConfigException {
        final long offset = args.number(0);
        final String unit = args.has(1) ? args.text(1) : "s";
        final long perSecond = switch (unit) {
            case "s" -> 1;
            case "ms" -> 1000;
            case "us" -> 1_000_000;
            default -> throw new ConfigException("expects 's', 'ms' or 'us', got '" + unit + "'");
        };
        return (input, evaluation) -> {
            if (!(input instanceof Value.Int(long number))) {
                return null;
            }
            final long time = number + offset;
            final ZonedDateTime date = date(time / perSecond, ZoneOffset.UTC);
            return date == null
                    ? null
                    : new Value.Str(HTTP_DATE.format(date) + (perSecond == 1 ? "" : "." + time % perSecond) + " GMT");
        };
    }

    private static ZonedDateTime date(final long seconds, final ZoneId zone) {
        try {
            return Instant.ofEpochSecond(seconds & MASK).atZone(zone);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Converter.Conversion format(final Args args, final ZoneId zone) {
        final String format = args.text(0);
        final long offset = args.number(1);
        return (input, evaluation) -> {
            if (!(input instanceof Value.Int(long number))) {
                return null;
            }
            final ZonedDateTime date = date((number & MASK) + offset, zone);
            return date == null ? null : new Value.Str(strftime(format, date));
        };
    }

    /** As strftime(3) in the C locale. */
    static String strftime(final String format, final ZonedDateTime date) {
        final StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            final char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char directive = format.charAt(++i);
            if ((directive == 'E' || directive == 'O') && i + 1 < format.length()) {
                // Modifiers for alternative formats, which the C locale hasn't.
                directive = format.charAt(++i);
            }
            directive(out, directive, date);
        }
        return out.toString();
    }

    private static void directive(final StringBuilder out, final char directive, final ZonedDateTime date) {
        switch (directive) {
            case 'a' -> pattern(out, "EEE", date);
            case 'A' -> pattern(out, "EEEE", date);
            case 'b', 'h' -> pattern(out, "MMM", date);
            case 'B' -> pattern(out, "MMMM", date);
            case 'c' -> out.append(strftime("%a %b %e %H:%M:%S %Y", date));
            case 'C' -> number(out, date.getYear() / 100, 2, '0');
            case 'd' -> number(out, date.getDayOfMonth(), 2, '0');
            case 'D', 'x' -> out.append(strftime("%m/%d/%y", date));
            case 'e' -> number(out, date.getDayOfMonth(), 2, ' ');
            case 'F' -> out.append(strftime("%Y-%m-%d", date));
            case 'g' -> number(out, date.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0');
            case 'G' -> out.append(date.get(IsoFields.WEEK_BASED_YEAR));
            case 'H' -> number(out, date.getHour(), 2, '0');
            case 'I' -> number(out, date.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, '0');
            case 'j' -> number(out, date.getDayOfYear(), 3, '0');
            case 'k' -> number(out, date.getHour(), 2, ' ');
            case 'l' -> number(out, date.get(ChronoField.CLOCK_HOUR_OF_AMPM), 2, ' ');
            case 'm' -> number(out, date.getMonthValue(), 2, '0');
            case 'M' -> number(out, date.getMinute(), 2, '0');
            case 'n' -> out.append('\n');
            case 'p' -> out.append(date.getHour() < 12 ? "AM" : "PM");
            case 'P' -> out.append(date.getHour() < 12 ? "am" : "pm");
            case 'r' -> out.append(strftime("%I:%M:%S %p", date));
            case 'R' -> out.append(strftime("%H:%M", date));
            case 's' -> out.append(date.toEpochSecond());
            case 'S' -> number(out, date.getSecond(), 2, '0');
            case 't' -> out.append('\t');
            case 'T', 'X' -> out.append(strftime("%H:%M:%S", date));
            case 'u' -> out.append(date.getDayOfWeek().getValue());
            case 'U' -> number(out, (date.getDayOfYear() + 6 - date.getDayOfWeek().getValue() % 7) / 7, 2, '0');
            case 'V' -> number(out, date.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0');
            case 'w' -> out.append(date.getDayOfWeek().getValue() % 7);
            case 'W' -> number(out, (date.getDayOfYear() + 7 - date.getDayOfWeek().getValue()) / 7, 2, '0');
            case 'y' -> number(out, date.getYear() % 100, 2, '0');
            case 'Y' -> out.append(date.getYear());
            case 'z' -> pattern(out, "xx", date);
            case 'Z' -> out.append(date.getZone() instanceof ZoneOffset
                    ? "GMT"
                    : DateTimeFormatter.ofPattern("zzz", Locale.ENGLISH).format(date));
            case '%' -> out.append('%');
            default -> out.append('%').append(directive);
        }
    }

    private static void pattern(final StringBuilder out, final String pattern, final ZonedDateTime date) {
        out.append(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(date));
    }

    private static void number(final StringBuilder out, final int value, final int width, final char fill) {
        final String text = Integer.toString(value);
        for (int i = text.length(); i < width; i++) {
            out.append(fill);
        }
        out.append(text);
    }
}
