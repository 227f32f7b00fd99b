package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Fetch;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.expression.VariableName;
import io.netchannel.samples.haproxy.expression.format.Machine;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Fetches that say what their arguments say, and what is known without a connection. */
final class ConstantFetches {

    private static final Signature STRING = Signature.of(1, ArgType.STR);

    private ConstantFetches() {
    }

    static void addTo(final FetchTable table) {
        table.add("always_true", Type.BOOL, Origin.CONST, _ -> Casts.bool(true));
        table.add("always_false", Type.BOOL, Origin.CONST, _ -> Casts.bool(false));
        constant(table, "str", STRING, Type.STR, args -> new Value.Str(args.text(0)));
        constant(table, "int", Signature.of(1, ArgType.SINT), Type.SINT, args -> new Value.Int(args.number(0)));
        constant(table, "ipv4", Signature.of(1, ArgType.IPV4), Type.IPV4, args -> new Value.Ip(args.address(0)));
        constant(table, "ipv6", Signature.of(1, ArgType.IPV6), Type.IPV6, args -> new Value.Ip(args.address(0)));
        constant(table, "bool", STRING, Type.BOOL, ConstantFetches::bool);
        constant(table, "bin", STRING, Type.BIN, args -> new Value.Bin(Numbers.hexBytes(args.text(0))));
        constant(table, "meth", STRING, Type.METH, ConstantFetches::method);
        machine(table);
        variables(table);
    }

    /** Makes the one value that there will be. */
    private interface Maker {
        Value make(Args args) throws ConfigException;
    }

    private static void constant(final FetchTable table, final String name, final Signature signature, final Type type,
            final Maker maker) {
        table.add(name, signature, type, Origin.CONST, (args, place) -> {
            final Value value = maker.make(args);
            return _ -> value;
        });
    }

    private static Value bool(final Args args) throws ConfigException {
        final String text = args.text(0);
        if (text.equalsIgnoreCase("true") || text.equals("1")) {
            return Casts.bool(true);
        }
        if (text.equalsIgnoreCase("false") || text.equals("0")) {
            return Casts.bool(false);
        }
        throw new ConfigException("Expects 'true', 'false', '0' or '1'");
    }

    private static Value method(final Args args) throws ConfigException {
        final String text = args.text(0);
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (!(c < 128 && Character.isLetterOrDigit(c)) && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                throw new ConfigException("expects valid method.");
            }
        }
        return new Value.Method(text);
    }

    private static void machine(final FetchTable table) {
        final Value host = new Value.Str(Machine.hostName());
        table.add("hostname", Type.STR, Origin.CONST, _ -> host);
        table.add("nbproc", Type.SINT, Origin.CONST, _ -> new Value.Int(1));
        table.add("proc", Type.SINT, Origin.CONST, _ -> new Value.Int(1));
        table.add("thread", Type.SINT, Origin.CONST, _ -> new Value.Int(0));
        table.add("stopping", Type.BOOL, Origin.INTERNAL,
                evaluation -> Casts.bool(evaluation.context().facts().stopping()));
        for (final String name : new String[]{"cpu_calls", "cpu_ns_avg", "cpu_ns_tot", "lat_ns_avg", "lat_ns_tot"}) {
            // Only measured when profiling.tasks is on, which this proxy hasn't.
            table.add(name, Type.SINT, Origin.INTERNAL, _ -> new Value.Int(0));
        }
        table.add("env", STRING, Type.STR, Origin.CONST, (args, place) -> {
            final String variable = args.text(0);
            // With what setenv and its like made of it.
            return _ -> RequestFetches.text(place.context() == null
                    ? System.getenv(variable)
                    : place.context().configuration().environment().get(variable));
        });
        table.add("date", Signature.of(0, ArgType.SINT, ArgType.STR), Type.SINT, Origin.CONST,
                (args, place) -> date(args));
        table.add("date_us", Type.SINT, Origin.CONST,
                evaluation -> new Value.Int(Math.floorMod(evaluation.context().nowMs(), 1000L) * 1000));
        table.add("rand", Signature.of(0, ArgType.SINT), Type.SINT, Origin.CONST, (args, place) -> {
            final long range = args.number(0);
            final boolean ranged = args.has(0);
            return evaluation -> {
                evaluation.answerMayChange();
                final long random = ThreadLocalRandom.current().nextInt() & 0xffffffffL;
                return new Value.Int(ranged ? random * range >>> 32 : random);
            };
        });
        table.add("uuid", Signature.of(0, ArgType.SINT), Type.STR, Origin.CONST, (args, place) -> {
            if (args.has(0) && args.number(0) != 4) {
                throw new ConfigException("Unsupported UUID version: '" + args.number(0) + "'");
            }
            return _ -> new Value.Str(UUID.randomUUID().toString());
        });
    }

    private static Fetch.Sampler date(final Args args) throws ConfigException {
        final long offset = args.number(0);
        final String unit = args.has(1) ? args.text(1) : "s";
        if (!unit.equals("s") && !unit.equals("ms") && !unit.equals("us")) {
            throw new ConfigException("expects 's', 'ms' or 'us', got '" + unit + "'");
        }
        return evaluation -> {
            evaluation.answerMayChange();
            final long ms = evaluation.context().nowMs();
            return new Value.Int(offset + switch (unit) {
                case "s" -> Math.floorDiv(ms, 1000L);
                case "ms" -> ms;
                default -> ms * 1000;
            });
        };
    }

    private static void variables(final FetchTable table) {
        table.add("var", Signature.of(1, ArgType.STR, ArgType.STR), Type.ANY, Origin.CONST,
                ConstantFetches::variable);
    }

    private static Fetch.Sampler variable(final Args args, final ParsePlace place) throws ConfigException {
        final VariableName name = VariableName.parse(args.text(0));
        final Value otherwise = args.has(1) ? new Value.Str(args.text(1)) : null;
        return evaluation -> {
            final Value value = name.get(evaluation.context());
            return value == null ? otherwise : value;
        };
    }
}
