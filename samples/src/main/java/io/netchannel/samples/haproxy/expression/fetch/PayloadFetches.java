package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Args;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Fetch;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Fetches of the raw bytes of a connection; they have no answer in mode http. */
final class PayloadFetches {

    /** haproxy's buffer ({@code tune.bufsize}): what is asked behind it never comes. */
    private static final long BUFFER_BYTES = 16_384;

    /** Of a start line, besides its texts. */
    private static final int START_LINE_BYTES = 20;
    private static final int VERSION_BYTES = 8;
    private static final int STATUS_BYTES = 3;

    private PayloadFetches() {
    }

    static void addTo(final FetchTable table) {
        final int either = Origin.mask(Origin.REQUEST_BUFFER, Origin.RESPONSE_BUFFER);
        payload(table, "", either);
        payload(table, "req.", Origin.REQUEST_BUFFER.bit());
        payload(table, "res.", Origin.RESPONSE_BUFFER.bit());
        for (final String name : new String[]{"req.len", "req_len"}) {
            length(table, name, Origin.REQUEST_BUFFER);
        }
        length(table, "res.len", Origin.RESPONSE_BUFFER);
        for (final String name : new String[]{"rdp_cookie", "req.rdp_cookie", "req_rdp_cookie"}) {
            table.add(name, FetchTable.OPTIONAL_STRING, Type.STR, Origin.REQUEST_BUFFER, (args, place) -> {
                final String wanted = args.text(0);
                return evaluation -> rdpCookie(evaluation, wanted);
            });
            table.add(name + "_cnt", FetchTable.OPTIONAL_STRING, Type.SINT, Origin.REQUEST_BUFFER, (args, place) -> {
                final String wanted = args.text(0);
                return evaluation -> rdpCookie(evaluation, wanted) == null ? null : new Value.Int(1);
            });
        }
        table.add("wait_end", Type.BOOL, Origin.INTERNAL, evaluation -> {
            if (!evaluation.complete()) {
                evaluation.answerMayChange();
                return null;
            }
            return Casts.bool(true);
        });
        ClientHelloFetches.addTo(table);
    }

    /** The bytes so far; null in mode http, or if there are none yet, which may change. */
    static ByteBuf bytes(final Evaluation evaluation) {
        if (evaluation.request() != null || evaluation.response() != null) {
            return null;
        }
        final ByteBuf bytes = evaluation.context().payload();
        if (bytes == null) {
            evaluation.answerMayChange();
        }
        return bytes;
    }

    private static void length(final FetchTable table, final String name, final Origin origin) {
        table.add(name, Type.SINT, origin, evaluation -> {
            evaluation.answerMayChange();
            final ByteBuf bytes = evaluation.context().payload();
            final HttpMessage message = origin == Origin.REQUEST_BUFFER ? evaluation.request() : evaluation.response();
            return new Value.Int(headBytes(message) + (bytes == null ? 0 : bytes.readableBytes()));
        });
    }

    /** In mode http, as haproxy counts what it keeps of a head: the texts, {@value #START_LINE_BYTES} and an end. */
    private static long headBytes(final HttpMessage message) {
        if (message == null) {
            return 0;
        }
        long bytes = START_LINE_BYTES + VERSION_BYTES + 1;
        bytes += message.isRequest()
                ? message.method().length() + message.uri().length()
                : STATUS_BYTES + message.reason().length();
        for (int i = 0; i < message.size(); i++) {
            bytes += message.name(i).length() + message.value(i).length();
        }
        return bytes;
    }

    private static void payload(final FetchTable table, final String prefix, final int origins) {
        table.add(prefix + "payload", Signature.of(2, ArgType.SINT, ArgType.SINT), Type.BIN, origins, (args, place) -> {
            final long offset = args.number(0) & 0xffffffffL;
            final long size = args.number(1) & 0xffffffffL;
            return evaluation -> payload(evaluation, offset, size);
        });
        table.add(prefix + "payload_lv", Signature.of(2, ArgType.SINT, ArgType.SINT, ArgType.STR), Type.BIN, origins,
                (args, place) -> lengthValue(args));
    }

    /** @param size 0: all that is there */
    private static Value payload(final Evaluation evaluation, final long offset, final long size) {
        final ByteBuf bytes = bytes(evaluation);
        if (bytes == null || offset + size > BUFFER_BYTES) {
            return null;
        }
        if (offset + size > bytes.readableBytes()) {
            evaluation.answerMayChange();
            return null;
        }
        if (size == 0 && !evaluation.context().payloadComplete()) {
            evaluation.answerMayChange();
        }
        return slice(bytes, offset, size == 0 ? bytes.readableBytes() - offset : size);
    }

    private static Value slice(final ByteBuf bytes, final long offset, final long size) {
        final byte[] slice = new byte[(int) size];
        bytes.getBytes(bytes.readerIndex() + (int) offset, slice);
        return new Value.Bin(slice);
    }

    private static Fetch.Sampler lengthValue(final Args args) throws ConfigException {
        final long lengthSize = args.number(1);
        final String text = args.text(2);
        // Whatever lies behind the buffer is as far away as its end: no sum of these overflows.
        final long lengthOffset = Math.min(args.number(0), BUFFER_BYTES);
        if (lengthOffset < 0) {
            throw new ConfigException("payload offset1 must be positive");
        }
        if (lengthSize == 0) {
            throw new ConfigException("payload length must be > 0");
        }
        if (!Numbers.isWhole(text)) {
            throw new ConfigException("payload offset2 is not a number");
        }
        final boolean relative = text.isEmpty() || text.charAt(0) == '+' || text.charAt(0) == '-';
        final long second = Math.clamp(Numbers.leading(text), -BUFFER_BYTES, BUFFER_BYTES);
        if (lengthOffset + lengthSize + second < 0) {
            throw new ConfigException("payload offset2 too negative");
        }
        final long offset = relative ? lengthOffset + lengthSize + second : second;
        return evaluation -> {
            final ByteBuf bytes = bytes(evaluation);
            if (bytes == null) {
                return null;
            }
            if (lengthSize < 0 || lengthSize > BUFFER_BYTES || lengthOffset + lengthSize > bytes.readableBytes()) {
                evaluation.answerMayChange();
                return null;
            }
            long size = 0;
            for (int i = 0; i < lengthSize; i++) {
                size = size << 8 & 0xffffffffL | bytes.getUnsignedByte(bytes.readerIndex() + (int) lengthOffset + i);
            }
            if (size == 0 || offset + size > BUFFER_BYTES) {
                return null;
            }
            if (offset + size > bytes.readableBytes()) {
                evaluation.answerMayChange();
                return null;
            }
            return slice(bytes, offset, size);
        };
    }

    /** {@code Cookie: name=value} behind the header of an RDP connection request (MS-RDPBCGR 2.2.1.1). */
    private static Value rdpCookie(final Evaluation evaluation, final String wanted) {
        final ByteBuf bytes = bytes(evaluation);
        if (bytes == null) {
            return null;
        }
        final String text = bytes.toString(StandardCharsets.ISO_8859_1);
        final int header = 11;
        if (text.length() <= header + 7) {
            evaluation.answerMayChange();
            return null;
        }
        if (!text.regionMatches(true, header, "Cookie:", 0, 7)) {
            return null;
        }
        int at = header + 7;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        final int equal = text.indexOf('=', at);
        final int end = text.indexOf('\r', at);
        if (equal < 0 && end < 0 || end < 0 || end + 1 >= text.length()) {
            evaluation.answerMayChange();
            return null;
        }
        if (equal < 0 || equal > end || text.charAt(end + 1) != '\n'
                || !wanted.isEmpty() && !text.substring(at, equal).equalsIgnoreCase(wanted)) {
            return null;
        }
        return new Value.Str(text.substring(equal + 1, end));
    }
}
