package io.netchannel.samples.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** For load tools: a short text at /, and what was posted at /echo. */
final class FixedSite implements Site {

    private static final ByteBuf TEXT = Unpooled.unreleasableBuffer(
            Unpooled.directBuffer().writeBytes("Hello, World!\n".getBytes(StandardCharsets.US_ASCII)));

    @Override
    public Reply answer(final FullHttpRequest request, final String path) {
        return switch (path) {
            case "/" -> HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method())
                    ? Reply.of(HttpResponseStatus.OK, "text/plain", TEXT.duplicate())
                    : Reply.of(HttpResponseStatus.METHOD_NOT_ALLOWED).with(HttpHeaderNames.ALLOW, "GET, HEAD");
            case "/echo" -> HttpMethod.POST.equals(request.method())
                    ? echo(request)
                    : Reply.of(HttpResponseStatus.METHOD_NOT_ALLOWED).with(HttpHeaderNames.ALLOW, "POST");
            default -> Reply.of(HttpResponseStatus.NOT_FOUND);
        };
    }

    private static Reply echo(final FullHttpRequest request) {
        final String type = request.headers().get(HttpHeaderNames.CONTENT_TYPE, "application/octet-stream");
        return Reply.of(HttpResponseStatus.OK, type, request.content().retainedDuplicate());
    }
}
