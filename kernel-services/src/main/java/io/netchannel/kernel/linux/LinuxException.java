package io.netchannel.kernel.linux;

/** A system call that failed. */
public final class LinuxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String call;
    private final String argument;
    private final int errno;

    /**
     * @param call name of the system call
     * @param argument what it was called on, for the reader: a path, a descriptor with a request
     * @param errno positive
     */
    public LinuxException(final String call, final String argument, final int errno) {
        super(call + "(" + argument + "): " + Errno.name(errno) + " (" + Errno.text(errno) + ")");
        this.call = call;
        this.argument = argument;
        this.errno = errno;
    }

    public String call() {
        return call;
    }

    public String argument() {
        return argument;
    }

    public int errno() {
        return errno;
    }

    public String errnoName() {
        return Errno.name(errno);
    }
}
