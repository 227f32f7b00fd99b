package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.log.Syslog;
import java.util.List;

/** One command as it was given, and where its answer goes. */
final class Call {

    private final List<String> words;
    private final String payload;
    private final CliSession session;

    /** @param payload null: none was given */
    Call(final List<String> words, final String payload, final CliSession session) {
        this.words = words;
        this.payload = payload;
        this.session = session;
    }

    /** "" behind the last. */
    String word(final int index) {
        return index < words.size() ? words.get(index) : "";
    }

    int size() {
        return words.size();
    }

    /** Lines, without the last LF; null: none. */
    String payload() {
        return payload;
    }

    CliSession session() {
        return session;
    }

    Control control() {
        return session.control();
    }

    /** Data: as it is. */
    void print(final CharSequence text) {
        session.print(text);
    }

    /** A notice to the operator: with its severity before it, if that is wished. */
    void message(final int severity, final String text) {
        session.message(severity, text);
    }

    void error(final String text) {
        session.message(Syslog.ERR, text + "\n");
    }
}
