package io.netchannel.samples.haproxy.config;

import java.util.List;

/**
 * A line of a configuration file, split into words with quotes, escapes and environment variables resolved.
 *
 * @param words none is null; the first is the keyword
 */
public record Line(String file, int number, List<String> words) {

    public Line {
        words = List.copyOf(words);
    }

    /** @return the word at {@code index}, or "" beyond the last, as haproxy's own parsers see it */
    public String word(final int index) {
        return index < words.size() ? words.get(index) : "";
    }

    public int size() {
        return words.size();
    }

    /** {@code [file:line]}, as messages name it. */
    public String place() {
        return "[" + file + ":" + number + "]";
    }
}
