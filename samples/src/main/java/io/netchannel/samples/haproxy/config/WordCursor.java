package io.netchannel.samples.haproxy.config;

import java.util.List;

/** Goes through the words of a line; each option's parser takes those that are its own. */
public final class WordCursor {

    private final Line line;
    private int at;

    public WordCursor(final Line line, final int from) {
        this.line = line;
        this.at = from;
    }

    public Line line() {
        return line;
    }

    public boolean hasNext() {
        return at < line.size();
    }

    /** The word before the next: what {@link #next()} gave last. */
    public String current() {
        return at == 0 ? "" : line.word(at - 1);
    }

    /** The next word without taking it; "" after the last. */
    public String peek() {
        return line.word(at);
    }

    /** Takes a word; "" after the last. */
    public String next() {
        final String word = line.word(at);
        at++;
        return word;
    }

    /** Takes a word that has to be there. */
    public String next(final String message) throws ConfigException {
        if (peek().isEmpty()) {
            throw new ConfigException(message);
        }
        return next();
    }

    /** Takes the next word if it is {@code expected}. */
    public boolean takeIf(final String expected) {
        if (!hasNext() || !peek().equals(expected)) {
            return false;
        }
        at++;
        return true;
    }

    /** Takes all that are left. */
    public List<String> rest() {
        final List<String> words = line.words().subList(Math.min(at, line.size()), line.size());
        at = line.size();
        return words;
    }

    public int position() {
        return at;
    }
}
