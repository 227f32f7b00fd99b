package io.netchannel.samples.haproxy.check;

import java.util.ArrayList;
import java.util.List;

/**
 * What a check does, step by step; begins with a connection.
 *
 * @param protocol what option made it: its messages differ
 * @param disableOn404 {@code http-check disable-on-404}: such an answer takes the server gently out
 * @param sendState {@code http-check send-state}: each request says what the server is held for
 */
record CheckScript(Protocol protocol, List<Step> steps, boolean disableOn404, boolean sendState) {

    /** Of which kind the script is. */
    enum Protocol {
        /** Only a connection, or lines of tcp-check. */
        TCP, HTTP, AGENT,
        /** redis-check and its like. */
        OTHER
    }

    /** A connection, and that is all. */
    static final CheckScript CONNECT = new CheckScript(Protocol.TCP, List.of(Step.Connect.IMPLICIT), false, false);

    CheckScript {
        final List<Step> whole = new ArrayList<>(steps);
        final Step first = whole.stream()
                .filter(step -> !(step instanceof Step.Remark) && !(step instanceof Step.Assign)).findFirst()
                .orElse(null);
        if (!(first instanceof Step.Connect)) {
            whole.addFirst(Step.Connect.IMPLICIT);
        }
        steps = List.copyOf(whole);
    }

    /** As messages number it: lines count from 1, a connection that no line says is 0. */
    int number(final int index) {
        final boolean shifted = steps.getFirst() instanceof Step.Connect(boolean implicit, _, _, _, _, _, _)
                && implicit;
        return shifted ? index : index + 1;
    }
}
