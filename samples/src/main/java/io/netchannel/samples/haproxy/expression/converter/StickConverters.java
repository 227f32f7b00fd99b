package io.netchannel.samples.haproxy.expression.converter;

import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Converter;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.StickCounters;
import io.netchannel.samples.haproxy.expression.StickLookup;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;

/** Converters that look the sample up in a stick table, or take it as the name of a backend or a server. */
final class StickConverters {

    private static final String[] DATA = {"bytes_in_rate", "bytes_out_rate", "conn_cnt", "conn_cur", "conn_rate",
        "gpc0", "gpc0_rate", "gpc1", "gpc1_rate", "gpt0", "http_err_cnt", "http_err_rate", "http_fail_cnt",
        "http_fail_rate", "http_req_cnt", "http_req_rate",
        "server_id", "sess_cnt", "sess_rate"};
    private StickConverters() {
    }

    static void addTo(final ConverterTable table) {
        final Signature one = Signature.of(1, ArgType.TAB);
        table.add("in_table", one, Type.ANY, Type.BOOL, (args, place) -> {
            final String name = table(args.text(0), place);
            return (input, evaluation) -> {
                final StickLookup lookup = evaluation.context().facts().table(name);
                return lookup == null ? null : Casts.bool(lookup.find(input, evaluation.context().nowMs()) != null);
            };
        });
        for (final String data : DATA) {
            table.add("table_" + data, one, Type.ANY, Type.SINT,
                    (args, place) -> lookup(table(args.text(0), place), data, 0));
        }
        for (final String array : new String[]{"gpt", "gpc", "gpc_rate"}) {
            table.add("table_" + array, Signature.of(2, ArgType.SINT, ArgType.TAB), Type.ANY, Type.SINT,
                    (args, place) -> element(args, place, array));
        }
        table.add("table_kbytes_in", one, Type.ANY, Type.SINT,
                (args, place) -> lookup(table(args.text(0), place), "bytes_in_cnt", 10));
        table.add("table_kbytes_out", one, Type.ANY, Type.SINT,
                (args, place) -> lookup(table(args.text(0), place), "bytes_out_cnt", 10));
        table.add("table_trackers", one, Type.ANY, Type.SINT, (args, place) -> {
            final String name = table(args.text(0), place);
            return (input, evaluation) -> {
                final StickLookup lookup = evaluation.context().facts().table(name);
                final StickCounters counters = lookup == null ? null : lookup.find(input, evaluation.context().nowMs());
                return lookup == null ? null : new Value.Int(counters == null ? 0 : counters.trackers());
            };
        });
        servers(table);
    }

    private static String table(final String text, final ParsePlace place) {
        return text.isEmpty() && place.proxy() != null ? place.proxy().name() : text;
    }

    private static Converter.Conversion element(final Args args, final ParsePlace place, final String array) {
        return lookup(table(args.text(1), place), array + "(" + args.number(0) + ")", 0);
    }

    /** 0 if there is no entry; nothing if the table doesn't store it. */
    private static Converter.Conversion lookup(final String table, final String data, final int shift) {
        return (input, evaluation) -> {
            final StickLookup lookup = evaluation.context().facts().table(table);
            if (lookup == null) {
                return null;
            }
            final long nowMs = evaluation.context().nowMs();
            final StickCounters counters = lookup.find(input, nowMs);
            if (counters == null) {
                return new Value.Int(0);
            }
            final Long value = counters.get(data, nowMs);
            return value == null ? null : new Value.Int(value >> shift);
        };
    }

    private static void servers(final ConverterTable table) {
        table.add("nbsrv", Signature.NONE, Type.STR, Type.SINT, (args, place) -> (input, evaluation) -> {
            if (!(input instanceof Value.Str(String backend)) || place.context() != null
                    && place.context().configuration().backend(backend) == null) {
                return null;
            }
            return new Value.Int(evaluation.context().facts().usableServers(backend));
        });
        table.add("srv_queue", Signature.NONE, Type.STR, Type.SINT, (args, place) -> (input, evaluation) -> {
            if (!(input instanceof Value.Str(String text))) {
                return null;
            }
            final int slash = text.lastIndexOf('/');
            final String backend = slash < 0 ? evaluation.context().facts().backendName() : text.substring(0, slash);
            if (backend == null
                    || place.context() != null && place.context().configuration().backend(backend) == null) {
                return null;
            }
            return new Value.Int(evaluation.context().facts().serverQueue(backend, text.substring(slash + 1)));
        });
    }
}
