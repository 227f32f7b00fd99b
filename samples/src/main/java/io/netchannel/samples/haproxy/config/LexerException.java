package io.netchannel.samples.haproxy.config;

/** A line that doesn't split into words. */
public final class LexerException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Of the char in the line at which it begins to be wrong. */
    private final int position;

    LexerException(final String message, final int position) {
        super(message);
        this.position = position;
    }

    public int position() {
        return position;
    }
}
