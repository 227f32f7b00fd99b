package io.netchannel.kernel.storage.ramfs.nio;

import io.netchannel.kernel.storage.ramfs.RamFs;
import io.netchannel.kernel.storage.ramfs.RamFsException;
import io.netchannel.kernel.storage.ramfs.RamPrincipals;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** A {@link RamFs} with a name; closed with it. Threading: any thread. */
final class RamFileSystem extends FileSystem {

    static final Set<String> VIEWS = Set.of("basic", "posix", "owner", "unix");

    private final RamFileSystemProvider provider;
    private final String name;
    private final RamFs fs;

    RamFileSystem(final RamFileSystemProvider provider, final String name, final RamFs fs) {
        this.provider = provider;
        this.name = name;
        this.fs = fs;
    }

    String name() {
        return name;
    }

    RamFs ramFs() {
        return fs;
    }

    RamPath realPath(final RamPath path, final boolean keepLinks) throws IOException {
        try {
            if (keepLinks) {
                // That it is there; its names are not looked into.
                fs.attributes(path.absolute(), false);
                return path.toAbsolutePath().normalize();
            }
            return RamPath.of(this, fs.realPath(path.absolute()));
        } catch (final RamFsException e) {
            throw RamErrors.of(e, path);
        }
    }

    @Override
    public RamFileSystemProvider provider() {
        return provider;
    }

    @Override
    public void close() {
        provider.forget(this);
        fs.close();
    }

    @Override
    public boolean isOpen() {
        return fs.isOpen();
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public String getSeparator() {
        return "/";
    }

    @Override
    public Iterable<Path> getRootDirectories() {
        return List.of(RamPath.of(this, "/"));
    }

    @Override
    public Iterable<FileStore> getFileStores() {
        return List.of(new RamFileStore(name, fs));
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
        return VIEWS;
    }

    @Override
    public RamPath getPath(final String first, final String... more) {
        Objects.requireNonNull(first);
        final StringBuilder path = new StringBuilder(first);
        for (final String part : more) {
            if (!part.isEmpty()) {
                path.append(path.isEmpty() ? "" : "/").append(part);
            }
        }
        return RamPath.of(this, path.toString());
    }

    @Override
    public PathMatcher getPathMatcher(final String syntaxAndPattern) {
        final int colon = syntaxAndPattern.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException();
        }
        final String syntax = syntaxAndPattern.substring(0, colon);
        final String pattern = syntaxAndPattern.substring(colon + 1);
        final Pattern regex;
        if (syntax.equalsIgnoreCase("glob")) {
            regex = Pattern.compile(Globs.toRegex(pattern));
        } else if (syntax.equalsIgnoreCase("regex")) {
            regex = Pattern.compile(pattern);
        } else {
            throw new UnsupportedOperationException("Syntax '" + syntax + "' not recognized");
        }
        return path -> regex.matcher(path.toString()).matches();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
        return new RamPrincipals();
    }

    @Override
    public WatchService newWatchService() {
        throw new UnsupportedOperationException("ramfs can't be watched");
    }

    @Override
    public String toString() {
        return RamFileSystemProvider.SCHEME + "://" + name + "/";
    }
}
