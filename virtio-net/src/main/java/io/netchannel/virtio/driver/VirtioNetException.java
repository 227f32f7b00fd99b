package io.netchannel.virtio.driver;

/** A device that can't be driven: the message says what it refused. */
public final class VirtioNetException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    VirtioNetException(final String message) {
        super(message);
    }
}
