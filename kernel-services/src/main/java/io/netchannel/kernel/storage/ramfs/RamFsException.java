package io.netchannel.kernel.storage.ramfs;

import io.netchannel.kernel.linux.Errno;
import java.io.IOException;

/** What Linux would have refused, by its number; the message is Linux's. */
public final class RamFsException extends IOException {

    private static final long serialVersionUID = 1;

    private final int errno;

    RamFsException(final int errno) {
        super(Errno.text(errno));
        this.errno = errno;
    }

    /** One of {@link Errno}. */
    public int errno() {
        return errno;
    }
}
