package io.netchannel.samples.haproxy.expression;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Units;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code (a,"b c",d)} behind the name of a fetch or a converter. */
final class ArgumentParser {

    private final String text;
    private int at;
    private final List<Args.Arg> args = new ArrayList<>(4);

    ArgumentParser(final String text, final int from) {
        this.text = text;
        this.at = from;
    }

    /** The first char behind the arguments. */
    int end() {
        return at;
    }

    /** How many arguments were read so far: where an error is. */
    int position() {
        return args.size();
    }

    Args parse(final Signature signature) throws ConfigException {
        final boolean empty = at >= text.length() || text.charAt(at) != '(';
        if (!empty) {
            at++;
        }
        final int max = signature.types().size();
        if (max > 0 && !(empty && signature.mandatory() == 0)) {
            readAll(signature, empty);
        }
        if (args.size() < signature.mandatory()) {
            throw new ConfigException(
                    "missing arguments (got " + args.size() + "/" + signature.mandatory() + "), type '"
                            + signature.types().get(args.size()).label() + "' expected");
        }
        if (!empty) {
            if (at >= text.length() || text.charAt(at) != ')') {
                throw new ConfigException(
                        at < text.length() ? "expected ')' before '" + text.substring(at) + "'" : "expected ')'");
            }
            at++;
        }
        return args.isEmpty() ? Args.EMPTY : new Args(args);
    }

    private void readAll(final Signature signature, final boolean empty) throws ConfigException {
        final int max = signature.types().size();
        while (args.size() < max) {
            final ArgType type = signature.types().get(args.size());
            final String word = empty ? "" : word(type);
            if (word.isEmpty() && !mayBeEmpty(type)) {
                if (args.size() >= signature.mandatory()) {
                    return;
                }
                throw new ConfigException("expected type '" + type.label() + "' at position " + (args.size() + 1)
                        + ", but got nothing");
            }
            args.add(typed(type, word));
            if (empty || at >= text.length() || text.charAt(at) == ')' || args.size() >= max) {
                return;
            }
            at++;
        }
    }

    private static boolean mayBeEmpty(final ArgType type) {
        return switch (type) {
            case STR, FE, BE, TAB, SRV, USR, REG -> true;
            default -> false;
        };
    }

    private String word(final ArgType type) throws ConfigException {
        final StringBuilder word = new StringBuilder();
        boolean single = false;
        boolean twice = false;
        while (at < text.length()) {
            final char c = text.charAt(at);
            if (c == '"' && !single) {
                twice = !twice;
            } else if (c == '\'' && !twice) {
                single = !single;
            } else if (c == '\\' && !single) {
                if (at + 1 >= text.length()) {
                    throw new ConfigException(
                            "failed to parse '" + c + "' after '" + word + "' as type '" + type.label()
                                    + "' at position " + (args.size() + 1));
                }
                at += escape(word, text.charAt(at + 1));
            } else if (!single && !twice && (c == ',' || c == ')')) {
                break;
            } else {
                word.append(c);
            }
            at++;
        }
        return word.toString();
    }

    /** @return chars used up behind the backslash */
    private static int escape(final StringBuilder word, final char next) {
        switch (next) {
            case '\\', ' ', '"', '\'' -> word.append(next);
            case 'r' -> word.append('\r');
            case 'n' -> word.append('\n');
            case 't' -> word.append('\t');
            default -> {
                word.append('\\');
                return 0;
            }
        }
        return 1;
    }

    private Args.Arg typed(final ArgType type, final String word) throws ConfigException {
        return switch (type) {
            case SINT -> {
                if (!Numbers.isWhole(word)) {
                    throw failed(type, word);
                }
                yield new Args.Arg(type, word, Numbers.leading(word), null, null);
            }
            case IPV4 -> address(type, word, Addresses.v4(word));
            case IPV6 -> address(type, word, Addresses.v6(word));
            case MSK4 -> address(type, word, word.indexOf('.') >= 0 ? Addresses.v4(word) : mask(word, 4));
            case MSK6 -> address(type, word, word.indexOf(':') >= 0 ? Addresses.v6(word) : mask(word, 16));
            case TIME -> units(type, word, Units.time(word, Units.TimeUnit.MS));
            case SIZE -> units(type, word, Units.size(word));
            case PBUF_FNUM -> new Args.Arg(type, word, 0, null, path(type, word));
            default -> new Args.Arg(type, word, 0, null, null);
        };
    }

    private ConfigException failed(final ArgType type, final String word) {
        return new ConfigException(
                "failed to parse '" + word + "' as type '" + type.label() + "' at position " + (args.size() + 1));
    }

    private Args.Arg address(final ArgType type, final String word, final InetAddress address) throws ConfigException {
        if (address == null) {
            throw failed(type, word);
        }
        return new Args.Arg(type, word, 0, address, null);
    }

    private Args.Arg units(final ArgType type, final String word, final Units.Parsed parsed) throws ConfigException {
        if (!parsed.isOk()) {
            throw failed(type, word);
        }
        return new Args.Arg(type, word, parsed.value(), null, null);
    }

    private static InetAddress mask(final String word, final int bytes) {
        final Long bits = Numbers.strict(word);
        return bits == null || bits < 0 || bits > bytes * 8
                ? null
                : Addresses.of(Addresses.mask(bits.intValue(), bytes));
    }

    private int[] path(final ArgType type, final String word) throws ConfigException {
        final String[] parts = word.split("\\.", -1);
        final int[] path = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            final Long number = Numbers.strict(parts[i]);
            if (number == null || number < 0 || number > 0xffffffffL) {
                throw failed(type, word);
            }
            path[i] = number.intValue();
        }
        return path;
    }
}
