package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.pattern.MatchMethod;
import io.netchannel.samples.haproxy.expression.pattern.PatternReference;
import io.netchannel.samples.haproxy.expression.pattern.PatternReferences;
import io.netchannel.samples.haproxy.expression.pattern.PatternSet;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code FETCH [FLAG…] [PATTERN…]}. */
final class AclParser {

    private static final int VERSION_PART_LIMIT = 65_536;

    private final List<String> words;
    private final ParsePlace place;
    private final PatternReferences references;
    private final List<PatternSet> sets = new ArrayList<>(1);
    private Expression expression;
    private String keyword;
    private MatchMethod method;
    private boolean ignoreCase;
    private boolean resolveNames = true;
    private boolean asMap;
    private int id = -1;
    private int at = 1;
    private String operator = "eq";

    AclParser(final List<String> words, final ParsePlace place) {
        this.words = words;
        this.place = place;
        this.references = place.context() == null
                ? new PatternReferences()
                : PatternReferences.of(place.context().configuration());
    }

    private String word(final int index) {
        return index < words.size() ? words.get(index) : "";
    }

    Acl.Test parse() throws ConfigException {
        expression();
        if (method != null && expression.type() != Type.BOOL && word(1).isEmpty()) {
            place.bareWarning("parsing acl keyword '" + word(0) + "' :\n"
                    + "  no pattern to match against were provided, so this ACL will never match.\n"
                    + "  If this is what you intended, please add '--' to get rid of this warning.\n"
                    + "  If you intended to match only for existence, please use '-m found'.\n"
                    + "  If you wanted to force an int to match as a bool, please use '-m bool'.\n");
        }
        flags();
        if (method == null) {
            throw methodMissing();
        }
        final PatternReference reference = references.create(id, "acl '" + keyword + "' file '" + place.line().file()
                + "' line " + place.line().number());
        sets.add(reference.comparedBy(method, ignoreCase, resolveNames, null));
        for (; at < words.size() && !word(at).isEmpty(); at++) {
            if (method == MatchMethod.INT || method == MatchMethod.VERSION || method == MatchMethod.LEN) {
                number(reference, word(at));
            } else {
                reference.add(word(at), null);
            }
        }
        return new Acl.Test(expression, keyword, method, List.copyOf(sets));
    }

    private void expression() throws ConfigException {
        final String name = ExpressionParser.name(word(0), 0);
        final AclKeyword known = AclKeyword.find(name);
        if (known == null) {
            try {
                expression = Expression.parse(words.isEmpty() ? "" : words.getFirst(), place);
            } catch (ConfigException e) {
                throw new ConfigException(e.getMessage() + " in ACL expression '" + word(0) + "'", e);
            }
            keyword = expression.name();
            method = MatchMethod.of(expression.type());
            return;
        }
        try {
            expression = Expression.parse(known.fetch() + word(0).substring(name.length()), place);
        } catch (ConfigException e) {
            throw new ConfigException(renamed(e.getMessage(), name, known.fetch()), e);
        }
        // A converter makes it another sample, which is compared by its own type.
        final boolean converted = expression.isConverted();
        keyword = converted ? expression.name() : known.name();
        method = converted ? MatchMethod.of(expression.type()) : known.method();
    }

    /** The message about the fetch, as one about the keyword that stands for it. */
    private static String renamed(final String message, final String name, final String fetch) {
        final String method = "fetch method '" + fetch + "' : ";
        if (message.startsWith("invalid args in " + method)) {
            return "in argument to '" + name + "', " + message.substring(("invalid args in " + method).length());
        }
        if (message.startsWith(method)) {
            return "ACL keyword '" + name + "' : " + message.substring(method.length());
        }
        return "ACL keyword '" + name + "' : " + message.replace("fetch keyword '" + fetch + "'", "fetch keyword")
                + ".";
    }

    private ConfigException methodMissing() {
        return new ConfigException(
                "matching method must be specified first (using '-m') when using a sample fetch of this type ('"
                        + keyword
                        + "')");
    }

    private void flags() throws ConfigException {
        boolean loaded = false;
        for (; word(at).startsWith("-"); at++) {
            switch (word(at)) {
                case "-i" -> ignoreCase = true;
                case "-n" -> resolveNames = false;
                case "-M" -> asMap = true;
                case "-u" -> id(word(++at));
                case "-f" -> {
                    if (method == null) {
                        throw methodMissing();
                    }
                    sets.add(references.load(word(++at), asMap, asMap,
                            "file '" + place.line().file() + "' line " + place.line().number(), method, ignoreCase,
                            resolveNames, null));
                    loaded = true;
                }
                case "-m" -> {
                    if (loaded) {
                        throw new ConfigException(
                                "'-m' must only be specified before patterns and files in parsing ACL expression");
                    }
                    method(word(++at));
                }
                case "--" -> {
                    at++;
                    return;
                }
                default -> throw new ConfigException("'" + word(at)
                        + "' is not a valid ACL option. Please use '--' before any pattern beginning with a '-'");
            }
        }
    }

    private void id(final String text) throws ConfigException {
        final Long number = Numbers.strict(text);
        if (number == null || number != number.intValue()) {
            throw new ConfigException("the argument of -u must be an integer");
        }
        if (number >= 0 && references.hasId(number.intValue())) {
            throw new ConfigException("the id is already used");
        }
        id = number.intValue();
    }

    private void method(final String name) throws ConfigException {
        final MatchMethod named = MatchMethod.named(name);
        if (named == null) {
            throw new ConfigException("unknown matching method '" + name + "' when parsing ACL expression");
        }
        if (named != MatchMethod.FOUND && !Casts.possible(expression.type(), named.expected())) {
            throw new ConfigException(
                    "matching method '" + name + "' cannot be used with fetch keyword '" + keyword + "'");
        }
        method = named;
    }

    /** Numbers may have an operator before them, which holds for all behind it. */
    private void number(final PatternReference reference, final String text) throws ConfigException {
        switch (text) {
            case "eq", "ne", "gt", "ge", "lt", "le" -> operator = text;
            default -> reference.add(
                    operator.equals("eq") || text.indexOf(':') >= 0 || text.indexOf('-') >= 0 ? text : range(text),
                    null);
        }
    }

    private String range(final String text) throws ConfigException {
        final boolean version = method == MatchMethod.VERSION;
        final int dot = version ? text.indexOf('.') : -1;
        final Long major = Numbers.strict(dot < 0 ? text : text.substring(0, dot));
        final Long minor = dot < 0 ? Long.valueOf(0) : Numbers.strict(text.substring(dot + 1));
        if (major == null || minor == null) {
            throw new ConfigException("'" + text + "' is neither a number nor a supported operator");
        }
        if (version && minor >= VERSION_PART_LIMIT) {
            throw new ConfigException("'" + text + "' contains too large a minor value");
        }
        if (version && major >= VERSION_PART_LIMIT) {
            throw new ConfigException("'" + text + "' contains too large a major value");
        }
        final long value = version ? major << 16 | minor : major;
        return switch (operator) {
            case "gt" -> written(value + 1) + ":";
            case "ge" -> written(value) + ":";
            case "lt" -> ":" + written(value - 1);
            case "le" -> ":" + written(value);
            // haproxy knows the word, but compares for equality.
            default -> text;
        };
    }

    private String written(final long value) {
        return method == MatchMethod.VERSION ? (value >> 16) + "." + (value & 0xffff) : Long.toString(value);
    }
}
