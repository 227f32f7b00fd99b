package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.proxy.CookieSettings;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code cookie} and its key. */
final class CookieKeywords {

    private static final Set<String> FLAGS = Set.of("rewrite", "indirect", "insert", "nocache", "postonly", "preserve",
            "prefix", "httponly", "secure", "dynamic");

    private CookieKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.proxy("cookie", CookieKeywords::cookie).proxy("dynamic-cookie-key", CookieKeywords::key);
        builder.proxy("appsession", (line, section, context) -> {
            throw new ConfigException("'appsession' is not supported anymore since HAProxy 1.6.");
        });
    }

    private static void key(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutBackend(section, line);
        if (line.size() < 2) {
            throw new ConfigException("'dynamic-cookie-key' expects <secret_key> as argument.");
        }
        section.set(TrafficSettings.DYNAMIC_COOKIE_KEY, line.word(1));
    }

    private static void cookie(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutBackend(section, line);
        if (line.size() < 2) {
            throw new ConfigException("'cookie' expects <cookie_name> as argument.");
        }
        final Set<String> flags = new HashSet<>();
        final List<String> domains = new ArrayList<>();
        final List<String> attributes = new ArrayList<>();
        long maxIdleS = 0;
        long maxLifeS = 0;
        final WordCursor words = new WordCursor(line, 2);
        while (words.hasNext()) {
            final String word = words.next();
            if (FLAGS.contains(word)) {
                flags.add(word);
                continue;
            }
            switch (word) {
                case "domain" -> domains.add(domain(words, context));
                case "maxidle" -> maxIdleS = seconds(words, "<idletime>");
                case "maxlife" -> maxLifeS = seconds(words, "<lifetime>");
                case "attr" -> attributes.add(attribute(words));
                default -> throw new ConfigException("'cookie' supports 'rewrite', 'insert', 'prefix', 'indirect', "
                        + "'nocache', 'postonly', 'domain', 'maxidle', 'dynamic', 'maxlife' and 'attr' options.");
            }
        }
        check(flags, context);
        section.set(TrafficSettings.COOKIE, new CookieSettings(line.word(1), mode(flags), flags.contains("indirect"),
                flags.contains("nocache"), flags.contains("postonly"), flags.contains("preserve"),
                flags.contains("httponly"), flags.contains("secure"), List.copyOf(domains), maxIdleS, maxLifeS,
                flags.contains("dynamic"), List.copyOf(attributes)));
    }

    private static CookieSettings.Mode mode(final Set<String> flags) {
        if (flags.contains("rewrite")) {
            return CookieSettings.Mode.REWRITE;
        }
        if (flags.contains("prefix")) {
            return CookieSettings.Mode.PREFIX;
        }
        return flags.contains("insert") ? CookieSettings.Mode.INSERT : CookieSettings.Mode.PASSIVE;
    }

    private static void check(final Set<String> flags, final ParseContext context) {
        if (flags.contains("rewrite") && flags.contains("indirect")) {
            context.alert("cookie 'rewrite' and 'indirect' modes are incompatible.");
        }
        if (flags.stream().filter(Set.of("rewrite", "insert", "prefix")::contains).count() > 1) {
            context.alert("cookie 'rewrite', 'insert' and 'prefix' modes are incompatible.");
        }
        if (flags.contains("preserve") && !flags.contains("insert") && !flags.contains("indirect")) {
            context.alert("cookie 'preserve' requires at least 'insert' or 'indirect'.");
        }
    }

    private static String domain(final WordCursor words, final ParseContext context) throws ConfigException {
        if (words.peek().isEmpty()) {
            throw ConfigException.tight("'domain' expects <domain> as argument.");
        }
        final String domain = words.next();
        if (domain.indexOf('.') < 0) {
            context.tightWarning("domain '" + domain + "' contains no embedded dot, this configuration may not work "
                    + "properly (see RFC6265#5.2.3).");
        }
        final int invalid = Names.invalidInDomain(domain);
        if (invalid >= 0) {
            throw ConfigException.tight("character '" + domain.charAt(invalid)
                    + "' is not permitted in domain name '" + domain + "'.");
        }
        return domain;
    }

    private static long seconds(final WordCursor words, final String what) throws ConfigException {
        final String keyword = words.current();
        if (words.peek().isEmpty()) {
            throw ConfigException.tight("'" + keyword + "' expects " + what + " in seconds as argument.");
        }
        final String text = words.next();
        final Units.Parsed parsed = Units.time(text, Units.TimeUnit.S);
        return switch (parsed.verdict()) {
            case OK -> parsed.value();
            case OVERFLOW -> throw ConfigException.tight("timer overflow in argument <" + text + "> to <" + keyword
                    + ">, maximum value is 2147483647 s (~68 years).");
            case UNDERFLOW -> throw ConfigException.tight("timer underflow in argument <" + text + "> to <" + keyword
                    + ">, minimum non-null value is 1 s.");
            case UNEXPECTED -> throw ConfigException.tight("unexpected character '" + parsed.unexpected()
                    + "' in argument to <" + keyword + ">.");
        };
    }

    private static String attribute(final WordCursor words) throws ConfigException {
        if (words.peek().isEmpty()) {
            throw ConfigException.tight("'attr' expects <value> as argument.");
        }
        final String value = words.next();
        for (int i = 0; i < value.length(); i++) {
            final char c = value.charAt(i);
            if (c < ' ' || c == 0x7f || c == ';') {
                throw ConfigException.tight("character '%x" + String.format("%02X", (int) c)
                        + "' is not permitted in attribute value.");
            }
        }
        return value;
    }
}
