package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Fetches of what a TLS client says first, while its bytes pass through (RFC 8446, section 4.1.2). */
final class ClientHelloFetches {

    private static final int HANDSHAKE = 0x16;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int SUPPORTED_GROUPS = 10;
    private static final int ALPN = 16;
    private static final int SESSION_TICKET = 35;

    private ClientHelloFetches() {
    }

    static void addTo(final FetchTable table) {
        for (final String name : new String[]{"req.ssl_sni", "req_ssl_sni"}) {
            table.add(name, Type.STR, Origin.REQUEST_BUFFER, ClientHelloFetches::serverName);
        }
        for (final String name : new String[]{"req.ssl_hello_type", "req_ssl_hello_type"}) {
            table.add(name, Type.SINT, Origin.REQUEST_BUFFER, ClientHelloFetches::helloType);
        }
        for (final String name : new String[]{"res.ssl_hello_type", "rep_ssl_hello_type"}) {
            table.add(name, Type.SINT, Origin.RESPONSE_BUFFER, ClientHelloFetches::helloType);
        }
        for (final String name : new String[]{"req.ssl_ver", "req_ssl_ver"}) {
            table.add(name, Type.SINT, Origin.REQUEST_BUFFER, ClientHelloFetches::version);
        }
        table.add("req.ssl_alpn", Type.STR, Origin.REQUEST_BUFFER, ClientHelloFetches::alpn);
        table.add("req.ssl_ec_ext", Type.BOOL, Origin.REQUEST_BUFFER, evaluation -> {
            final int at = extension(evaluation, SUPPORTED_GROUPS);
            return at < 0 ? null : Casts.bool(true);
        });
        table.add("req.ssl_st_ext", Type.SINT, Origin.REQUEST_BUFFER, ClientHelloFetches::ticket);
    }

    /** 1 of a client's hello, 2 of a server's. */
    private static Value helloType(final Evaluation evaluation) {
        final ByteBuf bytes = record(evaluation);
        if (bytes == null) {
            return null;
        }
        if (bytes.readableBytes() < 6) {
            evaluation.answerMayChange();
            return null;
        }
        final int type = bytes.getUnsignedByte(bytes.readerIndex() + 5);
        return type == CLIENT_HELLO || type == 2 ? new Value.Int(type) : null;
    }

    /** As major and minor in 16 bits each, which patterns of versions compare. */
    private static Value version(final Evaluation evaluation) {
        final ByteBuf bytes = record(evaluation);
        if (bytes == null) {
            return null;
        }
        if (bytes.readableBytes() < 11) {
            evaluation.answerMayChange();
            return null;
        }
        final int start = bytes.readerIndex();
        if (bytes.getUnsignedByte(start + 5) != CLIENT_HELLO) {
            return null;
        }
        return new Value.Int((long) bytes.getUnsignedByte(start + 9) << 16 | bytes.getUnsignedByte(start + 10));
    }

    /** The bytes if they begin as a handshake's record of SSL 3 or later. */
    private static ByteBuf record(final Evaluation evaluation) {
        final ByteBuf bytes = PayloadFetches.bytes(evaluation);
        if (bytes == null) {
            return null;
        }
        if (bytes.readableBytes() < 3) {
            if (!bytes.isReadable() || bytes.getUnsignedByte(bytes.readerIndex()) == HANDSHAKE) {
                evaluation.answerMayChange();
            }
            return null;
        }
        final int start = bytes.readerIndex();
        return bytes.getUnsignedByte(start) == HANDSHAKE && bytes.getUnsignedByte(start + 1) >= 3 ? bytes : null;
    }

    /** @return the index of the extension's length, or -1; all of the extension is there */
    private static int extension(final Evaluation evaluation, final int wanted) {
        final ByteBuf bytes = record(evaluation);
        if (bytes == null) {
            return -1;
        }
        final int start = bytes.readerIndex();
        if (bytes.readableBytes() < 9) {
            evaluation.answerMayChange();
            return -1;
        }
        if (bytes.getUnsignedByte(start + 5) != CLIENT_HELLO) {
            return -1;
        }
        final int length = bytes.getUnsignedMedium(start + 6);
        if (bytes.readableBytes() < 9 + length) {
            evaluation.answerMayChange();
            return -1;
        }
        final int end = start + 9 + length;
        // Version and random, then the session id, the cipher suites, the compression methods.
        int at = start + 9 + 34;
        if (at >= end) {
            return -1;
        }
        at += 1 + bytes.getUnsignedByte(at);
        if (at + 2 > end) {
            return -1;
        }
        at += 2 + bytes.getUnsignedShort(at);
        if (at >= end) {
            return -1;
        }
        at += 1 + bytes.getUnsignedByte(at) + 2;
        while (at + 4 <= end) {
            final int size = bytes.getUnsignedShort(at + 2);
            if (at + 4 + size > end) {
                return -1;
            }
            if (bytes.getUnsignedShort(at) == wanted) {
                return at + 2;
            }
            at += 4 + size;
        }
        return -1;
    }

    private static Value serverName(final Evaluation evaluation) {
        final int at = extension(evaluation, SERVER_NAME);
        if (at < 0) {
            return null;
        }
        final ByteBuf bytes = evaluation.context().payload();
        final int size = bytes.getUnsignedShort(at);
        if (size < 5 || bytes.getUnsignedByte(at + 4) != 0) {
            return null;
        }
        final int length = bytes.getUnsignedShort(at + 5);
        return length + 5 > size ? null : new Value.Str(bytes.toString(at + 7, length, StandardCharsets.ISO_8859_1));
    }

    private static Value alpn(final Evaluation evaluation) {
        final int at = extension(evaluation, ALPN);
        if (at < 0) {
            return null;
        }
        final ByteBuf bytes = evaluation.context().payload();
        final int end = at + 2 + bytes.getUnsignedShort(at);
        final StringBuilder names = new StringBuilder();
        for (int name = at + 4; name < end;) {
            final int length = bytes.getUnsignedByte(name);
            if (name + 1 + length > end) {
                return null;
            }
            names.append(names.isEmpty() ? "" : ",")
                    .append(bytes.toString(name + 1, length, StandardCharsets.ISO_8859_1));
            name += 1 + length;
        }
        return new Value.Str(names.toString());
    }

    /** 0: no session ticket extension; 1: an empty one; 2: one with a ticket. */
    private static Value ticket(final Evaluation evaluation) {
        final int at = extension(evaluation, SESSION_TICKET);
        if (at < 0) {
            return null;
        }
        return new Value.Int(evaluation.context().payload().getUnsignedShort(at) == 0 ? 1 : 2);
    }
}
