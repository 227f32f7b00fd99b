package io.netchannel.samples.haproxy.balance;

import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.http.HttpMessage;
import io.netchannel.samples.haproxy.http.Targets;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** Hashes of what requests carry, as haproxy takes them. */
public final class RequestKey {

    /** Behind TPKT (RFC 2126) and the connection request of X.224. */
    private static final int RDP_COOKIE_OFFSET = 11;

    private RequestKey() {
    }

    /** The words of an address, all by exclusive or; null for no address. */
    public static Integer source(final InetAddress address) {
        if (address == null) {
            return null;
        }
        final byte[] bytes = address.getAddress();
        int hash = 0;
        for (int i = 0; i < bytes.length; i += 4) {
            hash ^= (bytes[i] & 0xff) << 24 | (bytes[i + 1] & 0xff) << 16 | (bytes[i + 2] & 0xff) << 8
                    | bytes[i + 3] & 0xff;
        }
        return hash;
    }

    public static Integer text(final HashFunction function, final String text) {
        return function.hash(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Of what an expression gave, as bytes. */
    public static Integer value(final HashFunction function, final Value value) {
        return value instanceof final Value.Bin bytes
                ? function.hash(bytes.value())
                : text(function, Casts.string(value));
    }

    /** Of the cookie in the first packet of a remote desktop's connection ({@code Cookie: NAME=VALUE CR LF}); null: none. */
    public static Integer rdpCookie(final String name, final HashFunction function, final ByteBuf payload) {
        final String value = rdpCookieText(name, payload);
        return value == null ? null : text(function, value);
    }

    /** The cookie's value itself. */
    public static String rdpCookieText(final String name, final ByteBuf payload) {
        if (payload.readableBytes() < RDP_COOKIE_OFFSET) {
            return null;
        }
        final String text = payload.toString(payload.readerIndex() + RDP_COOKIE_OFFSET, payload.readableBytes()
                - RDP_COOKIE_OFFSET, StandardCharsets.ISO_8859_1);
        final String start = "Cookie: " + name + "=";
        final int end = text.indexOf('\r');
        return !text.regionMatches(true, 0, start, 0, start.length()) || end < 0
                ? null
                : text.substring(start.length(), end);
    }

    /**
     * Of what a request holds; null for other kinds, and where there is nothing.
     *
     * @param body what came of it: a form may have the parameter that the URI doesn't
     */
    public static Integer of(final Algorithm algorithm, final HashFunction function, final HttpMessage request,
            final Supplier<ByteBuf> body) {
        return switch (algorithm.kind()) {
            case URI -> uri(algorithm, function, request);
            case URL_PARAMETER -> {
                final int query = request.uri().indexOf('?');
                final Integer hash = query < 0
                        ? null
                        : parameter(algorithm.argument(), function, request.uri().substring(query + 1));
                yield hash != null || !request.isMethod("POST")
                        ? hash
                        : parameter(algorithm.argument(), function, body.get().toString(StandardCharsets.ISO_8859_1));
            }
            case FIELD -> field(algorithm, function, request);
            default -> null;
        };
    }

    private static Integer uri(final Algorithm algorithm, final HashFunction function, final HttpMessage request) {
        String uri = request.uri();
        if (algorithm.pathOnly()) {
            uri = Targets.pathAndQuery(uri);
        }
        int limit = uri.length();
        if (algorithm.lengthLimit() > 0) {
            limit = Math.min(limit, algorithm.lengthLimit());
        }
        int slashes = 0;
        int end = 0;
        while (end < limit) {
            final char c = uri.charAt(end);
            if (c == '/') {
                slashes++;
                if (algorithm.depth() > 0 && slashes == algorithm.depth() + 1) {
                    break;
                }
            } else if (c == '?' && !algorithm.whole()) {
                break;
            }
            end++;
        }
        return text(function, uri.substring(0, end));
    }

    /** @return the hash of a parameter's value in a query or a form; null if it isn't there */
    public static Integer parameter(final String name, final HashFunction function, final String parameters) {
        int at = 0;
        while (at < parameters.length()) {
            final int separator = parameters.indexOf('&', at);
            final int end = separator < 0 ? parameters.length() : separator;
            if (parameters.startsWith(name + "=", at)) {
                return text(function, parameters.substring(at + name.length() + 1, end));
            }
            at = end + 1;
        }
        return null;
    }

    private static Integer field(final Algorithm algorithm, final HashFunction function,
            final HttpMessage request) {
        final String value = request.first(algorithm.argument());
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (!algorithm.domainOnly()) {
            return text(function, value);
        }
        // The word before the last dot: what is left of "www.example.com" is "example".
        final int last = value.lastIndexOf('.');
        if (last < 0) {
            return text(function, value);
        }
        return text(function, value.substring(value.lastIndexOf('.', last - 1) + 1, last));
    }
}
