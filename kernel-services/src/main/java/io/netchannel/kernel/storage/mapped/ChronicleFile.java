package io.netchannel.kernel.storage.mapped;

import io.netchannel.kernel.linux.Linux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.MappedBytes;

/** A file mapped by Chronicle Bytes, in one piece; forced by {@code msync}. */
final class ChronicleFile implements StoredFile {

    private static final long PAGE_BYTES = Linux.pageBytes();

    static {
        // Before its first class is initialized: no words on standard output, no report of use, no thread that watches disks.
        for (final String off : new String[]{"chronicle.analytics.disable", "chronicle.announcer.disable",
            "chronicle.disk.monitor.disable"}) {
            if (System.getProperty(off) == null) {
                System.setProperty(off, "true");
            }
        }
    }

    private static final String FLAGS = "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"
            + " --add-opens=java.base/java.lang.reflect=ALL-UNNAMED --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED";

    private final String name;
    private final int sizeBytes;
    private final MappedBytes bytes;
    private final long address;

    /**
     * Chronicle Bytes maps by methods of the JDK that are not for everybody, and without them ends in an {@link AssertionError}.
     *
     * @throws UnsupportedOperationException naming the JVM's flags that give them
     */
    static void checkFlags() {
        checkFlags(MappedBytes.class.getModule());
    }

    static void checkFlags(final Module user) {
        final Module java = Object.class.getModule();
        if (!java.isExported("sun.nio.ch", user) || !java.isOpen("java.lang.reflect", user)) {
            throw new UnsupportedOperationException(
                    "files can't be mapped by Chronicle Bytes; start the JVM with " + FLAGS);
        }
    }

    ChronicleFile(final Path path, final int sizeBytes) {
        this.name = path.getFileName().toString();
        this.sizeBytes = sizeBytes;
        try {
            this.bytes = MappedBytes.singleMappedBytes(path.toFile(), sizeBytes);
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (final RuntimeException failed) {
            // Chronicle's own kinds: nobody else knows them.
            throw new UncheckedIOException(new IOException(path + ": " + failed.getMessage(), failed));
        }
        bytes.singleThreadedCheckDisabled(true);
        this.address = bytes.addressForRead(0);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public int sizeBytes() {
        return sizeBytes;
    }

    @Override
    @SuppressWarnings("restricted")
    public ByteBuffer buffer() {
        return MemorySegment.ofAddress(address).reinterpret(sizeBytes).asByteBuffer().order(ByteOrder.nativeOrder());
    }

    @Override
    public void force(final int offsetBytes, final int lengthBytes) {
        final long start = address + offsetBytes & -PAGE_BYTES;
        Linux.msync(start, address + offsetBytes + lengthBytes - start);
    }

    @Override
    public void close() {
        bytes.releaseLast();
    }

    @Override
    public String toString() {
        return name;
    }
}
