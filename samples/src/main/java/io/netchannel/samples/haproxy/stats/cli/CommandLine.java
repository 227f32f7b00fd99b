package io.netchannel.samples.haproxy.stats.cli;

import java.util.ArrayList;
import java.util.List;

/** One line's words (management manual, 9.3: spaces part them, a backslash protects what follows). */
final class CommandLine {

    static final String PAYLOAD_MARK = "<<";
    private static final int MAX_WORDS = 64;

    private CommandLine() {
    }

    static List<String> words(final String line) {
        final List<String> words = new ArrayList<>();
        int at = 0;
        while (words.size() < MAX_WORDS) {
            while (at < line.length() && isBlank(line.charAt(at))) {
                at++;
            }
            if (at == line.length() || line.startsWith(PAYLOAD_MARK, at) && at + 2 == line.length()) {
                break;
            }
            final StringBuilder word = new StringBuilder();
            while (at < line.length() && !isBlank(line.charAt(at))) {
                if (line.charAt(at) == '\\') {
                    at++;
                    if (at == line.length()) {
                        break;
                    }
                }
                word.append(line.charAt(at++));
            }
            words.add(word.toString());
        }
        return words;
    }

    private static boolean isBlank(final char c) {
        return c == ' ' || c == '\t';
    }

    /** @return where the first command ends: at a LF or a semicolon that no backslash protects; -1 if neither is there */
    static int end(final CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '\n' || c == ';') {
                return i;
            }
        }
        return -1;
    }
}
