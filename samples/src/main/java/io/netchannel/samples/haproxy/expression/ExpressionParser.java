package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.converter.Converters;
import io.netchannel.samples.haproxy.expression.fetch.Fetches;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code fetch(args),converter,converter(args)}, with haproxy's words for what is wrong. */
final class ExpressionParser {

    private final ParsePlace place;
    private final List<Expression.Step> steps = new ArrayList<>(4);
    private Fetch fetch;
    private Fetch.Sampler sampler;
    private Type type;
    private String previous;
    private int at;

    ExpressionParser(final ParsePlace place) {
        this.place = place;
    }

    Expression words(final List<String> words, final int from) throws ConfigException {
        int index = from;
        String text = word(words, index);
        fetch(text, 0);
        while (true) {
            if (at < text.length() && text.charAt(at) != ',') {
                throw new ConfigException(previous == null
                        ? "missing comma after fetch keyword '" + fetch.name() + "'"
                        : "missing comma after converter '" + previous + "'");
            }
            skipCommas(text);
            if (at == text.length()) {
                index++;
                text = word(words, index);
                at = 0;
                if (text.isEmpty()) {
                    break;
                }
            }
            final String name = name(text, at);
            if (Converters.find(name) == null) {
                if (at == 0) {
                    // A word of its own that is no converter belongs to the rule.
                    break;
                }
                throw new ConfigException("unknown converter '" + name + "'");
            }
            converter(name, text);
        }
        return new Expression(fetch, sampler, steps, index);
    }

    private static String word(final List<String> words, final int index) {
        return index < words.size() ? words.get(index) : "";
    }

    Expression prefix(final String text, final int from) throws ConfigException {
        fetch(text, from);
        while (at < text.length() && text.charAt(at) == ',') {
            skipCommas(text);
            if (at == text.length()) {
                break;
            }
            final String name = name(text, at);
            if (Converters.find(name) == null) {
                throw new ConfigException("unknown converter '" + name + "'");
            }
            converter(name, text);
        }
        return new Expression(fetch, sampler, steps, at);
    }

    private void skipCommas(final String text) {
        while (at < text.length() && text.charAt(at) == ',') {
            at++;
        }
    }

    private void fetch(final String text, final int from) throws ConfigException {
        final String name = name(text, from);
        if (name.isEmpty()) {
            throw new ConfigException("missing fetch method");
        }
        fetch = Fetches.find(name);
        if (fetch == null) {
            throw new ConfigException("unknown fetch method '" + name + "'");
        }
        final ArgumentParser arguments = new ArgumentParser(text, from + name.length());
        final Args args;
        try {
            args = arguments.parse(fetch.signature());
        } catch (ConfigException e) {
            throw new ConfigException("fetch method '" + name + "' : " + e.getMessage(), e);
        }
        at = arguments.end();
        try {
            sampler = fetch.binder().bind(args, place);
        } catch (ConfigException e) {
            throw new ConfigException("invalid args in fetch method '" + name + "' : " + e.getMessage(), e);
        }
        Names.check(args, fetch.name(), null, place);
        type = fetch.output();
    }

    private void converter(final String name, final String text) throws ConfigException {
        final Converter converter = Converters.find(name);
        if (!Casts.possible(type, converter.input())) {
            throw new ConfigException("converter '" + name + "' cannot be applied");
        }
        final ArgumentParser arguments = new ArgumentParser(text, at + name.length());
        final Args args;
        try {
            args = arguments.parse(converter.signature());
        } catch (ConfigException e) {
            throw new ConfigException("invalid arg " + (arguments.position() + 1) + " in converter '" + name + "' : "
                    + e.getMessage(), e);
        }
        at = arguments.end();
        try {
            steps.add(new Expression.Step(converter, converter.binder().bind(args, place)));
        } catch (ConfigException e) {
            throw new ConfigException("invalid args in converter '" + name + "' : " + e.getMessage(), e);
        }
        Names.check(args, fetch.name(), name, place);
        type = converter.output();
        previous = name;
    }

    /** Letters, digits and {@code . : _ - +} from there on. */
    static String name(final String text, final int from) {
        int end = from;
        while (end < text.length() && isNameChar(text.charAt(end))) {
            end++;
        }
        return text.substring(from, end);
    }

    private static boolean isNameChar(final char c) {
        return c < 128 && Character.isLetterOrDigit(c) || c == '.' || c == ':' || c == '_' || c == '-' || c == '+';
    }
}
