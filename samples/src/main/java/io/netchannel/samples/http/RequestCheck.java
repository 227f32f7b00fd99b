package io.netchannel.samples.http;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Locale;

/** What makes a request one that can be answered. */
final class RequestCheck {

    private RequestCheck() {
    }

    /** @return null if nothing is wrong */
    static HttpResponseStatus refusal(final FullHttpRequest request, final boolean http2) {
        if (request.decoderResult().isFailure()) {
            return switch (request.decoderResult().cause()) {
                case final TooLongHttpLineException _ -> HttpResponseStatus.REQUEST_URI_TOO_LONG;
                case final TooLongHttpHeaderException _ -> HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE;
                default -> HttpResponseStatus.BAD_REQUEST;
            };
        }
        if (request.protocolVersion().majorVersion() != 1) {
            return HttpResponseStatus.HTTP_VERSION_NOT_SUPPORTED;
        }
        // RFC 9112, 3.2: one Host, no more, no less. HTTP/2 has :authority in its place.
        if (!http2 && HttpVersion.HTTP_1_1.equals(request.protocolVersion())
                && request.headers().getAll(HttpHeaderNames.HOST).size() != 1) {
            return HttpResponseStatus.BAD_REQUEST;
        }
        return null;
    }

    /**
     * The path of a request's target, decoded.
     *
     * @return null if it has none, or it can't be decoded
     */
    static String path(final String target) {
        try {
            final String origin = originForm(target);
            return origin.startsWith("/") ? new QueryStringDecoder(origin).path() : null;
        } catch (final IllegalArgumentException e) {
            return null;
        }
    }

    /** RFC 9112, 3.2.2: a server takes the absolute form too. */
    private static String originForm(final String target) {
        final String lower = target.toLowerCase(Locale.ROOT);
        if (!lower.startsWith("http://") && !lower.startsWith("https://")) {
            return target;
        }
        final int path = target.indexOf('/', target.indexOf("//") + 2);
        return path < 0 ? "/" : target.substring(path);
    }
}
