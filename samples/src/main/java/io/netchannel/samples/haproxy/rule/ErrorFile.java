package io.netchannel.samples.haproxy.rule;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.http.Framing;
import io.netchannel.samples.haproxy.http.HeadLimits;
import io.netchannel.samples.haproxy.http.HeadParser;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads error files: whole responses. */
final class ErrorFile {

    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    private ErrorFile() {
    }

    /** @param maxBytes tune.bufsize; what is beyond is cut @return null of an empty file */
    static Reply load(final String file, final int maxBytes) throws ConfigException {
        final byte[] bytes;
        try {
            bytes = Files.readAllBytes(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new ConfigException("error opening file '" + file + "'.", e);
        }
        try {
            return parse(Arrays.copyOf(bytes, Math.min(bytes.length, maxBytes)));
        } catch (final ConfigException e) {
            throw new ConfigException("'" + file + "': " + e.getMessage(), e);
        }
    }

    /** @return null of an empty file */
    static Reply parse(final byte[] bytes) throws ConfigException {
        if (bytes.length == 0) {
            return null;
        }
        final HeadParser parser = new HeadParser(new HeadLimits(bytes.length + 1, HeadLimits.DEFAULT.fields(), false));
        parser.start(false, false);
        final ByteBuf in = Unpooled.wrappedBuffer(bytes);
        if (parser.feed(in) != HeadParser.Progress.DONE) {
            throw new ConfigException("unabled to parse headers (error offset: " + parser.errorPosition() + ")");
        }
        final HttpMessage head = parser.message().copy();
        final byte[] body = ByteBufUtil.getBytes(in);
        check(head, parser.framing(), body.length);
        final boolean bodiless = head.status() == NO_CONTENT || head.status() == NOT_MODIFIED;
        return new Reply(head, body,
                !parser.framing().close() && (bodiless || parser.framing().contentLength() != Framing.UNKNOWN));
    }

    private static void check(final HttpMessage head, final Framing framing, final int bodyBytes)
            throws ConfigException {
        final int status = head.status();
        if (status < 200 && status != 101) {
            throw new ConfigException("invalid http status code for an error message (" + status + ")");
        }
        if (framing.chunked()) {
            throw new ConfigException("chunk-encoded payload not supported");
        }
        final boolean bodiless = status == NO_CONTENT || status == NOT_MODIFIED || framing.contentLength() == 0;
        if (bodiless && bodyBytes > 0) {
            throw new ConfigException("message payload not expected");
        }
        if (framing.contentLength() != Framing.UNKNOWN && framing.contentLength() != bodyBytes) {
            throw new ConfigException("payload size does not match the announced content-length (" + bodyBytes + " != "
                    + framing.contentLength() + ")");
        }
    }
}
