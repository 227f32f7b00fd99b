package io.netchannel.kernel.storage.ramfs;

import io.netchannel.kernel.linux.Errno;
import io.netchannel.kernel.memory.PacketHandle;
import io.netchannel.kernel.memory.SharedPages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file. It has no position: whoever wants one, keeps it.
 *
 * <p>Threading: any thread. A read or write that is under way when the file is closed goes on.
 */
public final class RamFile implements AutoCloseable {

    private static final int COPY_BYTES = 64 * 1024;

    private final RamFs fs;
    private final RegularFile file;
    private final OpenFlags flags;
    private final AtomicBoolean open = new AtomicBoolean(true);

    /** @param file null: a directory, of which nothing can be read */
    RamFile(final RamFs fs, final RegularFile file, final OpenFlags flags) {
        this.fs = fs;
        this.file = file;
        this.flags = flags;
    }

    public boolean isOpen() {
        return open.get();
    }

    public boolean appends() {
        return flags.append();
    }

    private RegularFile readable() throws IOException {
        checkReadable();
        return any();
    }

    private RegularFile writable() throws IOException {
        checkWritable();
        return file;
    }

    private RegularFile any() throws IOException {
        checkOpen();
        if (file == null) {
            throw new RamFsException(Errno.EISDIR);
        }
        return file;
    }

    private void checkOpen() throws ClosedChannelException {
        if (!open.get()) {
            throw new ClosedChannelException();
        }
    }

    /** @throws NonReadableChannelException if it was opened to be written alone */
    public void checkReadable() throws ClosedChannelException {
        checkOpen();
        if (!flags.read()) {
            throw new NonReadableChannelException();
        }
    }

    /** @throws NonWritableChannelException if it was opened to be read alone */
    public void checkWritable() throws ClosedChannelException {
        checkOpen();
        if (!flags.write()) {
            throw new NonWritableChannelException();
        }
    }

    public long sizeBytes() throws IOException {
        checkOpen();
        return file == null ? Directory.SIZE_BYTES : file.sizeBytes();
    }

    public FileLocks locks() throws IOException {
        return any().locks();
    }

    /** @return bytes read, or -1 at the end */
    public int read(final long position, final ByteBuffer to) throws IOException {
        if (to.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        return readable().read(position, to);
    }

    /**
     * Writes as much as there is room for; of a file that was opened to append, behind its end.
     *
     * @return bytes written
     * @throws RamFsException if there is room for none
     */
    public int write(final long position, final ByteBuffer from) throws IOException {
        final RegularFile to = writable();
        if (!flags.append()) {
            return to.write(position, from);
        }
        final int before = from.remaining();
        to.append(from);
        return before - from.remaining();
    }

    /** Makes it shorter, if it is longer than {@code sizeBytes}. */
    public void truncate(final long sizeBytes) throws IOException {
        writable().truncate(sizeBytes);
    }

    /**
     * Writes a part of the file to a channel: by its pages themselves if that is a {@link PageTarget} that can show them, else by a
     * copy.
     *
     * @return bytes written; fewer than wanted at the file's end, or when the channel takes no more
     */
    public long transferTo(final long position, final long lengthBytes, final WritableByteChannel target)
            throws IOException {
        final RegularFile from = readable();
        return target instanceof final PageTarget pages && pages.canShow(fs.pages())
                ? show(from, position, lengthBytes, pages)
                : copy(from, position, lengthBytes, target);
    }

    private long show(final RegularFile from, final long position, final long lengthBytes, final PageTarget target) {
        final SharedPages pages = fs.pages();
        long done = 0;
        while (done < lengthBytes) {
            final long part = from.retainPart(position + done, lengthBytes - done, fs.zeroPage());
            if (part == PacketHandle.NONE) {
                break;
            }
            final int taken;
            try {
                taken = target.writePage(part);
            } finally {
                pages.release(PacketHandle.index(part));
            }
            done += taken;
            if (taken < PacketHandle.lengthBytes(part)) {
                break;
            }
        }
        return done;
    }

    private static long copy(final RegularFile from, final long position, final long lengthBytes,
            final WritableByteChannel target) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(lengthBytes, COPY_BYTES));
        long done = 0;
        try {
            while (done < lengthBytes) {
                buffer.clear().limit((int) Math.min(lengthBytes - done, buffer.capacity()));
                if (from.read(position + done, buffer) <= 0) {
                    break;
                }
                buffer.flip();
                final int taken = target.write(buffer);
                done += taken;
                if (buffer.hasRemaining()) {
                    break;
                }
            }
        } catch (final IOException failed) {
            if (done == 0) {
                throw failed;
            }
        }
        return done;
    }

    /** With the locks of a channel over it. */
    public void close(final Object channel) {
        if (file != null) {
            file.locks().removeAll(channel);
        }
        close();
    }

    @Override
    public void close() {
        if (open.compareAndSet(true, false)) {
            fs.closed(this);
            if (file != null) {
                file.closed();
            }
        }
    }
}
