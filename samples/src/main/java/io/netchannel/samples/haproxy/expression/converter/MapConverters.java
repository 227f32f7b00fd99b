package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Addresses;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.pattern.Entry;
import io.netchannel.samples.haproxy.expression.pattern.MatchMethod;
import io.netchannel.samples.haproxy.expression.pattern.PatternReferences;
import io.netchannel.samples.haproxy.expression.pattern.PatternSet;
import java.net.InetAddress;

/** Converters that look the sample up in a file: {@code map_METHOD_TYPE(file,default)}. */
final class MapConverters {

    private MapConverters() {
    }

    static void addTo(final ConverterTable table) {
        add(table, "map", MatchMethod.STR, Type.STR);
        for (final MatchMethod method : new MatchMethod[]{MatchMethod.STR, MatchMethod.BEG, MatchMethod.SUB,
            MatchMethod.DIR, MatchMethod.DOM, MatchMethod.END, MatchMethod.REG, MatchMethod.REGM, MatchMethod.INT,
            MatchMethod.IP}) {
            add(table, "map_" + method.label(), method, Type.STR);
            if (method != MatchMethod.REGM) {
                add(table, "map_" + method.label() + "_int", method, Type.SINT);
                add(table, "map_" + method.label() + "_ip", method, Type.ADDR);
            }
        }
    }

    private static void add(final ConverterTable table, final String name, final MatchMethod method,
            final Type output) {
        table.add(name, Signature.of(1, ArgType.STR, output == Type.SINT ? ArgType.SINT : ArgType.STR),
                method.expected(),
                output, (args, place) -> bind(args, place, method, output));
    }

    private static Converter.Conversion bind(final Args args, final ParsePlace place, final MatchMethod method,
            final Type output) throws ConfigException {
        final PatternReferences references = place.context() == null
                ? new PatternReferences()
                : PatternReferences.of(place.context().configuration());
        final PatternSet set = references.load(args.text(0), true, true,
                "file '" + place.line().file() + "' line " + place.line().number(), method, false, false, output);
        final Value otherwise = otherwise(args, output);
        final boolean expand = method == MatchMethod.REGM;
        return (input, evaluation) -> {
            final Entry entry = set.find(input);
            if (entry == null) {
                return otherwise;
            }
            if (expand && entry.value() instanceof Value.Str(String template)) {
                final String expanded = set.expandLast(template);
                return expanded == null ? null : new Value.Str(expanded);
            }
            return entry.value();
        };
    }

    private static Value otherwise(final Args args, final Type output) throws ConfigException {
        if (!args.has(1)) {
            return null;
        }
        return switch (output) {
            case SINT -> new Value.Int(args.number(1));
            case ADDR -> {
                final InetAddress v4 = Addresses.v4(args.text(1));
                final InetAddress address = v4 != null ? v4 : Addresses.v6(args.text(1));
                if (address == null) {
                    throw new ConfigException("map: cannot parse default ip <" + args.text(1) + ">.");
                }
                yield new Value.Ip(address);
            }
            default -> new Value.Str(args.text(1));
        };
    }
}
