package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.LogFormat;
import io.netchannel.samples.haproxy.expression.pattern.Regex;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.http.ListText;
import io.netchannel.samples.haproxy.http.Targets;
import java.util.Locale;
import java.util.function.Predicate;

/** Actions that change header fields. */
final class HeaderActions {

    /** Name and value are followed by ": " and CRLF. */
    private static final int FIELD_OVERHEAD = 4;

    private HeaderActions() {
    }

    static void register(final ActionTable table) {
        table.add(ActionTable.HTTP, "add-header", words -> set(words, false));
        table.add(ActionTable.HTTP, "set-header", words -> set(words, true));
        table.add(ActionTable.HTTP, "del-header", HeaderActions::delete);
        table.add(ActionTable.HTTP, "replace-header", words -> replace(words, true));
        table.add(ActionTable.HTTP, "replace-value", words -> replace(words, false));
        table.add(ActionTable.HTTP_REQUEST, "early-hint", HeaderActions::earlyHint);
    }

    private static Action set(final RuleWords words, final boolean only) throws ConfigException {
        if (words.peek().isEmpty() || words.peek(1).isEmpty()) {
            throw new ConfigException("expects exactly 2 arguments");
        }
        return new SetHeader(words.next(), words.format(words.next()), only, words.kind().isResponse());
    }

    /** @param only others of that name go */
    private record SetHeader(String name, LogFormat format, boolean only, boolean ofResponse) implements Action {

        @Override
        public Verdict apply(final RuleContext context) {
            final HttpMessage message = Rewriting.message(context, ofResponse);
            final String value = format.format(context);
            if (only) {
                message.removeAll(name);
            }
            if (!Rewriting.fits(context, name.length() + value.length() + FIELD_OVERHEAD)) {
                return Rewriting.failed(context);
            }
            message.add(name, value);
            if (!ofResponse && "host".equalsIgnoreCase(name)) {
                followHost(message, value);
            }
            return Verdict.CONTINUE;
        }
    }

    /** RFC 9112, 3.2.2: the authority of an absolute target stands above Host, so it changes with it. */
    private static void followHost(final HttpMessage request, final String host) {
        final boolean connect = request.isMethod("CONNECT");
        final String authority = Targets.authority(request.uri(), connect);
        if (!authority.isEmpty() && !authority.equalsIgnoreCase(host)) {
            request.uri(Targets.withAuthority(request.uri(), connect, host));
        }
    }

    private static Action delete(final RuleWords words) throws ConfigException {
        final String name = words.next("expects at least 1 argument");
        final boolean ofResponse = words.kind().isResponse();
        if (!words.takeIf("-m")) {
            return context -> {
                Rewriting.message(context, ofResponse).removeAll(name);
                return Verdict.CONTINUE;
            };
        }
        final Predicate<String> matching = matching(name, words.next("-m flag expects exactly 1 argument"));
        return context -> {
            final HttpMessage message = Rewriting.message(context, ofResponse);
            for (int i = message.size() - 1; i >= 0; i--) {
                if (matching.test(message.name(i))) {
                    message.remove(i);
                }
            }
            return Verdict.CONTINUE;
        };
    }

    private static Predicate<String> matching(final String name, final String method) throws ConfigException {
        final String lower = name.toLowerCase(Locale.ROOT);
        return switch (method) {
            case "str" -> name::equalsIgnoreCase;
            case "beg" -> header -> header.toLowerCase(Locale.ROOT).startsWith(lower);
            case "end" -> header -> header.toLowerCase(Locale.ROOT).endsWith(lower);
            case "sub" -> header -> header.toLowerCase(Locale.ROOT).contains(lower);
            case "reg" -> {
                // Names are lower-case to haproxy, and the expression minds the case.
                final Regex regex = Regex.compile(name, false);
                yield header -> regex.matches(header.toLowerCase(Locale.ROOT));
            }
            default -> throw new ConfigException("-m with unsupported matching method '" + method + "'");
        };
    }

    private static Action replace(final RuleWords words, final boolean whole) throws ConfigException {
        if (words.peek().isEmpty() || words.peek(1).isEmpty() || words.peek(2).isEmpty()) {
            throw new ConfigException("expects exactly 3 arguments");
        }
        return new ReplaceHeader(words.next(), Regex.compile(words.next(), false), words.format(words.next()), whole,
                words.kind().isResponse());
    }

    /** @param whole the value as a whole, else each of those that commas separate */
    private record ReplaceHeader(String name, Regex regex, LogFormat format, boolean whole, boolean ofResponse)
            implements
                Action {

        @Override
        public Verdict apply(final RuleContext context) {
            final HttpMessage message = Rewriting.message(context, ofResponse);
            final String template = format.format(context);
            for (int i = message.find(name, 0); i >= 0; i = message.find(name, i + 1)) {
                final String old = message.value(i);
                final String replaced = whole ? replaced(old, template) : eachReplaced(old, template);
                if (replaced == null || !Rewriting.fits(context, replaced.length() - old.length())) {
                    return Rewriting.failed(context);
                }
                if (!replaced.equals(old)) {
                    message.value(i, replaced);
                    if (!ofResponse && "host".equalsIgnoreCase(name)) {
                        followHost(message, replaced);
                    }
                }
            }
            return Verdict.CONTINUE;
        }

        private String replaced(final String value, final String template) {
            return regex.matches(value) ? regex.expand(template) : value;
        }

        private String eachReplaced(final String list, final String template) {
            final StringBuilder result = new StringBuilder(list.length());
            for (int from = 0; from <= list.length();) {
                int end = ListText.elementEnd(list, from, ",");
                final int next = end;
                while (from < end && isBlank(list.charAt(from))) {
                    result.append(list.charAt(from++));
                }
                while (end > from && isBlank(list.charAt(end - 1))) {
                    end--;
                }
                final String value = list.substring(from, end);
                final String replaced = value.isEmpty() ? value : replaced(value, template);
                if (replaced == null) {
                    return null;
                }
                result.append(replaced).append(list, end, next);
                if (next < list.length()) {
                    result.append(',');
                }
                from = next + 1;
            }
            return result.toString();
        }

        private static boolean isBlank(final char c) {
            return c == ' ' || c == '\t';
        }
    }

    private static Action earlyHint(final RuleWords words) throws ConfigException {
        if (words.peek().isEmpty() || words.peek(1).isEmpty()) {
            throw new ConfigException("expects exactly 2 arguments");
        }
        return new EarlyHint(words.next(), words.format(words.next()));
    }

    /** RFC 8297. {@link RuleSet} joins those that follow one another into one response. */
    record EarlyHint(String name, LogFormat format) implements Action {

        private static final int EARLY_HINTS = 103;

        /** @param begun by the early-hint before; null if this is the first */
        HttpMessage addTo(final HttpMessage begun, final RuleContext context) {
            final HttpMessage hints = begun == null ? HttpMessage.response(EARLY_HINTS, "Early Hints", 1) : begun;
            hints.add(name, format.format(context));
            return hints;
        }

        @Override
        public Verdict apply(final RuleContext context) {
            context.sendInformational(addTo(null, context));
            return Verdict.CONTINUE;
        }
    }
}
