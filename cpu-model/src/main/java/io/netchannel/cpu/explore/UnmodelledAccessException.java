package io.netchannel.cpu.explore;

/** An access whose behaviour on the CPUs is not modelled; the message names it. */
public final class UnmodelledAccessException extends UnsupportedOperationException {

    private static final long serialVersionUID = 1L;

    UnmodelledAccessException(final String message) {
        super(message);
    }
}
