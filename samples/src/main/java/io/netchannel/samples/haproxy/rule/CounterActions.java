package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.ParseContext;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.StickCounters;
import io.netchannel.samples.haproxy.expression.Use;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.stick.StickEntry;
import io.netchannel.samples.haproxy.stick.StickSettings;
import io.netchannel.samples.haproxy.stick.StickTable;
import io.netchannel.samples.haproxy.stick.TrackedCounters;
import java.util.EnumSet;
import java.util.Set;

/** {@code track-sc0…2} and the actions on what they follow. */
final class CounterActions {

    private static final Set<RuleKind> TRACKING = EnumSet.of(RuleKind.TCP_CONNECTION, RuleKind.TCP_SESSION,
            RuleKind.TCP_CONTENT, RuleKind.HTTP_REQUEST, RuleKind.HTTP_RESPONSE);
    private static final int LAST = TrackedCounters.SLOTS - 1;

    private CounterActions() {
    }

    static void register(final ActionTable table) {
        table.addPrefix(TRACKING, "track-sc", CounterActions::track);
        table.addPrefix(ActionTable.BEFORE_AFTER_RESPONSE, "sc-inc-gpc", CounterActions::increment);
        table.addPrefix(ActionTable.BEFORE_AFTER_RESPONSE, "sc-set-gpt", CounterActions::setTag);
    }

    private static Action track(final RuleWords words) throws ConfigException {
        final int slot = slot(words.action().substring("track-sc".length()));
        final Expression key = words.expression(words.kind().isHttp() ? words.kind().use() : Use.TRACK);
        final String name = words.takeIf("table") ? words.next("missing table name") : words.section().name();
        final Track track = new Track(slot, key, words.kind());
        final ProxySection section = words.section();
        final boolean always = words.endsAt(0) && words.peek().isEmpty();
        words.context().afterParsing(context -> track.resolve(name, section, context, always));
        return track;
    }

    private static int slot(final String text) throws ConfigException {
        if (text.isEmpty()) {
            throw new ConfigException("missing argument");
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new ConfigException("invalid character '" + text.replaceFirst("^[0-9]*", "") + "' in 'track-sc" + text
                    + "'");
        }
        final int slot = Integer.parseInt(text);
        if (slot > LAST) {
            throw new ConfigException(slot + " track-sc number exceeding " + LAST + " (MAX_SESS_STKCTR-1) value");
        }
        return slot;
    }

    /** Follows the entry of a key, which it makes if need be. */
    private static final class Track implements Action {

        private final int slot;
        private final Expression key;
        private final RuleKind kind;
        private StickTable table;

        Track(final int slot, final Expression key, final RuleKind kind) {
            this.slot = slot;
            this.key = key;
            this.kind = kind;
        }

        void resolve(final String name, final ProxySection section, final ParseContext context, final boolean always)
                throws ConfigException {
            final String proxy = "Proxy '" + section.name() + "': ";
            // A defaults section names its tables; each proxy that inherits the rule uses the same.
            table = StickSettings.table(context.configuration(), name);
            if (table == null) {
                throw new ConfigException(proxy + "unable to find table '" + name + "' referenced by track-sc" + slot
                        + ".");
            }
            if (!Casts.possible(key.type(), table.config().keyType().type())) {
                throw new ConfigException(
                        proxy + "stick-table '" + name + "' uses a type incompatible with the 'track-sc"
                                + slot + "' rule.");
            }
            warn(section, context, always);
        }

        private void warn(final ProxySection section, final ParseContext context, final boolean always) {
            if (kind != RuleKind.TCP_CONTENT || !section.hasFrontend()) {
                return;
            }
            final boolean atSession = (key.points() & RuleKind.TCP_SESSION.points(section)) != 0;
            if (section.get(RuleSettings.REQUEST_INSPECT_MS) == 0 && !atSession) {
                context.warning(section + " : a 'tcp-request content track-sc*' rule explicitly depending on request"
                        + " contents without any 'tcp-request inspect-delay' setting. This means that this rule will "
                        + "randomly find its contents. This can be fixed by setting the tcp-request inspect-delay.");
            }
            if (section.get(ProxySettings.MODE) == ProxySettings.Mode.HTTP && atSession && always) {
                context.warning(section + " : a 'tcp-request content track-sc*' rule not depending on request"
                        + " contents for an HTTP frontend should be executed at the session level, using a"
                        + " 'tcp-request session' rule (mandatory to track invalid HTTP requests).");
            }
        }

        @Override
        public Verdict apply(final RuleContext context) {
            final TrackedCounters tracking = context.tracking();
            if (tracking.isTracked(slot)) {
                return Verdict.CONTINUE;
            }
            final Value value = key.evaluate(context);
            if (kind == RuleKind.TCP_CONTENT && key.mayChange() && !context.payloadComplete()) {
                return Verdict.WAIT;
            }
            final long now = context.nowMs();
            final StickEntry entry = value == null ? null : table.findOrCreate(value, now);
            if (entry != null) {
                tracking.track(slot, entry, isBackend(context), now);
                if (kind.isHttp()) {
                    countMessage(context, entry, now);
                }
            }
            return Verdict.CONTINUE;
        }

        private static boolean isBackend(final RuleContext context) {
            final String backend = context.facts().backendName();
            return backend != null && !backend.equals(context.facts().frontendName());
        }

        /** The request was counted before anyone followed this entry; of a response, whether it is an error. */
        private void countMessage(final RuleContext context, final StickEntry entry, final long now) {
            entry.count("http_req_cnt", "http_req_rate", 1, now);
            if (kind == RuleKind.HTTP_RESPONSE) {
                final int status = context.response().status();
                if (status >= 400 && status < 500) {
                    entry.count("http_err_cnt", "http_err_rate", 1, now);
                } else if (status >= 500 && status != 501 && status != 505) {
                    entry.count("http_fail_cnt", "http_fail_rate", 1, now);
                }
            }
        }
    }

    /** {@code (index,slot)} of an array's element, or {@code 0(slot)}; the names of the data that stand for it. */
    private record Element(int slot, String total, String rate) {

        static Element parse(final RuleWords words, final String keyword, final String type) throws ConfigException {
            final String action = words.action();
            final String upper = type.toUpperCase(java.util.Locale.ROOT);
            final String usage = keyword + "(<" + upper + " ID>,<Track ID>)";
            final String inside = words.inParentheses(keyword);
            if (inside != null) {
                final int comma = inside.indexOf(',');
                if (comma < 0 || !inside.substring(0, comma).matches("[0-9]{1,3}")) {
                    throw new ConfigException("Missing " + type + " ID '" + action + "'. Expects " + usage);
                }
                final String element = "(" + Integer.parseInt(inside.substring(0, comma)) + ")";
                return new Element(trackId(inside.substring(comma + 1), action, usage), type + element,
                        type + "_rate" + element);
            }
            final String rest = action.substring(keyword.length());
            final boolean numbered = rest.startsWith("0") || "gpc".equals(type) && rest.startsWith("1");
            if (!numbered) {
                throw new ConfigException(
                        "invalid " + type + " ID '" + action + "'. Expects sc-set-" + type + "(<" + upper
                                + " ID>,<Track ID>)");
            }
            final String number = rest.substring(0, 1);
            final String slot = words.inParentheses(keyword + number);
            if (rest.length() > 1 && slot == null) {
                throw new ConfigException("invalid stick table track ID. Expects " + action + "(<Track ID>)");
            }
            return new Element(slot == null ? 0 : trackId(slot, action, keyword + number + "(<Track ID>)"),
                    type + number, type + number + "_rate");
        }

        private static int trackId(final String text, final String action, final String usage) throws ConfigException {
            if (!text.matches("[0-9]{1,3}")) {
                throw new ConfigException("invalid stick table track ID '" + action + "'. Expects " + usage);
            }
            final int slot = Integer.parseInt(text);
            if (slot > LAST) {
                throw new ConfigException(
                        "invalid stick table track ID '" + action + "'. The max allowed ID is " + LAST);
            }
            return slot;
        }
    }

    private static Action increment(final RuleWords words) throws ConfigException {
        final Element element = Element.parse(words, "sc-inc-gpc", "gpc");
        return context -> {
            final StickCounters counters = context.tracking().get(element.slot);
            if (counters != null) {
                counters.add(element.rate, 1, context.nowMs());
                counters.add(element.total, 1, context.nowMs());
            }
            return Verdict.CONTINUE;
        };
    }

    private static Action setTag(final RuleWords words) throws ConfigException {
        final Element element = Element.parse(words, "sc-set-gpt", "gpt");
        final String word = words.peek();
        if (word.matches("-?[0-9]{1,18}")) {
            words.next();
            final long value = Long.parseLong(word);
            return context -> set(context, element, value);
        }
        final Expression expression = words.expression();
        return context -> {
            final Long value = Casts.number(expression.evaluate(context));
            return value == null ? Verdict.CONTINUE : set(context, element, value);
        };
    }

    private static Verdict set(final RuleContext context, final Element element, final long value) {
        final StickCounters counters = context.tracking().get(element.slot);
        if (counters != null) {
            counters.set(element.total, value, context.nowMs());
        }
        return Verdict.CONTINUE;
    }
}
