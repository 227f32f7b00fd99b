package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;

/**
 * Converters that take fields or words out of a string: the n-th, from the end if n is negative, and perhaps some behind
 * it (a count of 0: all).
 */
final class WordConverters {

    private WordConverters() {
    }

    static void addTo(final ConverterTable table) {
        final Signature signature = Signature.of(2, ArgType.SINT, ArgType.STR, ArgType.SINT);
        table.add("field", signature, Type.STR, Type.STR, (args, place) -> bind(args, true));
        table.add("word", signature, Type.STR, Type.STR, (args, place) -> bind(args, false));
    }

    private static Converter.Conversion bind(final Args args, final boolean field) throws ConfigException {
        final long index = args.number(0);
        final String separators = args.text(1);
        final long count = args.number(2, 1);
        if (index == 0) {
            throw new ConfigException("Unexpected value 0 for index");
        }
        if (separators.isEmpty()) {
            throw new ConfigException("Empty separators list");
        }
        return (input, evaluation) -> {
            if (!(input instanceof Value.Str(String text))) {
                return null;
            }
            final String backwards = index < 0 ? new StringBuilder(text).reverse().toString() : text;
            final String found = field
                    ? field(backwards, Math.abs(index), separators, count)
                    : word(backwards, Math.abs(index), separators, count);
            if (found == null) {
                return field ? null : new Value.Str("");
            }
            return new Value.Str(index < 0 ? new StringBuilder(found).reverse().toString() : found);
        };
    }

    private static String field(final String text, final long index, final String separators, final long wanted) {
        long field = 1;
        long left = wanted;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (separators.indexOf(text.charAt(i)) < 0) {
                continue;
            }
            if (field < index) {
                field++;
                start = i + 1;
            } else if (left == 1) {
                return text.substring(start, i);
            } else if (left > 1) {
                left--;
            }
        }
        return field == index ? text.substring(start) : null;
    }

    private static String word(final String text, final long index, final String separators, final long wanted) {
        long word = 0;
        long left = wanted;
        int start = 0;
        boolean within = false;
        for (int i = 0; i < text.length(); i++) {
            final boolean separator = separators.indexOf(text.charAt(i)) >= 0;
            if (!within && !separator) {
                if (word < index) {
                    word++;
                    start = i;
                }
                within = true;
            } else if (within && separator) {
                if (word == index) {
                    if (left == 1) {
                        return text.substring(start, i);
                    }
                    left -= left > 1 ? 1 : 0;
                }
                within = false;
            }
        }
        return word == index ? text.substring(start) : null;
    }
}
