package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindOptions;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.log.Syslog;
import io.netchannel.samples.haproxy.stick.DataType;
import io.netchannel.samples.haproxy.stick.StickEntry;
import io.netchannel.samples.haproxy.stick.StickSettings;
import io.netchannel.samples.haproxy.stick.StickTable;
import io.netchannel.samples.haproxy.stick.TableConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code show table}, {@code clear table} and {@code set table}. */
final class TableCommands {

    private static final int MAX_FILTERS = 4;
    private static final Set<String> OPERATORS = Set.of("eq", "ne", "le", "ge", "lt", "gt");

    /** What is done with the entries that are found. */
    private enum Action {
        SHOW("Showing keys from tables",
                "Optional argument only supports \"data.<store_data_type>\" <operator> <value> and key <key>\n"), CLEAR(
                        "Removing keys from tables",
                        "Required arguments: <table> \"data.<store_data_type>\" <operator> <value> "
                                + "or <table> key <key>\n"), SET("Inserting keys into tables",
                                        "Required arguments: <table> key <key> [data.<store_data_type> <value>]*\n");

        private final String doing;
        private final String usage;

        Action(final String doing, final String usage) {
            this.doing = doing;
            this.usage = usage;
        }
    }

    private record Filter(DataType type, String operator, long value) {

        boolean takes(final StickEntry entry, final long now) {
            final Long stored = entry.get(type.text(), now);
            final int compared = Long.compare(stored == null ? 0 : stored, value);
            return switch (operator) {
                case "eq" -> compared == 0;
                case "ne" -> compared != 0;
                case "le" -> compared <= 0;
                case "ge" -> compared >= 0;
                case "lt" -> compared < 0;
                default -> compared > 0;
            };
        }
    }

    private TableCommands() {
    }

    static void register(final Commands commands) {
        commands.add("clear table", "<table> [<filter>]* : drops a table's entries that fit",
                call -> change(call, Action.CLEAR))
                .add("set table", "<table> key <k> [data.* <v>]* : writes data of a table's entry",
                        call -> change(call, Action.SET))
                .add("show table",
                        "<table> [<filter>]* : all tables, or one's entries that fit",
                        call -> call.print(run(call, Action.SHOW)));
    }

    private static void change(final Call call, final Action action) {
        final String wrong = run(call, action);
        if (!wrong.isEmpty()) {
            call.message(Syslog.ERR, wrong);
        }
    }

    private static String run(final Call call, final Action action) {
        final long now = call.control().statistics().wallMs();
        if (call.word(2).isEmpty()) {
            return action == Action.SHOW ? heads(call.control(), now) : action.usage;
        }
        final StickTable table = StickSettings.table(call.control().proxies().configuration(), call.word(2));
        if (table == null) {
            return "No such table\n";
        }
        final String third = call.word(3);
        if ("key".equals(third)) {
            return byKey(call, action, table, now);
        }
        if (!third.isEmpty() && !third.startsWith("data.")) {
            return action.usage;
        }
        return byFilter(call, action, table, now);
    }

    private static String heads(final Control control, final long now) {
        final StringBuilder text = new StringBuilder();
        // haproxy lists the last declared first.
        for (final StickTable table : StickSettings.tables(control.proxies().configuration()).reversed()) {
            text.append(head(table, now));
        }
        return text.toString();
    }

    private static String head(final StickTable table, final long now) {
        return "# table: " + table.name() + ", type: " + table.config().keyType().text() + ", size:" + table.size()
                + ", used:" + table.used(now) + "\n";
    }

    private static String byFilter(final Call call, final Action action, final StickTable table,
            final long now) {
        final List<Filter> filters = new ArrayList<>();
        if (!call.word(3).isEmpty()) {
            if (action == Action.SET) {
                return "content-based lookup is only supported with the \"show\" and \"clear\" actions\n";
            }
            final String wrong = filters(call, table, filters);
            if (wrong != null) {
                return wrong;
            }
        } else if (action == Action.SET) {
            return action.usage;
        }
        final StringBuilder text = new StringBuilder(action == Action.SHOW ? head(table, now) : "");
        if (call.session().level() == BindOptions.Level.USER) {
            return text + (action == Action.SHOW ? "# contents not dumped due to insufficient privileges\n" : "");
        }
        for (final StickEntry entry : table.entries(now)) {
            if (filters.stream().allMatch(filter -> filter.takes(entry, now))) {
                if (action == Action.SHOW) {
                    text.append(EntryText.of(table, entry, now));
                } else {
                    table.removeUnused(entry);
                }
            }
        }
        return text.toString();
    }

    /** @return what is wrong, or null */
    private static String filters(final Call call, final StickTable table, final List<Filter> filters) {
        int at = 3;
        for (; filters.size() < MAX_FILTERS && !call.word(at).isEmpty(); at += 3) {
            final String entry = "Filter entry #" + (filters.size() + 1) + ": ";
            final String name = call.word(at);
            final DataType type = DataType.of(name.startsWith("data.") ? name.substring(5) : name);
            if (type == null) {
                return entry + "Unknown data type\n";
            }
            if (!table.config().stores().containsKey(type)) {
                return entry + "Data type not stored in this table\n";
            }
            if (!OPERATORS.contains(call.word(at + 1))) {
                return entry + "Require and operator among \"eq\", \"ne\", \"le\", \"ge\", \"lt\", \"gt\"\n";
            }
            final Long value = number(call.word(at + 2));
            if (value == null) {
                return entry + "Require a valid integer value to compare against\n";
            }
            filters.add(new Filter(type, call.word(at + 1), value));
        }
        return call.word(at).isEmpty()
                ? null
                : "Detected extra data in filter, " + (at + 1)
                        + "th word of input, after '" + call.word(at - 1) + "'\n";
    }

    private static Long number(final String text) {
        try {
            return Long.valueOf(text);
        } catch (final NumberFormatException e) {
            return null;
        }
    }

    private static String byKey(final Call call, final Action action, final StickTable table,
            final long now) {
        final String text = call.word(4);
        if (text.isEmpty()) {
            return "Key value expected\n";
        }
        final TableConfig.KeyType type = table.config().keyType();
        if (type == TableConfig.KeyType.BINARY) {
            return action.doing + " of type other than ip, ipv6, string and integer is not supported\n";
        }
        final Long number = type == TableConfig.KeyType.INTEGER ? number(text) : null;
        if (type == TableConfig.KeyType.INTEGER && (number == null || number < 0 || number > 0xffff_ffffL)) {
            return "Invalid key\n";
        }
        if (call.session().level() == BindOptions.Level.USER) {
            return "Permission denied\n";
        }
        final Value key = number == null ? new Value.Str(text) : new Value.Int(number);
        final StickEntry entry = action == Action.SET ? table.findOrCreate(key, now) : table.find(key, now);
        return switch (action) {
            case SHOW -> entry == null ? "" : head(table, now) + EntryText.of(table, entry, now);
            case CLEAR -> entry == null || table.removeUnused(entry)
                    ? ""
                    : "Entry currently in use, cannot remove\n";
            case SET -> entry == null ? "Unable to allocate a new entry\n" : set(call, table, entry, now);
        };
    }

    private static String set(final Call call, final StickTable table, final StickEntry entry,
            final long now) {
        for (int at = 5; !call.word(at).isEmpty(); at += 2) {
            if (!call.word(at).startsWith("data.")) {
                return "\"data.<type>\" followed by a value expected\n";
            }
            final DataType type = DataType.of(call.word(at).substring(5));
            if (type == null) {
                return "Unknown data type\n";
            }
            if (!table.config().stores().containsKey(type)) {
                return "Data type not stored in this table\n";
            }
            final Long value = number(call.word(at + 1));
            if (value == null) {
                return "Require a valid integer value to store\n";
            }
            entry.set(type.text(), value, now);
        }
        return "";
    }
}
