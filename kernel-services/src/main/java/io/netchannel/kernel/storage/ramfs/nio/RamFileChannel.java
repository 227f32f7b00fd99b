package io.netchannel.kernel.storage.ramfs.nio;

import io.netchannel.kernel.storage.ramfs.RamFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/**
 * An open file with a position. {@link #transferTo} shows a file's pages to a channel that can send them where they lie:
 * {@link io.netchannel.kernel.storage.ramfs.PageTarget}.
 *
 * <p>Threading: any thread; what uses the position, one at a time.
 */
final class RamFileChannel extends FileChannel {

    private static final int COPY_BYTES = 64 * 1024;

    private final RamFile file;
    private final Object positionLock = new Object();
    private long position;

    RamFileChannel(final RamFile file) {
        this.file = file;
    }

    // -- at the position

    @Override
    public int read(final ByteBuffer to) throws IOException {
        synchronized (positionLock) {
            final int bytes = file.read(position, to);
            position += Math.max(bytes, 0);
            return bytes;
        }
    }

    @Override
    public long read(final ByteBuffer[] to, final int offset, final int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        synchronized (positionLock) {
            long done = 0;
            for (int i = offset; i < offset + length; i++) {
                final int bytes = read(to[i]);
                if (bytes < 0) {
                    return done > 0 ? done : -1;
                }
                done += bytes;
                if (to[i].hasRemaining()) {
                    break;
                }
            }
            return done;
        }
    }

    @Override
    public int write(final ByteBuffer from) throws IOException {
        synchronized (positionLock) {
            final int bytes = file.write(position, from);
            position = file.appends() ? file.sizeBytes() : position + bytes;
            return bytes;
        }
    }

    @Override
    public long write(final ByteBuffer[] from, final int offset, final int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        synchronized (positionLock) {
            long done = 0;
            try {
                for (int i = offset; i < offset + length; i++) {
                    done += write(from[i]);
                    if (from[i].hasRemaining()) {
                        break;
                    }
                }
            } catch (final IOException failed) {
                // As writev: an error is told only to who wrote nothing.
                if (done == 0) {
                    throw failed;
                }
            }
            return done;
        }
    }

    @Override
    public long position() throws IOException {
        synchronized (positionLock) {
            checkOpen();
            return file.appends() ? file.sizeBytes() : position;
        }
    }

    @Override
    public FileChannel position(final long newPosition) throws IOException {
        synchronized (positionLock) {
            checkOpen();
            checkNotNegative(newPosition, "newPosition");
            position = newPosition;
            return this;
        }
    }

    // -- anywhere

    @Override
    public int read(final ByteBuffer to, final long at) throws IOException {
        Objects.requireNonNull(to);
        checkNotNegative(at, "position");
        return file.read(at, to);
    }

    @Override
    public int write(final ByteBuffer from, final long at) throws IOException {
        Objects.requireNonNull(from);
        checkNotNegative(at, "position");
        return file.write(at, from);
    }

    @Override
    public long size() throws IOException {
        return file.sizeBytes();
    }

    @Override
    public FileChannel truncate(final long size) throws IOException {
        checkOpen();
        checkNotNegative(size, "size");
        synchronized (positionLock) {
            file.truncate(size);
            position = Math.min(position, size);
            return this;
        }
    }

    /** It lasts as long as the memory, whatever is done. */
    @Override
    public void force(final boolean metaData) throws IOException {
        checkOpen();
    }

    @Override
    public long transferTo(final long at, final long count, final WritableByteChannel target) throws IOException {
        checkOpen();
        if (!target.isOpen()) {
            throw new ClosedChannelException();
        }
        file.checkReadable();
        if (target instanceof final RamFileChannel other) {
            other.file.checkWritable();
        }
        checkNotNegative(at, "position");
        checkNotNegative(count, "count");
        // What the target adds to this same file isn't sent after it.
        final long bytes = Math.min(count, size() - at);
        return bytes <= 0 ? 0 : file.transferTo(at, bytes, target);
    }

    /** Beyond the end it leaves a hole, as the JDK does. */
    @Override
    public long transferFrom(final ReadableByteChannel source, final long at, final long count) throws IOException {
        checkOpen();
        if (!source.isOpen()) {
            throw new ClosedChannelException();
        }
        if (source instanceof final RamFileChannel other) {
            other.file.checkReadable();
        }
        file.checkWritable();
        checkNotNegative(at, "position");
        checkNotNegative(count, "count");
        final long bytes = source instanceof final RamFileChannel other
                ? Math.min(count, other.size() - other.position())
                : count;
        if (bytes <= 0) {
            return 0;
        }
        final ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(bytes, COPY_BYTES));
        long taken = 0;
        long done = 0;
        try {
            while (done < bytes) {
                buffer.clear().limit((int) Math.min(bytes - done, buffer.capacity()));
                if (source.read(buffer) <= 0) {
                    break;
                }
                buffer.flip();
                taken += buffer.remaining();
                while (buffer.hasRemaining()) {
                    done += file.write(at + done, buffer);
                }
            }
        } catch (final IOException failed) {
            giveBack(source, taken - done);
            if (done == 0) {
                throw failed;
            }
        }
        return done;
    }

    /** What was read and found no room; a channel without a position has lost it. */
    private static void giveBack(final ReadableByteChannel source, final long bytes) throws IOException {
        if (bytes > 0 && source instanceof final SeekableByteChannel file && file.isOpen()) {
            file.position(file.position() - bytes);
        }
    }

    /** A file's pages lie apart, so that they can be sent, and given back, one by one. */
    @Override
    public MappedByteBuffer map(final MapMode mode, final long at, final long size) {
        throw new UnsupportedOperationException("files of ramfs can't be mapped: read them");
    }

    private void checkOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private static void checkNotNegative(final long value, final String name) {
        if (value < 0) {
            throw new IllegalArgumentException("Negative " + name);
        }
    }

    // -- locks

    /** Never waits: see {@link io.netchannel.kernel.storage.ramfs.FileLocks}. */
    @Override
    public FileLock lock(final long at, final long size, final boolean shared) throws IOException {
        return tryLock(at, size, shared);
    }

    @Override
    public FileLock tryLock(final long at, final long size, final boolean shared) throws IOException {
        checkOpen();
        if (shared) {
            file.checkReadable();
        } else {
            file.checkWritable();
        }
        final Lock lock = new Lock(at, size == 0 ? Long.MAX_VALUE - Math.max(0, at) : size, shared);
        file.locks().add(lock);
        return lock;
    }

    private final class Lock extends FileLock {

        Lock(final long at, final long size, final boolean shared) {
            super(RamFileChannel.this, at, size, shared);
        }

        @Override
        public boolean isValid() {
            try {
                return RamFileChannel.this.isOpen() && file.locks().holds(this);
            } catch (final IOException closed) {
                return false;
            }
        }

        @Override
        public void release() throws IOException {
            checkOpen();
            file.locks().remove(this);
        }
    }

    @Override
    protected void implCloseChannel() throws IOException {
        file.close(this);
    }
}
