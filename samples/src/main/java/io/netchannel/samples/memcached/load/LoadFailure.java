package io.netchannel.samples.memcached.load;

/** A path can't go on. */
final class LoadFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    LoadFailure(final String message) {
        super(message);
    }

    LoadFailure(final String message, final Throwable cause) {
        super(message, cause);
    }
}
