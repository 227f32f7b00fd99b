package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Value;
import java.util.ArrayList;
import java.util.List;

/** Numbers and ranges of them: of values, of lengths, of versions. Single numbers are found by hashing. */
final class RangeIndex implements Index {

    private static final int VERSION_PART_LIMIT = 65_536;

    private record Range(long min, long max, Entry entry) {
    }

    private final MatchMethod method;
    private final LongTable singles = new LongTable();
    private final List<Range> ranges = new ArrayList<>();

    RangeIndex(final MatchMethod method) {
        this.method = method;
    }

    @Override
    public void add(final Entry entry) throws ConfigException {
        final String text = entry.element().pattern();
        int separator = 0;
        while (separator < text.length() && text.charAt(separator) != ':' && text.charAt(separator) != '-') {
            separator++;
        }
        if (separator == text.length() && !text.isEmpty()) {
            singles.putIfAbsent(number(text, "' is not a number", "' is not a dotted number", text), entry);
            return;
        }
        final String low = text.substring(0, Math.min(separator, text.length()));
        final String high = text.substring(Math.min(separator + 1, text.length()));
        if (low.isEmpty() && high.isEmpty()) {
            throw notARange(text);
        }
        final long min = low.isEmpty() ? Long.MIN_VALUE : bound(low, text);
        final long max = high.isEmpty() ? Long.MAX_VALUE : bound(high, text);
        if (min > max) {
            throw notARange(text);
        }
        ranges.add(new Range(min, max, entry));
    }

    private long bound(final String part, final String text) throws ConfigException {
        return number(part, "' is not a valid number range", "' is not a valid dotted number range", text);
    }

    private ConfigException notARange(final String text) {
        return new ConfigException("'" + text + (method == MatchMethod.VERSION
                ? "' is not a valid dotted number range"
                : "' is not a valid number range"));
    }

    private long number(final String part, final String plain, final String dotted, final String text)
            throws ConfigException {
        final Long number = method == MatchMethod.VERSION ? version(part) : Numbers.strict(part);
        if (number == null) {
            throw new ConfigException("'" + text + (method == MatchMethod.VERSION ? dotted : plain));
        }
        return number;
    }

    private static Long version(final String text) {
        final int dot = text.indexOf('.');
        final Long major = Numbers.strict(dot < 0 ? text : text.substring(0, dot));
        final Long minor = dot < 0 ? Long.valueOf(0) : Numbers.strict(text.substring(dot + 1));
        return major == null || minor == null || major >= VERSION_PART_LIMIT || minor >= VERSION_PART_LIMIT
                ? null
                : Long.valueOf(major << 16 | minor & 0xffff);
    }

    @Override
    public void clear() {
        singles.clear();
        ranges.clear();
    }

    @Override
    public Entry find(final Value value) {
        final long number;
        if (method == MatchMethod.LEN) {
            number = value instanceof Value.Str(String text) ? text.length() : -1;
        } else if (value instanceof Value.Int(long given)) {
            number = given;
        } else {
            return null;
        }
        final Entry single = singles.size() == 0 ? null : singles.get(number);
        for (int i = 0; i < ranges.size(); i++) {
            final Range range = ranges.get(i);
            if (single != null && single.order() < range.entry.order()) {
                break;
            }
            if (range.min <= number && number <= range.max) {
                return range.entry;
            }
        }
        return single;
    }
}
