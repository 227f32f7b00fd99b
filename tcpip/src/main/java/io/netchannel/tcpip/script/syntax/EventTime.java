package io.netchannel.tcpip.script.syntax;

/**
 * When an event happens.
 *
 * @param startNs since the start of the script, or since the event before if relative
 * @param endNs of a range; else equal to {@code startNs}
 */
public record EventTime(Kind kind, long startNs, long endNs) {

    public enum Kind {
        ABSOLUTE, RELATIVE,
        /** {@code *}: an expected packet that may come at any time. */
        ANY
    }

    public boolean isRange() {
        return endNs != startNs;
    }
}
