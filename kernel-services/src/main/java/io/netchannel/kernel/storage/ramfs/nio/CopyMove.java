package io.netchannel.kernel.storage.ramfs.nio;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.storage.ramfs.RamFileAttributes;
import io.netchannel.kernel.storage.ramfs.RamFs;
import io.netchannel.kernel.storage.ramfs.RamFsException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** {@code Files.copy} and {@code Files.move} among paths of ramfs, of one file system or two. */
final class CopyMove {

    private CopyMove() {
    }

    private static void check(final CopyOption[] options, final Set<? extends CopyOption> known) {
        for (final CopyOption option : options) {
            if (!known.contains(Objects.requireNonNull(option))) {
                throw new UnsupportedOperationException("Unsupported option: " + option);
            }
        }
    }

    // -- copy

    static void copy(final RamPath source, final RamPath target, final CopyOption... options) throws IOException {
        check(options, Set.of(StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES,
                LinkOption.NOFOLLOW_LINKS));
        final List<CopyOption> chosen = List.of(options);
        copy(source, target, !chosen.contains(LinkOption.NOFOLLOW_LINKS),
                chosen.contains(StandardCopyOption.REPLACE_EXISTING),
                chosen.contains(StandardCopyOption.COPY_ATTRIBUTES));
    }

    private static void copy(final RamPath source, final RamPath target, final boolean follow, final boolean replace,
            final boolean withAttributes) throws IOException {
        final RamFileAttributes from = attributes(source, follow);
        final RamFileAttributes there = attributesIfAny(target);
        if (there != null) {
            if (there.fileKey() == from.fileKey()) {
                return;
            }
            if (!replace) {
                throw new FileAlreadyExistsException(target.toString());
            }
            delete(target);
        }
        final RamFs to = target.getFileSystem().ramFs();
        try {
            switch (from.kind()) {
                case DIRECTORY -> to.createDirectory(target.absolute(), from.permissions());
                case SYMBOLIC_LINK -> to.createSymbolicLink(target.absolute(),
                        source.getFileSystem().ramFs().readLink(source.absolute()));
                case FILE -> copyBytes(source, target, from);
            }
            if (withAttributes && !from.isSymbolicLink()) {
                to.setOwner(target.absolute(), false, from.owner(), from.group());
                to.setTimes(target.absolute(), false, from.lastModifiedTime(), from.lastAccessTime());
            }
        } catch (final RamFsException e) {
            throw RamErrors.of(e, target);
        }
    }

    private static void copyBytes(final RamPath source, final RamPath target, final RamFileAttributes attributes)
            throws IOException {
        boolean done = false;
        try (FileChannel in = open(source, Set.of(StandardOpenOption.READ), attributes);
                FileChannel out = open(target, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                        attributes)) {
            Channels.newInputStream(in).transferTo(Channels.newOutputStream(out));
            done = true;
        } finally {
            if (!done && attributesIfAny(target) != null) {
                delete(target);
            }
        }
    }

    private static FileChannel open(final RamPath path, final Set<StandardOpenOption> options,
            final RamFileAttributes attributes) throws IOException {
        return new RamFileChannel(
                path.getFileSystem().ramFs().open(path.absolute(), options, attributes.permissions()));
    }

    private static RamFileAttributes attributes(final RamPath path, final boolean follow) throws IOException {
        return new RamAttributeView(path, follow, "basic").readAttributes();
    }

    /** Null also if it can't be known: then it can't be made either, and that says why. */
    private static RamFileAttributes attributesIfAny(final RamPath path) {
        try {
            return attributes(path, false);
        } catch (final IOException none) {
            return null;
        }
    }

    // -- delete

    static void delete(final RamPath path) throws IOException {
        final RamFs fs = path.getFileSystem().ramFs();
        try {
            if (fs.attributes(path.absolute(), false).isDirectory()) {
                fs.removeDirectory(path.absolute());
            } else {
                fs.unlink(path.absolute());
            }
        } catch (final RamFsException e) {
            if (e.errno() == Errno.ENOTEMPTY) {
                throw new DirectoryNotEmptyException(path.toString());
            }
            throw RamErrors.of(e, path);
        }
    }

    // -- move

    static void move(final RamPath source, final RamPath target, final CopyOption... options) throws IOException {
        check(options, Set.of(StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE,
                LinkOption.NOFOLLOW_LINKS));
        final List<CopyOption> chosen = List.of(options);
        final boolean atomic = chosen.contains(StandardCopyOption.ATOMIC_MOVE);
        final boolean replace = chosen.contains(StandardCopyOption.REPLACE_EXISTING);
        if (source.getFileSystem() == target.getFileSystem()) {
            rename(source, target, atomic, replace);
        } else if (atomic) {
            throw new AtomicMoveNotSupportedException(source.toString(), target.toString(),
                    "Invalid cross-device link");
        } else {
            moveAcross(source, target, replace);
        }
    }

    private static void rename(final RamPath source, final RamPath target, final boolean atomic,
            final boolean replace) throws IOException {
        final RamFs fs = source.getFileSystem().ramFs();
        try {
            if (atomic) {
                fs.rename(source.absolute(), target.absolute());
            } else {
                fs.move(source.absolute(), target.absolute(), replace);
            }
        } catch (final RamFsException e) {
            throw atomic ? RamErrors.of(e, source, target) : refusedMove(e, source, target);
        }
    }

    /** Whose fault it is, as the JDK finds by looking at each before it moves. */
    private static IOException refusedMove(final RamFsException cause, final RamPath source, final Path target) {
        try {
            attributes(source, false);
        } catch (final IOException notThere) {
            return notThere;
        }
        return switch (cause.errno()) {
            case Errno.EEXIST -> new FileAlreadyExistsException(target.toString());
            case Errno.ENOTEMPTY -> new DirectoryNotEmptyException(target.toString());
            default -> RamErrors.of(cause, source, target);
        };
    }

    private static void moveAcross(final RamPath source, final RamPath target, final boolean replace)
            throws IOException {
        if (attributes(source, false).isDirectory()
                && !source.getFileSystem().ramFs().list(source.absolute()).isEmpty()) {
            throw new DirectoryNotEmptyException(source.toString());
        }
        copy(source, target, false, replace, true);
        delete(source);
    }
}
