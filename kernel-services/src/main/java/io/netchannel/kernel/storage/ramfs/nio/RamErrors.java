package io.netchannel.kernel.storage.ramfs.nio;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.storage.ramfs.RamFsException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Linux's reasons, as the JDK's provider for Unix tells them. */
final class RamErrors {

    private RamErrors() {
    }

    static IOException of(final RamFsException cause, final Path path) {
        return of(cause, path, null);
    }

    /** @param other null if there is none */
    static IOException of(final RamFsException cause, final Path path, final Path other) {
        final String file = path.toString();
        final String otherFile = other == null ? null : other.toString();
        final FileSystemException told = switch (cause.errno()) {
            case Errno.ENOENT -> new NoSuchFileException(file, otherFile, null);
            case Errno.EEXIST -> new FileAlreadyExistsException(file, otherFile, null);
            case Errno.ELOOP -> new FileSystemException(file, otherFile,
                    cause.getMessage() + " or unable to access attributes of symbolic link");
            default -> new FileSystemException(file, otherFile, cause.getMessage());
        };
        told.initCause(cause);
        return told;
    }
}
