package io.netchannel.tcpip.script.syntax;

import java.util.List;

/**
 * A script, parsed.
 *
 * @param file as it is named in messages
 * @param before commands in front of the first event
 * @param after commands behind the last event
 */
public record Script(String file, List<Option> options, List<Action.Command> before, List<Event> events,
        List<Action.Command> after) {

    /** {@code --name=value}; value is null without one. */
    public record Option(String name, String value, int line) {
    }

    public record Event(EventTime time, Action action, int line) {
    }
}
