package io.netchannel.tcpip.script.code;

/** Code that came to a bad end. */
public final class CodeException extends Exception {

    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Reason {
        /** An assertion doesn't hold, or a value can't be computed. */
        FAILED,
        /** It is beyond the part of Python that we have. */
        UNSUPPORTED
    }

    private final Reason reason;

    CodeException(final Reason reason, final String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
