package io.netchannel.samples.load;

/** A path can't go on. */
public final class LoadFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    public LoadFailure(final String message) {
        super(message);
    }

    public LoadFailure(final String message, final Throwable cause) {
        super(message, cause);
    }

    /** What came of a task on another thread. */
    public static LoadFailure of(final Throwable cause) {
        return cause instanceof final LoadFailure failure
                ? failure
                : new LoadFailure(String.valueOf(cause.getMessage()), cause);
    }

    /** This thread is to end; it stays interrupted. */
    public static LoadFailure interrupted(final InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new LoadFailure("interrupted", cause);
    }
}
