package io.netchannel.samples.interop;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Bodies of which each byte tells its request and its place: one from another request, or at another place, is seen. */
final class ChaosBody {

    private static final int LETTERS = 26;

    private ChaosBody() {
    }

    private static byte at(final long id, final long position) {
        final long mixed = (id * 0x9E37_79B9L + (position >>> 3)) * 0xC2B2_AE3D_27D4_EB4FL;
        return (byte) ('a' + ((mixed >>> (8 * (position & 7) / 2 + 20)) & 0xFF) % LETTERS);
    }

    static byte[] of(final long id, final int from, final int to) {
        final byte[] bytes = new byte[to - from];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = at(id, from + i);
        }
        return bytes;
    }

    static boolean isRight(final long id, final int from, final byte[] bytes, final int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] != at(id, from + i)) {
                return false;
            }
        }
        return true;
    }

    /** @return without its end, null at the end of the stream where a line would begin */
    static String line(final InputStream in) throws IOException {
        final StringBuilder line = new StringBuilder();
        while (true) {
            final int next = in.read();
            if (next < 0) {
                if (line.isEmpty()) {
                    return null;
                }
                throw new EOFException("in a line");
            }
            if (next == '\n') {
                return line.toString();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
    }

    static void write(final OutputStream out, final String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
