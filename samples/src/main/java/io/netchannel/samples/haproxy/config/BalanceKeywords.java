package io.netchannel.samples.haproxy.config;

import io.netchannel.samples.haproxy.balance.Algorithm;
import io.netchannel.samples.haproxy.balance.Algorithm.Kind;
import io.netchannel.samples.haproxy.balance.BalanceSettings;
import io.netchannel.samples.haproxy.balance.HashType;
import io.netchannel.samples.haproxy.balance.HashFunction;
import io.netchannel.samples.haproxy.expression.Expression;
import io.netchannel.samples.haproxy.expression.ParsePlace;
import io.netchannel.samples.haproxy.expression.Point;
import io.netchannel.samples.haproxy.expression.Use;
import io.netchannel.samples.haproxy.proxy.TrafficSettings;

/** {@code balance} and what belongs to it. */
final class BalanceKeywords {

    private static final int DEFAULT_DRAWS = 2;

    private BalanceKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.proxy("balance", BalanceKeywords::balance).proxy("hash-type", BalanceKeywords::hashType)
                .proxy("hash-balance-factor", BalanceKeywords::factor);
    }

    private static void balance(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutBackend(section, line);
        try {
            final Algorithm algorithm = parse(line);
            section.set(BalanceSettings.ALGORITHM, algorithm);
            if (algorithm.kind() == Kind.EXPRESSION) {
                context.afterParsing(_ -> compile(line, section, context));
            }
        } catch (final ConfigException e) {
            throw new ConfigException("balance " + e.getMessage(), e);
        }
    }

    private static void compile(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        for (final ProxySection proxy : context.configuration().proxies()) {
            if (proxy != section && proxy.defaults() != section || !proxy.hasBackend()
                    || proxy.get(BalanceSettings.ALGORITHM).kind() != Kind.EXPRESSION) {
                continue;
            }
            final String place = proxy + " [" + proxy.file() + ":" + proxy.line() + "]: ";
            final Expression expression;
            try {
                expression = Expression.parse(line.word(2), new ParsePlace(line, proxy, context, Use.USE_SERVER));
            } catch (final ConfigException e) {
                throw new ConfigException(place + "failed to parse 'balance hash' expression '" + line.word(2)
                        + "' in : " + e.getMessage(), e);
            }
            if ((expression.points() & Point.BACKEND_USE_SERVER.bit()) == 0) {
                throw new ConfigException(place + "error detected while parsing 'balance hash' expression '"
                        + line.word(2) + "' which requires information from " + expression.originNames()
                        + ", which is not available here.");
            }
            proxy.set(TrafficSettings.BALANCE_EXPRESSION, expression::evaluate);
        }
    }

    private static Algorithm parse(final Line line) throws ConfigException {
        final String name = line.word(1);
        return switch (name) {
            case "", "roundrobin" -> Algorithm.of(Kind.ROUND_ROBIN);
            case "static-rr" -> Algorithm.of(Kind.STATIC_ROUND_ROBIN);
            case "first" -> Algorithm.of(Kind.FIRST);
            case "leastconn" -> Algorithm.of(Kind.LEAST_CONNECTIONS);
            case "source" -> Algorithm.of(Kind.SOURCE);
            case "uri" -> uri(line);
            case "url_param" -> parameter(line);
            case "hash" -> hash(line);
            default -> {
                if (name.startsWith("random")) {
                    yield random(name);
                }
                if (name.startsWith("hdr(")) {
                    yield header(line);
                }
                if (name.startsWith("rdp-cookie")) {
                    yield rdpCookie(name.substring("rdp-cookie".length()));
                }
                throw new ConfigException("only supports 'roundrobin', 'static-rr', 'leastconn', 'source', 'uri', "
                        + "'url_param', 'hdr(name)' and 'rdp-cookie(name)' options.");
            }
        };
    }

    private static Algorithm random(final String name) throws ConfigException {
        int draws = DEFAULT_DRAWS;
        final int open = "random".length();
        if (name.startsWith("(", open) && !name.startsWith(")", open + 1)) {
            int end = open + 1;
            while (end < name.length() && (name.charAt(end) >= '0' && name.charAt(end) <= '9'
                    || end == open + 1 && name.charAt(end) == '-')) {
                end++;
            }
            if (end == name.length()) {
                throw new ConfigException("random : missing closing parenthesis.");
            }
            if (name.charAt(end) != ')') {
                throw new ConfigException("random : unexpected character '" + name.charAt(end) + "' after argument.");
            }
            draws = (int) Units.leadingInteger(name.substring(open + 1, end));
            if (draws < 1) {
                throw new ConfigException("random : number of draws must be at least 1.");
            }
        }
        return new Algorithm(Kind.RANDOM, "", draws, 0, 0, false, false, false, false);
    }

    private static Algorithm uri(final Line line) throws ConfigException {
        int length = 0;
        int depth = 0;
        boolean whole = false;
        boolean pathOnly = false;
        final WordCursor words = new WordCursor(line, 2);
        while (words.hasNext()) {
            final String word = words.next();
            switch (word) {
                case "len" -> length = positive(words);
                case "depth" -> depth = positive(words);
                case "whole" -> whole = true;
                case "path-only" -> pathOnly = true;
                default -> throw new ConfigException("uri only accepts parameters 'len', 'depth', 'path-only', and "
                        + "'whole' (got '" + word + "').");
            }
        }
        return new Algorithm(Kind.URI, "", 0, length, depth, whole, pathOnly, false, false);
    }

    private static int positive(final WordCursor words) throws ConfigException {
        final String keyword = words.current();
        final String text = words.next();
        final int number = (int) Units.leadingInteger(text);
        if (number <= 0) {
            throw new ConfigException("uri : '" + keyword + "' expects a positive integer (got '" + text + "').");
        }
        return number;
    }

    private static Algorithm parameter(final Line line) throws ConfigException {
        if (line.size() < 3) {
            throw new ConfigException("url_param requires an URL parameter name.");
        }
        if (line.size() > 3 && !"check_post".equals(line.word(3))) {
            throw new ConfigException("url_param only accepts 'check_post' modifier (got '" + line.word(3) + "').");
        }
        return new Algorithm(Kind.URL_PARAMETER, line.word(2), 0, 0, 0, false, false, false, line.size() > 3);
    }

    private static Algorithm hash(final Line line) throws ConfigException {
        if (line.size() < 3) {
            throw new ConfigException("hash requires a sample expression.");
        }
        if (line.size() > 3) {
            throw new ConfigException("hash takes no other argument (got '" + line.word(3) + "').");
        }
        return Algorithm.of(Kind.EXPRESSION, line.word(2));
    }

    private static Algorithm header(final Line line) throws ConfigException {
        final String name = line.word(1);
        final int from = "hdr(".length();
        final int end = name.indexOf(')', from);
        if (end <= from) {
            throw new ConfigException("hdr requires an http header field name.");
        }
        if (line.size() > 2 && !"use_domain_only".equals(line.word(2))) {
            throw new ConfigException(name + " only accepts 'use_domain_only' modifier (got '" + line.word(2) + "').");
        }
        return new Algorithm(Kind.FIELD, name.substring(from, end), 0, 0, 0, false, false, line.size() > 2, false);
    }

    private static Algorithm rdpCookie(final String argument) throws ConfigException {
        if (argument.isEmpty()) {
            return Algorithm.of(Kind.RDP_COOKIE, "mstshash");
        }
        final int end = argument.indexOf(')');
        if (!argument.startsWith("(") || end <= 1) {
            throw new ConfigException("rdp-cookie : missing cookie name.");
        }
        return Algorithm.of(Kind.RDP_COOKIE, argument.substring(1, end));
    }

    private static void hashType(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        context.ignoredWithoutBackend(section, line);
        final boolean consistent = "consistent".equals(line.word(1));
        if ("avalanche".equals(line.word(1))) {
            throw new ConfigException("experimental feature 'hash-type avalanche' is not supported anymore, please use "
                    + "'hash-type map-based sdbm avalanche' instead.");
        }
        if (!consistent && !"map-based".equals(line.word(1))) {
            throw new ConfigException("'hash-type' only supports 'consistent' and 'map-based'.");
        }
        final HashFunction function = switch (line.word(2)) {
            case "", "sdbm" -> HashFunction.SDBM;
            case "djb2" -> HashFunction.DJB2;
            case "wt6" -> HashFunction.WT6;
            case "crc32" -> HashFunction.CRC32;
            default -> throw new ConfigException("'hash-type' only supports 'sdbm', 'djb2', 'crc32', or 'wt6' hash "
                    + "functions.");
        };
        if (line.size() > 3 && !"avalanche".equals(line.word(3))) {
            throw new ConfigException("'hash-type' only supports 'avalanche' as a modifier for hash functions.");
        }
        // The manual, hash-type: consistent without a function has avalanche.
        section.set(BalanceSettings.HASH_TYPE, new HashType(consistent, function, line.size() > 3
                || consistent && line.size() == 2));
    }

    private static void factor(final Line line, final ProxySection section, final ParseContext context)
            throws ConfigException {
        if (line.size() < 2) {
            throw new ConfigException("'hash-balance-factor' expects an integer argument.");
        }
        final int factor = (int) Units.leadingInteger(line.word(1));
        if (factor != 0 && factor <= 100) {
            throw new ConfigException("'hash-balance-factor' must be 0 or greater than 100.");
        }
        section.set(ProxySettings.HASH_BALANCE_FACTOR, factor);
    }
}
