package io.netchannel.perf.netperf.host;

/** A path can't be used on this machine; the message says what it needs. */
public final class PathUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PathUnavailableException(final String message) {
        super(message);
    }
}
