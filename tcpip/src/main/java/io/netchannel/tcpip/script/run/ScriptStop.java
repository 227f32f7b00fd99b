package io.netchannel.tcpip.script.run;

import io.netchannel.tcpip.script.run.ScriptResult.Outcome;

/** Ends a run before its last event. */
final class ScriptStop extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final Outcome outcome;
    private final String kind;
    private final String expected;
    private final String actual;

    private ScriptStop(final Outcome outcome, final String kind, final String message, final String expected,
            final String actual) {
        super(message, null, false, false);
        this.outcome = outcome;
        this.kind = kind;
        this.expected = expected;
        this.actual = actual;
    }

    static ScriptStop failure(final String kind, final String message) {
        return failure(kind, message, null, null);
    }

    static ScriptStop failure(final String kind, final String message, final String expected, final String actual) {
        return new ScriptStop(Outcome.FAILED, kind, message, expected, actual);
    }

    /** @param reason what we don't have; the kind of the skip too */
    static ScriptStop skip(final String reason) {
        return new ScriptStop(Outcome.SKIPPED, reason, reason, null, null);
    }

    ScriptResult result(final String file, final int line) {
        return new ScriptResult(file, outcome, line, kind, getMessage(), expected, actual);
    }
}
