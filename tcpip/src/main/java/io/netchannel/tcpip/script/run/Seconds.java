package io.netchannel.tcpip.script.run;

import java.util.Locale;

/** Times of a script as text. */
final class Seconds {

    private Seconds() {
    }

    static String format(final long timeNs) {
        return String.format(Locale.ROOT, "%.6f s", timeNs / 1e9);
    }
}
