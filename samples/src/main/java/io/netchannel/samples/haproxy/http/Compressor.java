package io.netchannel.samples.haproxy.http;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses one body, piece by piece: each piece can be read by the client when it comes, since the server may be slow.
 *
 * <p>Threading: confined to the proxy's loop. To be closed, as it holds memory outside the heap.
 */
public final class Compressor implements AutoCloseable {

    private static final int PIECE_BYTES = 8192;
    private static final byte[] GZIP_HEAD = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};

    private final Deflater deflater;
    /** Null: the format has none. */
    private final CRC32 checksum;
    private final byte[] piece = new byte[PIECE_BYTES];
    private long lengthBytes;
    private boolean begun;
    private boolean closed;

    /** @param algorithm not {@code IDENTITY} @param level 0 to 9, of zlib */
    public Compressor(final Compression algorithm, final int level) {
        deflater = new Deflater(level, algorithm != Compression.DEFLATE);
        checksum = algorithm == Compression.GZIP ? new CRC32() : null;
    }

    /** Takes {@code bytes} of {@code in} and appends to {@code out} what they become. */
    public void add(final ByteBuf in, final int bytes, final ByteBuf out) {
        begin(out);
        lengthBytes += bytes;
        for (int left = bytes; left > 0;) {
            final int take = Math.min(left, piece.length);
            in.readBytes(piece, 0, take);
            left -= take;
            if (checksum != null) {
                checksum.update(piece, 0, take);
            }
            deflater.setInput(piece, 0, take);
            drain(left > 0 ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH, out);
        }
    }

    /** The end of the body. */
    public void finish(final ByteBuf out) {
        begin(out);
        deflater.setInput(piece, 0, 0);
        deflater.finish();
        drain(Deflater.NO_FLUSH, out);
        if (checksum != null) {
            // RFC 1952 section 2.3: both least significant byte first.
            out.writeIntLE((int) checksum.getValue());
            out.writeIntLE((int) lengthBytes);
        }
        close();
    }

    private void begin(final ByteBuf out) {
        if (!begun) {
            begun = true;
            if (checksum != null) {
                out.writeBytes(GZIP_HEAD);
            }
        }
    }

    private void drain(final int flush, final ByteBuf out) {
        int written;
        do {
            out.ensureWritable(PIECE_BYTES);
            written = deflater.deflate(out.nioBuffer(out.writerIndex(), PIECE_BYTES), flush);
            out.writerIndex(out.writerIndex() + written);
        } while (written == PIECE_BYTES || !deflater.needsInput() && !deflater.finished());
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            deflater.end();
        }
    }
}
