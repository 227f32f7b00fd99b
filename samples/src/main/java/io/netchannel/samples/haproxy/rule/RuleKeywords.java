package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Keywords;
import io.netchannel.samples.haproxy.config.Line;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.SectionKind;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.expression.Condition;

/** Reads {@code http-request} and its like, and {@code redirect}. */
public final class RuleKeywords {

    private RuleKeywords() {
    }

    public static void register(final Keywords.Builder keywords) {
        keywords.proxy("http-request", (line, section, context) -> http(line, section, context,
                RuleKind.HTTP_REQUEST));
        keywords.proxy("http-response", (line, section, context) -> http(line, section, context,
                RuleKind.HTTP_RESPONSE));
        keywords.proxy("http-after-response", (line, section, context) -> http(line, section, context,
                RuleKind.HTTP_AFTER_RESPONSE));
        keywords.proxy("redirect", RuleKeywords::redirect);
        TcpRuleKeywords.register(keywords);
        ErrorKeywords.register(keywords);
        CaptureKeywords.register(keywords);
    }

    private static void http(final Line line, final ProxySection section, final ParseContext context,
            final RuleKind kind) throws ConfigException {
        final String keyword = line.word(0);
        if (isAnonymousDefaults(section)) {
            throw new ConfigException("'" + keyword + "' not allowed in anonymous 'defaults' section.");
        }
        final Setting<RuleSet> setting = RuleSettings.of(kind);
        if (section.get(setting).endsFinally()) {
            context.tightWarning("previous '" + keyword
                    + "' action is final and has no condition attached, further entries are NOOP.");
        }
        final String action = line.word(1);
        final ActionParser parser = ActionTable.ALL.find(kind, action);
        if (parser == null) {
            context.tightAlert("'" + keyword + "' expects " + ActionTable.ALL.list(kind) + ", but got '" + action + "'"
                    + (action.isEmpty() ? " (missing argument)" : "") + "." + ActionTable.ALL.suggestion(kind, action));
            return;
        }
        final RuleWords words = new RuleWords(line, 1, section, context, kind);
        final Action parsed = parse(parser, words);
        section.set(setting, section.get(setting).with(new RuleSet.Rule(condition(words), parsed, false, line)));
        if (kind == RuleKind.HTTP_REQUEST && !section.get(RuleSettings.REDIRECT).isEmpty()) {
            context.warning("a '" + keyword + "' rule placed after a 'redirect' rule will still be processed before.");
        }
    }

    static boolean isAnonymousDefaults(final ProxySection section) {
        return section.kind() == SectionKind.DEFAULTS && section.name().isEmpty();
    }

    private static Action parse(final ActionParser parser, final RuleWords words) throws ConfigException {
        try {
            return parser.parse(words);
        } catch (final ConfigException e) {
            throw new ConfigException("error detected in " + words.section() + " while parsing '" + words.kind().text()
                    + " " + words.action() + "' rule : " + e.getMessage() + ".", e);
        }
    }

    private static Condition condition(final RuleWords words) throws ConfigException {
        final String next = words.peek();
        if (next.isEmpty()) {
            return null;
        }
        final String rule = "'" + words.kind().text() + " " + words.action() + "'";
        if (!words.endsAt(0)) {
            words.context().tightAlert(rule + " expects either 'if' or 'unless' followed by a condition but found '"
                    + next + "'.");
            return null;
        }
        final Condition condition;
        try {
            condition = Condition.parse(words.line().words(), words.position(), words.place());
        } catch (final ConfigException e) {
            throw new ConfigException(
                    "error detected while parsing an " + rule + " condition : " + e.getMessage() + ".",
                    e);
        }
        check(condition, words);
        return condition;
    }

    /** Warnings that don't keep the rule from being used. */
    static void check(final Condition condition, final RuleWords words) {
        condition.warnIfConflicting(words.kind().points(words.section()), words.place());
        words.context().afterParsing(_ -> condition.warnIfRawInHttp(words.place()));
    }

    private static void redirect(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        ParseContext.notInDefaults(section, line);
        final RuleWords words = new RuleWords(line, 0, section, context, RuleKind.HTTP_REQUEST);
        try {
            final Redirect redirect = RedirectParser.parse(words, false);
            Condition condition = null;
            if (!words.peek().isEmpty()) {
                condition = redirectCondition(words);
                check(condition, words);
            }
            section.set(RuleSettings.REDIRECT,
                    section.get(RuleSettings.REDIRECT).with(new RuleSet.Rule(condition, redirect, false, line)));
        } catch (final ConfigException e) {
            throw new ConfigException(
                    "error detected in " + section + " while parsing redirect rule : " + e.getMessage()
                            + ".",
                    e);
        }
    }

    private static Condition redirectCondition(final RuleWords words) throws ConfigException {
        try {
            return Condition.parse(words.line().words(), words.position(), words.place());
        } catch (final ConfigException e) {
            throw new ConfigException("error in condition: " + e.getMessage(), e);
        }
    }
}
