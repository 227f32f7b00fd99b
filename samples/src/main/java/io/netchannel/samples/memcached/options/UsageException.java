package io.netchannel.samples.memcached.options;

/** The command line is wrong; the message is for the user. */
public final class UsageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status for the process to end with, as the original's */
    UsageException(final int status, final String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
