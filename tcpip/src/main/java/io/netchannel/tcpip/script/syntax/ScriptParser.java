package io.netchannel.tcpip.script.syntax;

import io.netchannel.tcpip.script.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parses scripts by recursive descent. */
public final class ScriptParser {

    private final Tokens tokens;
    private final ExpressionParser expressions;
    private final PacketParser packets;

    private ScriptParser(final Tokens tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
        this.packets = new PacketParser(tokens);
    }

    /**
     * @param file for messages
     * @param predefined symbols with their values, as {@code --define} gives them; the script's own come first
     * @throws ScriptSyntaxException naming the place and what was expected there
     */
    public static Script parse(final String file, final String source, final Map<String, String> predefined)
            throws ScriptSyntaxException {
        final List<Token> tokens = new Lexer(file, source).tokens();
        final List<Script.Option> options = options(tokens);
        final List<Token> rest = new ArrayList<>(tokens.subList(options.size(), tokens.size()));
        final Map<String, String> definitions = new HashMap<>(predefined);
        definitions.putAll(definitions(options));
        rest.replaceAll(token -> defined(token, definitions));
        return new ScriptParser(new Tokens(file, rest)).script(file, options);
    }

    /** The options that the script begins with. */
    public static List<Script.Option> options(final String file, final String source) throws ScriptSyntaxException {
        return options(new Lexer(file, source).tokens());
    }

    private static List<Script.Option> options(final List<Token> tokens) {
        final List<Script.Option> options = new ArrayList<>();
        for (final Token token : tokens) {
            if (token.kind() != Kind.OPTION) {
                break;
            }
            options.add(new Script.Option(token.text(), token.value(), token.line()));
        }
        return options;
    }

    // -- definitions: --define=NAME=VALUE

    private static Map<String, String> definitions(final List<Script.Option> options) {
        final Map<String, String> definitions = new HashMap<>();
        for (final Script.Option option : options) {
            final int equals = option.value() == null ? -1 : option.value().indexOf('=');
            if ("define".equals(option.name()) && equals > 0) {
                definitions.put(option.value().substring(0, equals), option.value().substring(equals + 1));
            }
        }
        return definitions;
    }

    private static Token defined(final Token token, final Map<String, String> definitions) {
        final String value = token.kind() == Kind.WORD ? definitions.get(token.text()) : null;
        if (value == null) {
            return token;
        }
        final boolean quoted = value.length() >= 2 && value.charAt(0) == value.charAt(value.length() - 1);
        final String inner = quoted ? value.substring(1, value.length() - 1) : value;
        final Kind kind = quoted && value.startsWith("\"")
                ? Kind.STRING
                : quoted && value.startsWith("`")
                        ? Kind.COMMAND
                        : value.matches("-?[0-9]+")
                                ? Kind.INTEGER
                                : value.matches("0[xX][0-9a-fA-F]+") ? Kind.HEX : Kind.WORD;
        return new Token(kind, kind == Kind.STRING || kind == Kind.COMMAND ? inner : value, null, token.line(),
                token.column());
    }

    // -- the grammar

    private Script script(final String file, final List<Script.Option> options) throws ScriptSyntaxException {
        final List<Action.Command> before = commands();
        final List<Script.Event> events = new ArrayList<>();
        List<Action.Command> after = List.of();
        while (!tokens.at(Kind.END)) {
            if (tokens.at(Kind.COMMAND)) {
                // Only the last may stand without a time in packetdrill; we take the others as of no delay.
                after = commands();
                if (!tokens.at(Kind.END)) {
                    for (final Action.Command command : after) {
                        events.add(new Script.Event(new EventTime(EventTime.Kind.RELATIVE, 0, 0), command,
                                command.line()));
                    }
                    after = List.of();
                }
            } else {
                events.add(event());
            }
        }
        return new Script(file, List.copyOf(options), before, List.copyOf(events), after);
    }

    private List<Action.Command> commands() {
        final List<Action.Command> commands = new ArrayList<>();
        while (tokens.at(Kind.COMMAND)) {
            final Token token = tokens.next();
            commands.add(new Action.Command(token.text(), token.line()));
        }
        return List.copyOf(commands);
    }

    private Script.Event event() throws ScriptSyntaxException {
        final Token start = tokens.peek();
        final EventTime time = time();
        final Action action = action();
        final boolean outbound = action instanceof final Action.Packet packet && !packet.spec().inbound();
        if (!outbound && (time.kind() == EventTime.Kind.ANY || time.isRange())) {
            throw tokens.error(start, (time.kind() == EventTime.Kind.ANY ? "the time *" : "a range of time")
                    + " is for expected packets only");
        }
        return new Script.Event(time, action, start.line());
    }

    private EventTime time() throws ScriptSyntaxException {
        if (tokens.accept("*")) {
            return new EventTime(EventTime.Kind.ANY, 0, 0);
        }
        final boolean relative = tokens.accept("+");
        if (!tokens.atTime()) {
            throw tokens.expected("a time: seconds, +seconds or *");
        }
        final Token first = tokens.peek();
        final long startNs = tokens.timeNs();
        long endNs = startNs;
        if (tokens.accept("~")) {
            if (relative) {
                tokens.accept("+");
            }
            endNs = tokens.timeNs();
            if (endNs < startNs) {
                throw tokens.error(first, "the range of time is backwards");
            }
        }
        return new EventTime(relative ? EventTime.Kind.RELATIVE : EventTime.Kind.ABSOLUTE, startNs, endNs);
    }

    private Action action() throws ScriptSyntaxException {
        final Token token = tokens.peek();
        if (token.is("<") || token.is(">")) {
            return new Action.Packet(packets.packet());
        }
        return switch (token.kind()) {
            case COMMAND -> {
                tokens.next();
                yield new Action.Command(token.text(), token.line());
            }
            case CODE -> {
                tokens.next();
                yield new Action.Code(token.text());
            }
            case WORD, ELLIPSIS -> call();
            default -> throw tokens.expected("a packet (< or >), a call, `command` or %{ code }%");
        };
    }

    private Action.Call call() throws ScriptSyntaxException {
        final long endNs = tokens.accept("...") ? tokens.timeNs() : Action.Call.NOT_BLOCKING;
        final String name = tokens.expect(Kind.WORD, "the name of a call").text();
        tokens.expect("(");
        final List<Expression> arguments = expressions.list(")");
        tokens.expect("=");
        final Expression result = expressions.expression();
        final String errno = tokens.at(Kind.WORD) ? tokens.next().text() : null;
        if (tokens.accept("(")) {
            note();
        } else if (errno != null) {
            throw tokens.expected("'(' and the text of " + errno);
        }
        return new Action.Call(name, arguments, result, errno, endNs);
    }

    /** What the error or the flags mean, for readers. */
    private void note() throws ScriptSyntaxException {
        for (int depth = 1; depth > 0;) {
            if (tokens.at(Kind.END)) {
                throw tokens.expected("')'");
            }
            depth += tokens.at("(") ? 1 : tokens.at(")") ? -1 : 0;
            tokens.next();
        }
    }
}
