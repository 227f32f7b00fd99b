package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Keywords;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.SectionKind;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.config.Units;
import io.netchannel.samples.haproxy.expression.Condition;

/** Reads {@code tcp-request} and {@code tcp-response}. */
final class TcpRuleKeywords {

    private TcpRuleKeywords() {
    }

    static void register(final Keywords.Builder keywords) {
        keywords.proxy("tcp-request", TcpRuleKeywords::request);
        keywords.proxy("tcp-response", TcpRuleKeywords::response);
    }

    private static void request(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (line.word(1).isEmpty()) {
            throw new ConfigException("missing argument for '" + line.word(0) + "' in "
                    + (section.kind() == SectionKind.DEFAULTS ? "defaults section" : section.toString()));
        }
        final String layer = line.word(1);
        if (RuleKeywords.isAnonymousDefaults(section)) {
            throw new ConfigException(line.word(0) + " " + layer + " is not allowed in anonymous 'defaults' sections");
        }
        switch (layer) {
            case "inspect-delay" -> inspectDelay(line, section, context, RuleSettings.REQUEST_INSPECT_MS);
            case "content" -> rule(line, section, context, RuleKind.TCP_CONTENT);
            case "connection", "session" -> {
                if (!section.hasFrontend()) {
                    throw new ConfigException(line.word(0) + " " + layer + " is not allowed because " + section
                            + " is not a frontend");
                }
                rule(line, section, context,
                        "session".equals(layer) ? RuleKind.TCP_SESSION : RuleKind.TCP_CONNECTION);
            }
            default -> throw new ConfigException("'" + line.word(0)
                    + "' expects 'inspect-delay', 'connection', or 'content' in " + section + " (got '" + layer + "')");
        }
    }

    private static void response(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        final String layer = line.word(1);
        if (layer.isEmpty()) {
            throw new ConfigException("missing argument for '" + line.word(0) + "' in " + section);
        }
        if (!"inspect-delay".equals(layer) && !"content".equals(layer)) {
            throw new ConfigException("'" + line.word(0) + "' expects 'inspect-delay' or 'content' in " + section
                    + " (got '" + layer + "')");
        }
        if (RuleKeywords.isAnonymousDefaults(section) || !section.hasBackend()) {
            throw new ConfigException(line.word(0) + " " + layer
                    + " is only allowed in 'backend' sections or 'defaults' section with a name");
        }
        if ("content".equals(layer)) {
            rule(line, section, context, RuleKind.TCP_RESPONSE);
        } else {
            inspectDelay(line, section, context, RuleSettings.RESPONSE_INSPECT_MS);
        }
    }

    private static void inspectDelay(final Line line, final ProxySection section, final ParseContext context,
            final Setting<Long> setting) throws ConfigException {
        final String text = line.word(2);
        final Units.Parsed delay = Units.time(text, Units.TimeUnit.MS);
        final String detail = switch (delay.verdict()) {
            case OK -> "";
            case OVERFLOW -> " (timer overflow in '" + text + "', maximum value is 2147483647 ms or ~24.8 days)";
            case UNDERFLOW -> " (timer underflow in '" + text + "', minimum non-null value is 1 ms)";
            case UNEXPECTED -> text.isEmpty() ? "" : " (unexpected character '" + delay.unexpected() + "')";
        };
        if (!delay.isOk()) {
            throw new ConfigException(
                    "'" + line.word(0) + " inspect-delay' expects a positive delay in milliseconds, in "
                            + section + detail);
        }
        if (section.get(setting) != 0 && section.defaults() == null) {
            context.warning("ignoring " + line.word(0) + " inspect-delay (was already defined) in " + section);
            return;
        }
        section.set(setting, delay.value());
    }

    private static void rule(final Line line, final ProxySection section, final ParseContext context,
            final RuleKind kind) throws ConfigException {
        final String action = line.word(2);
        final ActionParser parser = ActionTable.ALL.find(kind, action);
        if (parser == null) {
            throw new ConfigException("'" + line.word(0) + " " + line.word(1) + "' expects "
                    + ActionTable.ALL.list(kind) + " in " + section + " (got '" + action + "')."
                    + ActionTable.ALL.suggestion(kind, action));
        }
        final RuleWords words = new RuleWords(line, 2, section, context, kind);
        final Action parsed = parse(parser, words);
        final Condition condition = condition(words);
        warnOfOrder(section, context, kind);
        final Setting<RuleSet> setting = RuleSettings.of(kind);
        final boolean waits = kind == RuleKind.TCP_CONTENT || kind == RuleKind.TCP_RESPONSE;
        section.set(setting, section.get(setting).with(new RuleSet.Rule(condition, parsed, waits, line)));
    }

    private static Action parse(final ActionParser parser, final RuleWords words) throws ConfigException {
        try {
            return parser.parse(words);
        } catch (final ConfigException e) {
            // Of these two, messages name the rule; those of other actions stand alone, as haproxy has them.
            if (words.action().startsWith("track-sc")) {
                throw new ConfigException("'" + words.kind().text() + " " + words.action() + "' : " + e.getMessage(),
                        e);
            }
            throw e;
        }
    }

    private static Condition condition(final RuleWords words) throws ConfigException {
        if (words.peek().isEmpty()) {
            return null;
        }
        final String rule = "'" + words.kind().text() + " " + words.action() + "'";
        if (!words.endsAt(0)) {
            throw new ConfigException(rule + " only accepts 'if' or 'unless', in " + words.section() + " (got '"
                    + words.peek() + "')");
        }
        final String word = words.peek();
        final Condition condition;
        try {
            condition = Condition.parse(words.line().words(), words.position(), words.place());
        } catch (final ConfigException e) {
            throw new ConfigException(rule + " : error detected in " + words.section() + " while parsing '" + word
                    + "' condition : " + e.getMessage(), e);
        }
        RuleKeywords.check(condition, words);
        return condition;
    }

    /** The order of lines is not the order of processing: the first later kind that is there is named. */
    private static void warnOfOrder(final ProxySection section, final ParseContext context, final RuleKind kind) {
        final String later;
        if (kind == RuleKind.TCP_CONNECTION && !section.get(RuleSettings.TCP_SESSION).isEmpty()) {
            later = "'tcp-request session'";
        } else if ((kind == RuleKind.TCP_CONNECTION || kind == RuleKind.TCP_SESSION)
                && !section.get(RuleSettings.TCP_CONTENT).isEmpty()) {
            later = "'tcp-request content'";
        } else if (kind != RuleKind.TCP_RESPONSE && !section.get(RuleSettings.HTTP_REQUEST).isEmpty()) {
            later = "'http-request'";
        } else if (kind != RuleKind.TCP_RESPONSE && !section.get(RuleSettings.REDIRECT).isEmpty()) {
            later = "'redirect'";
        } else {
            return;
        }
        context.warning("a 'tcp-request' rule placed after a" + (later.startsWith("'http") ? "n " : " ") + later
                + " rule will still be processed before.");
    }
}
