package io.netchannel.samples.haproxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/** Puts heads and the framing of chunks into a buffer. */
public final class HeadWriter {

    /** {@code HTTP/1.0}, to which the minor version is added. */
    private static final long VERSION = 0x485454502f312e30L;
    private static final byte[] SEPARATOR = ascii(": ");
    private static final byte[] LAST_CHUNK = ascii("0\r\n");
    private static final int CRLF = '\r' << 8 | '\n';

    private HeadWriter() {
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The start line and all fields, without the empty line after them. */
    public static void write(final HttpMessage message, final ByteBuf out) {
        if (message.isRequest()) {
            message.writeMethod(out);
            out.writeByte(' ');
            message.writeUri(out);
            out.writeByte(' ');
            out.writeLong(VERSION | message.minorVersion());
        } else {
            out.writeLong(VERSION | message.minorVersion());
            final int status = message.status();
            out.writeInt(' ' << 24 | '0' + status / 100 << 16 | '0' + status / 10 % 10 << 8 | '0' + status % 10);
            out.writeByte(' ');
            message.writeReason(out);
        }
        out.writeShort(CRLF);
        fields(message, out);
    }

    public static void field(final String name, final String value, final ByteBuf out) {
        ByteBufUtil.writeAscii(out, name);
        out.writeBytes(SEPARATOR);
        out.writeCharSequence(value, StandardCharsets.ISO_8859_1);
        out.writeShort(CRLF);
    }

    public static void endOfHead(final ByteBuf out) {
        out.writeShort(CRLF);
    }

    /** The line before a chunk's data. */
    public static void chunkSize(final int size, final ByteBuf out) {
        int shift = 28;
        while (shift > 0 && size >>> shift == 0) {
            shift -= 4;
        }
        for (; shift >= 0; shift -= 4) {
            out.writeByte("0123456789abcdef".charAt(size >>> shift & 15));
        }
        out.writeShort(CRLF);
    }

    public static void endOfChunk(final ByteBuf out) {
        out.writeShort(CRLF);
    }

    /** @param trailers null: none */
    public static void lastChunk(final HttpMessage trailers, final ByteBuf out) {
        out.writeBytes(LAST_CHUNK);
        if (trailers != null) {
            fields(trailers, out);
        }
        out.writeShort(CRLF);
    }

    private static void fields(final HttpMessage message, final ByteBuf out) {
        int i = 0;
        while (i < message.size()) {
            i = message.writeUnchanged(i, out);
            if (i == message.size()) {
                break;
            }
            message.writeName(i, out);
            out.writeBytes(SEPARATOR);
            message.writeValue(i, out);
            out.writeShort(CRLF);
            i++;
        }
    }
}
