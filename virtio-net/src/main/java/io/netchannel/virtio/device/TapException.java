package io.netchannel.virtio.device;

/** A TAP that can't be had; the message is one line that names it, says why, and what to do about it. */
public final class TapException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Reason {
        /** The name is no name of an interface. */
        BAD_NAME,
        /** No /dev/net/tun. */
        NO_DRIVER,
        /** Neither root nor CAP_NET_ADMIN. */
        NO_PERMISSION,
        /** Somebody else holds it. */
        BUSY,
        /** There is an interface of this name, but it is not such a TAP. */
        NOT_A_TAP,
        /** Anything else; the message has the error. */
        FAILED
    }

    private final Reason reason;

    TapException(final Reason reason, final String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
