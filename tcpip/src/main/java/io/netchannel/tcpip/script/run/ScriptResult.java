package io.netchannel.tcpip.script.run;

import java.util.Locale;

/**
 * How a script has ended.
 *
 * @param file as it was named
 * @param line of the event that failed or was refused; 0 if there is none
 * @param kind the same for all failures, or skips, of a kind: for tables
 * @param message what happened; for a skip, what we don't have; for a difference, the reason
 * @param expected in the script's notation; null if there is nothing to compare
 * @param actual in the script's notation; null if there is nothing to compare
 */
public record ScriptResult(String file, Outcome outcome, int line, String kind, String message, String expected,
        String actual) {

    public enum Outcome {
        PASSED, FAILED,
        /** It failed as is known: it describes what another system does and we, for the reason given, do otherwise. */
        DIFFERS,
        /** It needs what we don't have. */
        SKIPPED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static ScriptResult passed(final String file) {
        return new ScriptResult(file, Outcome.PASSED, 0, "", "", null, null);
    }

    /** This one, if a known difference explains it. */
    public ScriptResult differing(final String reason) {
        return new ScriptResult(file, Outcome.DIFFERS, line, reason, reason, expected, actual);
    }

    private String text() {
        return switch (outcome) {
            case PASSED -> "passed";
            case FAILED -> message;
            case DIFFERS, SKIPPED -> outcome + ": " + message;
        };
    }

    public boolean isPassed() {
        return outcome == Outcome.PASSED;
    }

    /** {@code file:line: message}, and below it what was expected and what came. */
    @Override
    public String toString() {
        final String head = file + (line == 0 ? "" : ":" + line) + ": "
                + (text());
        return expected == null && actual == null
                ? head
                : head + "\n  expected: " + expected + "\n  actual:   " + actual;
    }
}
