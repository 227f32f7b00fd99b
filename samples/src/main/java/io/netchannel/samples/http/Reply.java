package io.netchannel.samples.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * An answer, before it takes a protocol's form.
 *
 * @param headers with Content-Length, also where no body follows
 */
record Reply(HttpResponseStatus status, HttpHeaders headers, Body body) {

    static final Body NO_BODY = new Bytes(Unpooled.EMPTY_BUFFER);

    /** Owned by the reply: sent, or discarded. */
    sealed interface Body {
        void discard() throws IOException;
    }

    record Bytes(ByteBuf bytes) implements Body {
        @Override
        public void discard() {
            bytes.release();
        }
    }

    /** So many bytes of an open file, of which this is the only user. */
    record FileRange(FileChannel file, long offset, long lengthBytes) implements Body {
        @Override
        public void discard() throws IOException {
            file.close();
        }
    }

    static Reply of(final HttpResponseStatus status, final CharSequence contentType, final ByteBuf bytes) {
        final HttpHeaders headers = new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, contentType)
                .set(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(bytes.readableBytes()));
        return new Reply(status, headers, new Bytes(bytes));
    }

    /** A status with its own words as body. */
    static Reply of(final HttpResponseStatus status) {
        return of(status, "text/plain; charset=utf-8",
                Unpooled.copiedBuffer(status + "\n", StandardCharsets.UTF_8));
    }

    Reply with(final CharSequence header, final CharSequence value) {
        headers.set(header, value);
        return this;
    }
}
