package io.netchannel.samples.haproxy.stick;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.GlobalSettings;
import io.netchannel.samples.haproxy.config.Keywords;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.WordCursor;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Condition;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.ExpressionSettings;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Point;
import io.netchannel.samples.haproxy.expression.Use;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code stick-table} and {@code stick}. */
public final class StickKeywords {

    private StickKeywords() {
    }

    public static void register(final Keywords.Builder keywords) {
        keywords.proxy("stick-table", StickKeywords::table).proxy("stick", StickKeywords::stick);
    }

    private static void table(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (section.kind() == io.netchannel.samples.haproxy.config.SectionKind.DEFAULTS) {
            throw new ConfigException("'stick-table' is not supported in 'defaults' section.");
        }
        final GlobalSettings global = context.configuration().global();
        final StickTable other = global.get(StickSettings.TABLES).get(section.name());
        if (other != null) {
            final ProxySection owner = owner(context, section.name());
            throw new ConfigException("stick-table name '" + section.name() + "' conflicts with table declared in "
                    + owner.kind().keyword() + " '" + section.name() + "' at " + other.config().file() + ":"
                    + other.config().line() + ".");
        }
        final TableConfig config = TableParser.parse(line, section.name(), context);
        final Map<String, StickTable> tables = new LinkedHashMap<>(global.get(StickSettings.TABLES));
        tables.put(section.name(), new StickTable(config));
        global.set(StickSettings.TABLES, Collections.unmodifiableMap(tables));
        global.append(ExpressionSettings.TABLES, section.name());
    }

    private static ProxySection owner(final ParseContext context, final String name) {
        return context.configuration().proxies().stream().filter(proxy -> proxy.name().equals(name)).findFirst()
                .orElseThrow();
    }

    private static void stick(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.notInDefaults(section, line);
        if (context.ignoredWithoutBackend(section, line)) {
            return;
        }
        final boolean response = "store-response".equals(line.word(1));
        final boolean match = "match".equals(line.word(1)) || "on".equals(line.word(1));
        final boolean store = "on".equals(line.word(1)) || line.word(1).startsWith("store");
        if (!match && !response && !"store".equals(line.word(1)) && !"store-request".equals(line.word(1))) {
            throw new ConfigException("'stick' expects 'on', 'match', or 'store'.");
        }
        if (line.word(2).isEmpty()) {
            throw new ConfigException("'stick' expects a fetch method.");
        }
        final ParsePlace place = new ParsePlace(line, section, context, Use.STICK);
        final Expression key = key(line, place, response);
        final WordCursor words = new WordCursor(line, key.end());
        final String table = words.takeIf("table") ? words.next() : section.name();
        final int points = (response ? Point.BACKEND_STICK_STORE : Point.BACKEND_USE_SERVER).bit();
        final Condition condition = condition(words, place);
        if (condition != null) {
            condition.warnIfConflicting(points, place);
        }
        final StickRule rule = new StickRule(key, condition, match, store);
        section.append(response ? StickSettings.RESPONSE_RULES : StickSettings.REQUEST_RULES, rule);
        context.afterParsing(_ -> resolve(rule, table, section, context));
    }

    private static Expression key(final Line line, final ParsePlace place, final boolean response)
            throws ConfigException {
        final Expression key;
        try {
            key = Expression.parse(line.words(), 2, place);
        } catch (final ConfigException e) {
            throw new ConfigException("'stick': " + e.getMessage(), e);
        }
        final Point point = response ? Point.BACKEND_STICK_STORE : Point.BACKEND_USE_SERVER;
        if ((key.points() & point.bit()) == 0) {
            throw new ConfigException("'stick': fetch method '" + key.name() + "' extracts information from '"
                    + key.originNames() + "', none of which is available "
                    + (response ? "for 'store-response'." : "during request."));
        }
        return key;
    }

    private static Condition condition(final WordCursor words, final ParsePlace place) throws ConfigException {
        final String next = words.peek();
        if (next.isEmpty()) {
            return null;
        }
        if (!"if".equals(next) && !"unless".equals(next)) {
            throw new ConfigException("'stick': unknown keyword '" + next + "'.");
        }
        try {
            return Condition.parse(place.line().words(), words.position(), place);
        } catch (final ConfigException e) {
            throw new ConfigException("'stick': error detected while parsing sticking condition : " + e.getMessage()
                    + ".", e);
        }
    }

    private static void resolve(final StickRule rule, final String name, final ProxySection section,
            final ParseContext context) throws ConfigException {
        final StickTable table = StickSettings.table(context.configuration(), name);
        final String proxy = "Proxy '" + section.name() + "': ";
        if (table == null) {
            throw new ConfigException(proxy + "unable to find stick-table '" + name + "'.");
        }
        if (!Casts.possible(rule.key.type(), table.config().keyType().type())) {
            throw new ConfigException(proxy + "type of fetch not usable with type of stick-table '" + name + "'.");
        }
        rule.table = table.storingServers();
    }
}
