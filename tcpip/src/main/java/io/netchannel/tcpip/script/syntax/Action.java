package io.netchannel.tcpip.script.syntax;

import java.util.List;

/** What an event does. */
public sealed interface Action {

    /** A packet that is injected, or expected. */
    record Packet(PacketSpec spec) implements Action {
    }

    /**
     * A socket call.
     *
     * @param endNs when a blocking call returns, on the scale of its event's time; or {@link #NOT_BLOCKING}
     * @param errno the name of an error, or null
     */
    record Call(String name, List<Expression> arguments, Expression result, String errno, long endNs)
            implements
                Action {

        public static final long NOT_BLOCKING = -1;
    }

    record Command(String shell, int line) implements Action {
    }

    record Code(String python) implements Action {
    }
}
