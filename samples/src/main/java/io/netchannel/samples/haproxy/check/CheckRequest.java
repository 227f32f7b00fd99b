package io.netchannel.samples.haproxy.check;

import java.util.Locale;

/** The request that an {@code http-check send} sends. */
final class CheckRequest {

    private CheckRequest() {
    }

    /** @param stateHeader value of X-Haproxy-Server-State, or null */
    static String text(final Step.SendRequest request, final CheckContext context, final String stateHeader) {
        final String format = request.uriFormat() == null ? "" : request.uriFormat().format(context);
        final String uri = request.uriFormat() == null || format.isEmpty() ? request.uri() : format;
        final String body = body(request, context);
        final StringBuilder text = new StringBuilder(request.method()).append(' ').append(uri).append(' ')
                .append(request.version()).append("\r\n");
        boolean connection = false;
        for (final Step.Field field : request.fields()) {
            final String name = field.name().toLowerCase(Locale.ROOT);
            final String value = field.value().format(context);
            connection |= "connection".equals(name);
            if (!value.isEmpty()) {
                field(text, name, value);
            }
        }
        if (stateHeader != null) {
            field(text, "x-haproxy-server-state", stateHeader);
        }
        if (!connection && request.version().endsWith("1.1")) {
            field(text, "connection", "close");
        }
        if (!body.isEmpty()) {
            field(text, "content-length", Integer.toString(body.length()));
        }
        return text.append("\r\n").append(body).toString();
    }

    private static String body(final Step.SendRequest request, final CheckContext context) {
        if (request.bodyFormat() != null) {
            return request.bodyFormat().format(context);
        }
        return request.body() == null ? "" : request.body();
    }

    private static void field(final StringBuilder text, final String name, final String value) {
        text.append(name).append(": ").append(value).append("\r\n");
    }
}
