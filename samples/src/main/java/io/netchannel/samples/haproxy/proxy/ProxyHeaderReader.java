package io.netchannel.samples.haproxy.proxy;

import io.netchannel.samples.haproxy.expression.Addresses;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The PROXY protocol's header before a client's first byte (HAProxy's proxy-protocol specification, versions 1 and 2). Netty's codec
 * knows what is in it; here is where it ends, and what the codec leaves to others: refusing other protocols by their first
 * bytes, bounds of extensions, the checksum.
 */
final class ProxyHeaderReader {

    enum Outcome {
        MORE, DONE, INVALID,
        /** Not even the begin of one. */
        NONE
    }

    private static final ByteBuf V1_PREFIX = constant("PROXY ");
    private static final ByteBuf V2_SIGNATURE = constant("\r\n\r\n\0\r\nQUIT\n");
    private static final int V1_MAX_BYTES = 107;
    /**
     * <pre>
     *  0                   1                   2                   3
     *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
     * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
     * |                     signature (12 bytes)                      |
     * +-------+-------+-------+-------+-------------------------------+
     * |  ver  |  cmd  | family| proto |     length of what follows    |   section 2.2
     * +-------+-------+-------+-------+-------------------------------+
     * </pre>
     */
    static final int V2_HEAD_BYTES = 16;
    private static final int V2_LENGTH_AT = 14;
    private static final int V2_COMMAND_AT = 12;
    private static final int VERSION_PROXY = 0x21;
    private static final int V2_FAMILY_AT = 13;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int ADDRESSES4_BYTES = 12;
    private static final int ADDRESSES6_BYTES = 36;

    static final int TLV_AUTHORITY = 0x02;
    static final int TLV_CRC32C = 0x03;
    static final int TLV_UNIQUE_ID = 0x05;
    static final int TLV_HEAD_BYTES = 3;
    private static final int MAX_AUTHORITY_BYTES = 255;
    private static final int MAX_UNIQUE_ID_BYTES = 128;

    private ProxyHeader header;

    private static ByteBuf constant(final String text) {
        return Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    /**
     * Takes a header that is there whole from {@code in}; anything else is left there.
     *
     * @param limitBytes the longest that is waited for
     */
    Outcome read(final ByteBuf in, final int limitBytes) {
        final boolean struct = startsLike(in, V2_SIGNATURE);
        if (!struct && !startsLike(in, V1_PREFIX)) {
            return Outcome.NONE;
        }
        final int length = struct ? structLength(in, limitBytes) : lineLength(in);
        if (length <= 0) {
            return length == 0 ? Outcome.MORE : Outcome.INVALID;
        }
        header = decode(in.readSlice(length));
        return header == null ? Outcome.INVALID : Outcome.DONE;
    }

    /** Of the last {@link #read} that was DONE. */
    ProxyHeader header() {
        return header;
    }

    private static boolean startsLike(final ByteBuf in, final ByteBuf prefix) {
        return ByteBufUtil.equals(in, in.readerIndex(), prefix, 0, Math.min(in.readableBytes(), prefix
                .readableBytes()));
    }

    /** @return 0 while its end isn't there, -1 if it can't come any more */
    private static int lineLength(final ByteBuf in) {
        final int from = in.readerIndex();
        final int limit = Math.min(in.readableBytes(), V1_MAX_BYTES);
        final int lf = in.indexOf(from, from + limit, (byte) '\n');
        if (lf < 0) {
            return limit == V1_MAX_BYTES ? -1 : 0;
        }
        return in.getByte(lf - 1) == '\r' ? lf + 1 - from : -1;
    }

    private static int structLength(final ByteBuf in, final int limitBytes) {
        if (in.readableBytes() < V2_HEAD_BYTES) {
            return 0;
        }
        final int length = V2_HEAD_BYTES + in.getUnsignedShort(in.readerIndex() + V2_LENGTH_AT);
        return length > limitBytes ? -1 : in.readableBytes() < length ? 0 : length;
    }

    /** @return null if it is none */
    private static ProxyHeader decode(final ByteBuf header) {
        if (!extensionsAreValid(header)) {
            return null;
        }
        final EmbeddedChannel decoder = new EmbeddedChannel(new HAProxyMessageDecoder());
        try {
            decoder.writeInbound(header.retainedSlice());
            final HAProxyMessage message = decoder.readInbound();
            if (message == null) {
                return null;
            }
            try {
                return of(message);
            } finally {
                message.release();
            }
        } catch (final DecoderException e) {
            return null;
        } finally {
            decoder.finishAndReleaseAll();
        }
    }

    private static ProxyHeader of(final HAProxyMessage message) {
        String authority = null;
        String uniqueId = null;
        for (final HAProxyTLV extension : message.tlvs()) {
            if (extension.typeByteValue() == TLV_AUTHORITY) {
                authority = extension.content().toString(StandardCharsets.ISO_8859_1);
            } else if (extension.typeByteValue() == TLV_UNIQUE_ID) {
                uniqueId = extension.content().toString(StandardCharsets.ISO_8859_1);
            }
        }
        final boolean tcp = message.proxiedProtocol() == HAProxyProxiedProtocol.TCP4
                || message.proxiedProtocol() == HAProxyProxiedProtocol.TCP6;
        return new ProxyHeader(tcp ? address(message.sourceAddress(), message.sourcePort()) : null, tcp
                ? address(message.destinationAddress(), message.destinationPort())
                : null, authority, uniqueId);
    }

    private static InetSocketAddress address(final String literal, final int port) {
        return new InetSocketAddress(Addresses.any(literal), port);
    }

    /** Extensions (section 2.2.1 on) have to end where the header does. */
    private static boolean extensionsAreValid(final ByteBuf header) {
        final int start = header.readerIndex();
        if (!startsLike(header, V2_SIGNATURE) || header.getUnsignedByte(start + V2_COMMAND_AT) != VERSION_PROXY) {
            return true;
        }
        final int family = header.getUnsignedByte(start + V2_FAMILY_AT);
        final int addresses = family == TCP4 ? ADDRESSES4_BYTES : family == TCP6 ? ADDRESSES6_BYTES : 0;
        if (addresses == 0) {
            return true;
        }
        int at = start + V2_HEAD_BYTES + addresses;
        while (at < header.writerIndex()) {
            if (header.writerIndex() - at < TLV_HEAD_BYTES) {
                return false;
            }
            final int length = header.getUnsignedShort(at + 1);
            if (length > header.writerIndex() - at - TLV_HEAD_BYTES
                    || !isValid(header, header.getUnsignedByte(at), at + TLV_HEAD_BYTES, length)) {
                return false;
            }
            at += TLV_HEAD_BYTES + length;
        }
        return at == header.writerIndex();
    }

    private static boolean isValid(final ByteBuf header, final int type, final int valueAt, final int length) {
        return switch (type) {
            case TLV_AUTHORITY -> length <= MAX_AUTHORITY_BYTES;
            case TLV_UNIQUE_ID -> length <= MAX_UNIQUE_ID_BYTES;
            case TLV_CRC32C -> length == Integer.BYTES && checksum(header, valueAt - header.readerIndex()) == header
                    .getInt(valueAt);
            default -> true;
        };
    }

    /** Of the whole header, with the checksum itself as zero (section 2.2.3). */
    static int checksum(final ByteBuf header, final int checksumAt) {
        final byte[] bytes = ByteBufUtil.getBytes(header);
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[checksumAt + i] = 0;
        }
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
