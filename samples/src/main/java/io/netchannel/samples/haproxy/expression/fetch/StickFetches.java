package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Fetch;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.StickCounters;
import io.netchannel.samples.haproxy.expression.StickLookup;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Fetches of stick tables: {@code sc0_…}, {@code sc_…(0)}, {@code src_…} and of whole tables. */
final class StickFetches {

    /** What is read as it is stored, by the name behind the prefix. */
    private static final String[] PLAIN = {"bytes_in_rate", "bytes_out_rate", "conn_cnt", "conn_cur", "conn_rate",
        "gpc0_rate", "gpc1_rate", "http_err_cnt", "http_err_rate", "http_fail_cnt", "http_fail_rate", "http_req_cnt",
        "http_req_rate", "sess_cnt", "sess_rate", "get_gpc0", "get_gpc1", "get_gpt0", "kbytes_in", "kbytes_out",
        "inc_gpc0", "inc_gpc1", "clr_gpc0", "clr_gpc1"};
    private static final String[] INDEXED = {"get_gpc", "get_gpt", "gpc_rate", "inc_gpc", "clr_gpc"};

    private StickFetches() {
    }

    /** Says whose counters are meant. */
    private interface Finder {

        /** @return null: not even a table is known, so that there is no sample */
        Entry find(Evaluation evaluation, boolean create);
    }

    /** @param counters null if the table has no such entry */
    private record Entry(StickCounters counters) {
    }

    static void addTo(final FetchTable table) {
        for (int number = -1; number < 3; number++) {
            family(table, number < 0 ? "sc_" : "sc" + number + "_", number);
        }
        for (final String name : PLAIN) {
            add(table, "src_" + name, Signature.of(1, ArgType.TAB), Origin.CLIENT_L4, name,
                    (args, place) -> ofSource(tableName(args.text(0), place)));
        }
        for (final String name : INDEXED) {
            add(table, "src_" + name, Signature.of(2, ArgType.SINT, ArgType.TAB), Origin.CLIENT_L4, name,
                    (args, place) -> ofSource(tableName(args.text(1), place)));
        }
        table.add("src_updt_conn_cnt", Signature.of(1, ArgType.TAB), Type.SINT, Origin.CLIENT_L4, (args, place) -> {
            final Finder finder = ofSource(tableName(args.text(0), place));
            return evaluation -> {
                final Entry entry = finder.find(evaluation, true);
                if (entry == null || entry.counters == null) {
                    return null;
                }
                final Long value = entry.counters.add("conn_cnt", 1, evaluation.context().nowMs());
                return value == null ? null : new Value.Int(value);
            };
        });
        whole(table);
    }

    private static void whole(final FetchTable table) {
        table.add("table_avl", Signature.of(1, ArgType.TAB), Type.SINT, Origin.INTERNAL, (args, place) -> {
            final String name = tableName(args.text(0), place);
            return evaluation -> {
                final StickLookup found = evaluation.context().facts().table(name);
                return found == null ? null : new Value.Int(found.available());
            };
        });
        table.add("table_cnt", Signature.of(1, ArgType.TAB), Type.SINT, Origin.INTERNAL, (args, place) -> {
            final String name = tableName(args.text(0), place);
            return evaluation -> {
                final StickLookup found = evaluation.context().facts().table(name);
                return found == null ? null : new Value.Int(found.size() - found.available());
            };
        });
    }

    static String tableName(final String text, final ParsePlace place) {
        return text.isEmpty() && place.proxy() != null ? place.proxy().name() : text;
    }

    /** @param number of the tracked counters, or -1: the first argument says it */
    private static void family(final FetchTable table, final String prefix, final int number) {
        for (final String name : PLAIN) {
            add(table, prefix + name, signature(number, 0), origin(name), name,
                    (args, place) -> tracked(args, place, number, 0));
        }
        for (final String name : INDEXED) {
            if (number < 0 || name.equals("clr_gpc") && number < 2) {
                add(table, prefix + name, signature(number, 1), Origin.INTERNAL, name,
                        (args, place) -> tracked(args, place, number, 1));
            }
        }
        table.add(prefix + "tracked", signature(number, 0), Type.BOOL, Origin.INTERNAL, (args, place) -> {
            final Finder finder = tracked(args, place, number, 0);
            return evaluation -> {
                final Entry entry = finder.find(evaluation, false);
                return Casts.bool(entry != null && entry.counters != null);
            };
        });
        table.add(prefix + "trackers", signature(number, 0), Type.SINT, Origin.INTERNAL, (args, place) -> {
            final Finder finder = tracked(args, place, number, 0);
            return evaluation -> {
                final Entry entry = finder.find(evaluation, false);
                return entry == null ? null : new Value.Int(entry.counters == null ? 0 : entry.counters.trackers());
            };
        });
    }

    private static Origin origin(final String name) {
        return name.startsWith("kbytes") ? Origin.CLIENT_L4 : Origin.INTERNAL;
    }

    private static Signature signature(final int number, final int indexes) {
        final List<ArgType> types = new ArrayList<>();
        for (int i = 0; i < indexes + (number < 0 ? 1 : 0); i++) {
            types.add(ArgType.SINT);
        }
        final int mandatory = types.size();
        types.add(ArgType.TAB);
        return new Signature(mandatory, types);
    }

    /** Makes a finder of the arguments. */
    private interface FinderBinder {
        Finder bind(Args args, ParsePlace place);
    }

    private static void add(final FetchTable table, final String keyword, final Signature signature,
            final Origin origin,
            final String name, final FinderBinder binder) {
        table.add(keyword, signature, Type.SINT, origin, (args, place) -> {
            final Finder finder = binder.bind(args, place);
            final boolean indexed = name.equals("get_gpc") || name.equals("get_gpt") || name.equals("gpc_rate")
                    || name.equals("inc_gpc") || name.equals("clr_gpc");
            return operation(finder, indexed ? name + "(" + args.number(0) + ")" : name);
        });
    }

    /** @param skipped arguments before those that say whose counters: the index into an array */
    private static Finder tracked(final Args args, final ParsePlace place, final int number, final int skipped) {
        final int index = number < 0 ? (int) args.number(skipped) : number;
        final int tableArg = number < 0 ? skipped + 1 : skipped;
        final String table = args.has(tableArg) ? tableName(args.text(tableArg), place) : null;
        return (evaluation, create) -> {
            final StickCounters counters = index < 0 ? null : evaluation.context().tracked(index);
            if (counters == null) {
                return null;
            }
            if (table == null || table.equals(counters.table().name())) {
                return new Entry(counters);
            }
            final StickLookup other = evaluation.context().facts().table(table);
            final Value key = counters.key();
            if (other == null || key == null) {
                return new Entry(null);
            }
            final long nowMs = evaluation.context().nowMs();
            return new Entry(create ? other.findOrCreate(key, nowMs) : other.find(key, nowMs));
        };
    }

    private static Finder ofSource(final String table) {
        return (evaluation, create) -> {
            final InetSocketAddress source = evaluation.context().source();
            final StickLookup lookup = evaluation.context().facts().table(table);
            if (source == null || source.getAddress() == null || lookup == null) {
                return null;
            }
            final Value key = new Value.Ip(source.getAddress());
            final long nowMs = evaluation.context().nowMs();
            return new Entry(create ? lookup.findOrCreate(key, nowMs) : lookup.find(key, nowMs));
        };
    }

    /** @param name as behind the prefix; an element of an array with its index in parentheses */
    private static Fetch.Sampler operation(final Finder finder, final String name) {
        if (name.startsWith("inc_")) {
            return increment(finder, name.substring(4));
        }
        if (name.startsWith("clr_")) {
            return clear(finder, name.substring(4));
        }
        final boolean kilobytes = name.startsWith("kbytes_");
        final String type = kilobytes ? name.substring(1) + "_cnt" : name.startsWith("get_") ? name.substring(4) : name;
        return of(finder, false, (counters, nowMs) -> {
            final Long value = counters.get(type, nowMs);
            return value == null ? null : new Value.Int(kilobytes ? value >> 10 : value);
        });
    }

    /** What is asked of an entry, or done to it. */
    private interface Operation {
        Value of(StickCounters counters, long nowMs);
    }

    /** 0 where there is no entry. */
    private static Fetch.Sampler of(final Finder finder, final boolean create, final Operation operation) {
        return evaluation -> {
            final Entry entry = finder.find(evaluation, create);
            if (entry == null) {
                return null;
            }
            return entry.counters == null
                    ? new Value.Int(0)
                    : operation.of(entry.counters, evaluation.context().nowMs());
        };
    }

    /** The rate first, then the counter, whose value is the answer where it is stored. */
    private static Fetch.Sampler increment(final Finder finder, final String counter) {
        final String rate = counter.startsWith("gpc(") ? counter.replace("gpc(", "gpc_rate(") : counter + "_rate";
        return of(finder, true, (counters, nowMs) -> {
            final Long rated = counters.add(rate, 1, nowMs);
            final Long counted = counters.add(counter, 1, nowMs);
            return new Value.Int(counted != null ? counted : rated != null ? rated : 0);
        });
    }

    /** The answer is what the counter was before. */
    private static Fetch.Sampler clear(final Finder finder, final String counter) {
        return of(finder, true, (counters, nowMs) -> {
            final Long before = counters.get(counter, nowMs);
            if (before == null) {
                return new Value.Int(0);
            }
            counters.set(counter, 0, nowMs);
            return new Value.Int(before);
        });
    }
}
