package io.netchannel.tcpip.script.syntax;

/** A script that breaks the grammar; the message names the place and what was expected there. */
public final class ScriptSyntaxException extends Exception {

    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;
    private final String problem;

    public ScriptSyntaxException(final String file, final int line, final int column, final String problem) {
        super(file + ":" + line + ":" + column + ": " + problem, null, false, false);
        this.line = line;
        this.column = column;
        this.problem = problem;
    }

    /** From 1. */
    public int line() {
        return line;
    }

    /** From 1. */
    public int column() {
        return column;
    }

    /** The message without the place. */
    public String problem() {
        return problem;
    }
}
