package io.netchannel.samples.haproxy.expression.fetch;

import io.netchannel.samples.haproxy.expression.Addresses;
import io.netchannel.samples.haproxy.expression.ArgType;
import io.netchannel.samples.haproxy.expression.Casts;
import io.netchannel.samples.haproxy.expression.Evaluation;
import io.netchannel.samples.haproxy.expression.Hashes;
import io.netchannel.samples.haproxy.expression.LogFacts;
import io.netchannel.samples.haproxy.expression.Numbers;
import io.netchannel.samples.haproxy.expression.Origin;
import io.netchannel.samples.haproxy.expression.SampleContext.Direction;
import io.netchannel.samples.haproxy.expression.Signature;
import io.netchannel.samples.haproxy.expression.Type;
import io.netchannel.samples.haproxy.expression.Value;
import io.netchannel.samples.haproxy.http.HttpMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** Fetches of start lines: method, URI, version, status; and of what was captured of them. */
final class RequestFetches {

    private RequestFetches() {
    }

    static void addTo(final FetchTable table) {
        line(table, "method", Type.METH, Origin.REQUEST, request -> new Value.Method(request.method()));
        line(table, "url", Type.STR, Origin.REQUEST_HEADERS, request -> new Value.Str(request.uri()));
        line(table, "path", Type.STR, Origin.REQUEST_HEADERS, request -> text(Messages.path(request.uri())));
        line(table, "pathq", Type.STR, Origin.REQUEST_HEADERS, request -> text(Messages.pathAndQuery(request.uri())));
        line(table, "query", Type.STR, Origin.REQUEST_HEADERS, RequestFetches::query);
        line(table, "base", Type.STR, Origin.REQUEST_HEADERS, request -> base(request, false));
        line(table, "baseq", Type.STR, Origin.REQUEST_HEADERS, request -> base(request, true));
        line(table, "base32", Type.SINT, Origin.REQUEST_HEADERS, request -> new Value.Int(hash(request, false)));
        line(table, "url32", Type.SINT, Origin.REQUEST_HEADERS, request -> new Value.Int(hash(request, true)));
        table.add("base32+src", Type.BIN, Origin.REQUEST_HEADERS, evaluation -> hashAndSource(evaluation, false));
        table.add("url32+src", Type.BIN, Origin.REQUEST_HEADERS, evaluation -> hashAndSource(evaluation, true));
        line(table, "url_ip", Type.IPV4, Origin.REQUEST_HEADERS, request -> {
            final InetSocketAddress address = literal(request.uri());
            return address == null ? null : new Value.Ip(address.getAddress());
        });
        line(table, "url_port", Type.SINT, Origin.REQUEST_HEADERS, request -> {
            final InetSocketAddress address = literal(request.uri());
            return address == null ? null : new Value.Int(address.getPort());
        });
        for (final String name : new String[]{"req.ver", "req_ver"}) {
            line(table, name, Type.STR, Origin.REQUEST_HEADERS,
                    request -> new Value.Str("1." + request.minorVersion()));
        }
        for (final String name : new String[]{"req.proto_http", "req_proto_http"}) {
            line(table, name, Type.BOOL, Origin.REQUEST, _ -> Casts.bool(true));
        }
        response(table);
        captures(table);
    }

    private static void line(final FetchTable table, final String name, final Type type, final Origin origin,
            final Function<HttpMessage, Value> of) {
        table.add(name, type, origin, evaluation -> {
            final HttpMessage request = Messages.REQUEST.of(evaluation);
            return request == null ? null : of.apply(request);
        });
    }

    private static void response(final FetchTable table) {
        for (final String name : new String[]{"res.ver", "resp_ver"}) {
            table.add(name, Type.STR, Origin.RESPONSE_HEADERS, evaluation -> {
                final HttpMessage response = Messages.RESPONSE.of(evaluation);
                return response == null ? null : new Value.Str("1." + response.minorVersion());
            });
        }
        table.add("status", Type.SINT, Origin.RESPONSE, evaluation -> {
            final HttpMessage response = Messages.RESPONSE.of(evaluation);
            // The proxy's own answers are none of a server: logs have %ST for them.
            return response == null ? null : new Value.Int(response.status());
        });
    }

    private static void captures(final FetchTable table) {
        table.add("capture.req.hdr", Signature.of(1, ArgType.SINT), Type.STR, Origin.REQUEST, (args, place) -> {
            final int index = (int) args.number(0);
            return evaluation -> text(evaluation.context().captured(Direction.REQUEST, index));
        });
        table.add("capture.res.hdr", Signature.of(1, ArgType.SINT), Type.STR, Origin.RESPONSE, (args, place) -> {
            final int index = (int) args.number(0);
            return evaluation -> text(evaluation.context().captured(Direction.RESPONSE, index));
        });
        table.add("capture.req.method", Type.STR, Origin.REQUEST, evaluation -> text(word(evaluation, 0)));
        table.add("capture.req.uri", Type.STR, Origin.REQUEST, evaluation -> {
            final String uri = word(evaluation, 1);
            return uri == null ? null : text(Messages.pathAndQuery(uri));
        });
        table.add("capture.req.ver", Type.STR, Origin.REQUEST, evaluation -> version(evaluation.request()));
        table.add("capture.res.ver", Type.STR, Origin.REQUEST, evaluation -> version(evaluation.response()));
        table.add("unique-id", Signature.NONE, Type.STR, Origin.mask(Origin.CONST, Origin.LISTENER, Origin.FRONTEND),
                (args, place) -> evaluation -> {
                    final LogFacts log = evaluation.context().log();
                    return log == null ? null : text(log.uniqueId());
                });
        table.add("http_first_req", Type.BOOL, Origin.REQUEST, evaluation -> {
            final LogFacts log = evaluation.context().log();
            return log == null ? null : Casts.bool(log.firstRequest());
        });
    }

    private static Value version(final HttpMessage message) {
        return message == null ? null : new Value.Str(message.minorVersion() == 1 ? "HTTP/1.1" : "HTTP/1.0");
    }

    /** A word of the request line as it came, or null. */
    private static String word(final Evaluation evaluation, final int index) {
        final LogFacts log = evaluation.context().log();
        String line = log == null ? null : log.requestLine();
        if (line == null) {
            final HttpMessage request = evaluation.request();
            if (request == null) {
                return null;
            }
            line = request.method() + " " + request.uri();
        }
        final String[] words = line.split(" ", 3);
        return index < words.length ? words[index] : null;
    }

    static Value text(final String text) {
        return text == null ? null : new Value.Str(text);
    }

    private static Value query(final HttpMessage request) {
        final int mark = request.uri().indexOf('?');
        return mark < 0 ? null : new Value.Str(request.uri().substring(mark + 1));
    }

    private static Value base(final HttpMessage request, final boolean withQuery) {
        final String host = HeaderFetches.first(request, "host");
        final String path = withQuery ? Messages.pathAndQuery(request.uri()) : Messages.path(request.uri());
        if (host == null || host.isEmpty()) {
            return text(path);
        }
        return new Value.Str(path != null && path.startsWith("/") ? host + path : host);
    }

    private static long hash(final HttpMessage request, final boolean withQuery) {
        final String host = HeaderFetches.first(request, "host");
        final String path = withQuery ? Messages.pathAndQuery(request.uri()) : Messages.path(request.uri());
        int hash = host == null ? 0 : Hashes.sdbm(0, Casts.bytes(host));
        if (path != null && path.startsWith("/")) {
            hash = Hashes.sdbm(hash, Casts.bytes(path));
        }
        return Hashes.avalanche(hash) & 0xffffffffL;
    }

    private static Value hashAndSource(final Evaluation evaluation, final boolean withQuery) {
        final HttpMessage request = Messages.REQUEST.of(evaluation);
        final InetSocketAddress source = evaluation.context().source();
        if (request == null || source == null) {
            return null;
        }
        final byte[] address = source.getAddress().getAddress();
        return new Value.Bin(
                ByteBuffer.allocate(4 + address.length).putInt((int) hash(request, withQuery)).put(address).array());
    }

    /** The IPv4 address, and the port, that an absolute URI of http or https names. */
    private static InetSocketAddress literal(final String uri) {
        final int start = uri.indexOf("://") + 3;
        final String scheme = start < 3 ? "" : uri.substring(0, start - 3);
        final int usual = scheme.equalsIgnoreCase("http") ? 80 : scheme.equalsIgnoreCase("https") ? 443 : -1;
        if (usual < 0) {
            return null;
        }
        final String host = uri.substring(start);
        final InetAddress address = Addresses.leadingV4(host);
        if (address == null) {
            return null;
        }
        int end = 0;
        while (end < host.length() && (Numbers.isDigit(host.charAt(end)) || host.charAt(end) == '.')) {
            end++;
        }
        final long port = end < host.length() && host.charAt(end) == ':'
                ? Numbers.leading(host.substring(end + 1))
                : usual;
        return new InetSocketAddress(address, (int) port & 0xffff);
    }
}
