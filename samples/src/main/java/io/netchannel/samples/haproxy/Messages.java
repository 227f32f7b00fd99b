package io.netchannel.samples.haproxy;

import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.Version;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What is said on standard error while it starts, in haproxy's form. */
final class Messages {

    private static final int LABEL_WIDTH = 10;

    private final PrintWriter out;
    private final long pid;
    private final boolean diagnose;
    private final StringBuilder said = new StringBuilder();
    private boolean introduced;

    /** @param diagnose whether suspicious statements are shown */
    Messages(final PrintWriter out, final long pid, final boolean diagnose) {
        this.out = out;
        this.pid = pid;
        this.diagnose = diagnose;
    }

    /** About the configuration. */
    void print(final Diagnostics.Message message) {
        final Diagnostics.Severity severity = message.severity();
        if (severity != Diagnostics.Severity.DIAG || diagnose) {
            print(severity, "config : " + message.text());
        }
    }

    void print(final Diagnostics.Severity severity, final String text) {
        if (!introduced && severity != Diagnostics.Severity.NOTICE) {
            introduced = true;
            line(Diagnostics.Severity.NOTICE, "haproxy version is " + Version.TEXT);
            line(Diagnostics.Severity.NOTICE, "path to executable is netchannel");
        }
        line(severity, text);
    }

    private void line(final Diagnostics.Severity severity, final String text) {
        final String label = "[" + severity.name().toUpperCase(Locale.ROOT) + "]";
        // A configuration's text has a byte in each char.
        final String line = label + " ".repeat(LABEL_WIDTH - label.length()) + " (" + pid + ") : ";
        said.append(line).append(text).append('\n');
        out.println(line + new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        out.flush();
    }

    /** All that was said so far. */
    String said() {
        return said.toString();
    }
}
