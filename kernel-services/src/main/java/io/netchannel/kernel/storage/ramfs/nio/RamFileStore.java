package io.netchannel.kernel.storage.ramfs.nio;

import io.netchannel.kernel.storage.ramfs.RamFs;
import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;

/** The quota, and what is left of it. */
final class RamFileStore extends FileStore {

    private final String name;
    private final RamFs fs;

    RamFileStore(final String name, final RamFs fs) {
        this.name = name;
        this.fs = fs;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String type() {
        return RamFileSystemProvider.SCHEME;
    }

    @Override
    public boolean isReadOnly() {
        return false;
    }

    @Override
    public long getTotalSpace() {
        return fs.usage().maxBytes();
    }

    @Override
    public long getUsableSpace() {
        return fs.usage().freeBytes();
    }

    @Override
    public long getUnallocatedSpace() {
        return fs.usage().freeBytes();
    }

    @Override
    public long getBlockSize() {
        return fs.pages().pageBytes();
    }

    @Override
    public boolean supportsFileAttributeView(final Class<? extends FileAttributeView> type) {
        return type == BasicFileAttributeView.class || type == PosixFileAttributeView.class
                || type == FileOwnerAttributeView.class;
    }

    @Override
    public boolean supportsFileAttributeView(final String view) {
        return RamFileSystem.VIEWS.contains(view);
    }

    @Override
    public <V extends FileStoreAttributeView> V getFileStoreAttributeView(final Class<V> type) {
        return null;
    }

    @Override
    public Object getAttribute(final String attribute) {
        return switch (attribute) {
            case "totalSpace" -> getTotalSpace();
            case "usableSpace" -> getUsableSpace();
            case "unallocatedSpace" -> getUnallocatedSpace();
            case "usedInodes" -> fs.usage().usedInodes();
            case "maxInodes" -> fs.usage().maxInodes();
            case "copiedPages" -> fs.usage().copiedPages();
            case "refusedWrites" -> fs.usage().refusedWrites();
            default -> throw new UnsupportedOperationException("'" + attribute + "' not recognized");
        };
    }

    @Override
    public String toString() {
        return name + " (" + type() + ")";
    }
}
