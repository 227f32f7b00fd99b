package io.netchannel.perf.netperf;

/** A test could not be run to its end; the message names the path and the cause. */
public final class NetperfException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public NetperfException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
