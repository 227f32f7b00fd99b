package io.netchannel.cpu.litmus;

/** What is wrong with a litmus test, or what this engine doesn't do, at a line and a token of its file. */
public final class LitmusException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why a test isn't run. */
    public enum Reason {
        /** The text isn't a litmus test of a known architecture, or breaks herd's grammar. */
        MALFORMED,
        /** A feature of the architecture or of herd that this engine doesn't model. */
        UNSUPPORTED,
        /** More executions than this engine is willing to look at. */
        TOO_LARGE
    }

    private final Reason reason;
    private final int line;
    private final String token;

    public LitmusException(final Reason reason, final int line, final String token, final String what) {
        super(line + ": " + oneLine(token) + ": " + what);
        this.reason = reason;
        this.line = line;
        this.token = token;
    }

    public static LitmusException malformed(final int line, final String token, final String what) {
        return new LitmusException(Reason.MALFORMED, line, token, what);
    }

    public static LitmusException unsupported(final int line, final String token, final String what) {
        return new LitmusException(Reason.UNSUPPORTED, line, token, what);
    }

    private static String oneLine(final String token) {
        final String text = token.strip().replaceAll("\\s+", " ");
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    public Reason reason() {
        return reason;
    }

    /** Counted from 1. */
    public int line() {
        return line;
    }

    public String token() {
        return token;
    }
}
