package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.config.BindOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All commands, and the help on them. */
final class Commands {

    private static final String[] ALWAYS = {
        "help [<command>]                        : commands that begin so, or all",
        "prompt                                  : asks for command after command, or stops to",
        "quit                                    : ends this connection"};
    private static final int COLUMN = 40;

    private final List<Command> all = new ArrayList<>();

    static Commands create() {
        final Commands commands = new Commands();
        SessionCommands.register(commands);
        StatCommands.register(commands);
        ServerCommands.register(commands);
        ProxyCommands.register(commands);
        TableCommands.register(commands);
        PatternCommands.register(commands);
        VariableCommands.register(commands);
        StreamCommands.register(commands);
        MasterCommands.register(commands);
        commands.all.sort(Comparator.comparing(Command::words));
        return commands;
    }

    /** For all who may show statistics. @param arguments and what it does, as help has it */
    Commands add(final String words, final String arguments, final Command.Action action) {
        return add(words, BindOptions.Level.USER, arguments, action);
    }

    /** @param arguments {@code ARGUMENTS : what it does}; null: not in the help */
    Commands add(final String words, final BindOptions.Level level, final String arguments,
            final Command.Action action) {
        return add(words, level, Command.Mode.WORKER, arguments, action);
    }

    Commands add(final String words, final BindOptions.Level level, final Command.Mode mode, final String arguments,
            final Command.Action action) {
        all.add(new Command(words, level, mode, arguments == null ? null : usage(words, arguments), action));
        return this;
    }

    private static String usage(final String words, final String arguments) {
        final int colon = arguments.indexOf(": ");
        final String given = arguments.substring(0, colon).strip();
        final StringBuilder line = new StringBuilder(words);
        line.append(given.isEmpty() ? "" : " ").append(given);
        while (line.length() < COLUMN) {
            line.append(' ');
        }
        return line.append(arguments, colon, arguments.length()).toString();
    }

    /** @return null if there is none */
    Command find(final List<String> words, final CliSession session) {
        for (final Command command : all) {
            if (isVisible(command, session) && matching(command, words) == command.words().split(" ").length) {
                return command;
            }
        }
        return null;
    }

    private static boolean isVisible(final Command command, final CliSession session) {
        return switch (command.mode()) {
            case MASTER -> session.isMaster();
            case WORKER, EXPERIMENTAL -> !session.isMaster();
            case BOTH -> true;
        };
    }

    /** Words that are the same from the first on. */
    private static int matching(final Command command, final List<String> words) {
        final String[] own = command.words().split(" ");
        int same = 0;
        while (same < own.length && same < words.size() && own[same].equals(words.get(same))) {
            same++;
        }
        return same;
    }

    /** What can be said, of all that begins as {@code words} do as far as any does. */
    String help(final List<String> words, final boolean asked, final CliSession session) {
        final List<Command> visible = all.stream().filter(command -> isVisible(command, session))
                .filter(command -> command.mode() != Command.Mode.EXPERIMENTAL || session.isExperimental()).toList();
        int longest = 0;
        for (final Command command : visible) {
            longest = Math.max(longest, matching(command, words));
        }
        final StringBuilder text = new StringBuilder(asked
                ? "The following commands are valid at this level:\n"
                : words.isEmpty()
                        ? "Unknown command. Please enter one of the following commands only:\n"
                        : "Unknown command, but maybe one of the following ones is a better match:\n");
        for (final Command command : visible) {
            if (command.usage() != null && matching(command, words) == longest) {
                text.append("  ").append(command.usage()).append('\n');
            }
        }
        for (final String usage : ALWAYS) {
            text.append("  ").append(usage).append('\n');
        }
        return text.toString();
    }
}
