package io.netchannel.samples.haproxy.stats.cli;

import io.netchannel.samples.haproxy.proxy.Backend;
import io.netchannel.samples.haproxy.proxy.Frontend;
import io.netchannel.samples.haproxy.proxy.InvalidMessage;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/** The text of {@code show errors} (management manual, 9.3), without the states of haproxy's own parser. */
final class InvalidMessages {

    private static final int LINE_CHARS = 80;

    private final ProxyServer proxies;
    private final DateTimeFormatter date;
    private final StringBuilder text = new StringBuilder();

    InvalidMessages(final ProxyServer proxies, final DateTimeFormatter date) {
        this.proxies = proxies;
        this.date = date;
    }

    /** @param id of the proxy; null: of all */
    String text(final long wallMs, final Integer id, final boolean requests, final boolean responses) {
        text.append("Total events captured on [").append(time(wallMs)).append("] : ").append(proxies
                .invalidMessages()).append('\n');
        for (final Frontend frontend : proxies.frontends()) {
            final InvalidMessage request = frontend.invalidRequest();
            if (requests && request != null && (id == null || id == frontend.id() || isBackend(request, id))) {
                text.append(" \n[").append(time(request.wallMs())).append("] frontend ").append(frontend.name())
                        .append(" (#").append(frontend.id()).append("): invalid request\n  backend ").append(
                                named(request.backend()));
                append(request);
            }
        }
        for (final Backend backend : proxies.backends()) {
            final InvalidMessage response = backend.invalidResponse();
            if (responses && response != null && (id == null || id == backend.id() || id == response.frontend()
                    .id())) {
                text.append(" \n[").append(time(response.wallMs())).append("] backend ").append(named(backend))
                        .append(": invalid response\n  frontend ").append(response.frontend().name()).append(" (#")
                        .append(response.frontend().id()).append(')');
                append(response);
            }
        }
        return text.toString();
    }

    private static boolean isBackend(final InvalidMessage request, final int id) {
        return request.backend() != null && request.backend().id() == id;
    }

    private String time(final long wallMs) {
        return date.format(Instant.ofEpochMilli(wallMs));
    }

    private static String named(final Backend backend) {
        return backend == null ? "<NONE> (#-1)" : backend.name() + " (#" + backend.id() + ")";
    }

    private void append(final InvalidMessage message) {
        text.append(", server ").append(message.server() == null
                ? "<NONE> (#-1)"
                : message.server().name() + " (#"
                        + message.server().id() + ")")
                .append(", event #").append(message.event()).append(", src ");
        if (message.source() == null) {
            text.append(":0");
        } else {
            text.append(message.source().getAddress().getHostAddress()).append(':').append(message.source().getPort());
        }
        final int size = proxies.bufferBytes();
        text.append("\n  buffer starts at 0 (including 0 out), ").append(Math.max(0, size - message.bytes().length))
                .append(" free,\n  len ").append(message.bytes().length).append(", wraps at ").append(size).append(
                        ", error at position ")
                .append(message.position()).append("\n  \n");
        lines(message.bytes());
    }

    /** Each line by its offset; a plus sign before what continues one. */
    private void lines(final byte[] bytes) {
        int at = 0;
        int lineStart = 0;
        while (at < bytes.length) {
            final int from = text.length();
            text.append(String.format("  %05d%c ", at, at == lineStart ? ' ' : '+'));
            boolean whole = false;
            while (at < bytes.length && !whole) {
                final String escaped = escape(bytes[at] & 0xff);
                if (text.length() - from + escaped.length() >= LINE_CHARS) {
                    break;
                }
                text.append(escaped);
                whole = bytes[at] == '\n';
                at++;
            }
            if (whole) {
                lineStart = at;
            }
            text.append('\n');
        }
    }

    private static String escape(final int c) {
        return switch (c) {
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case 0x1b -> "\\e";
            case '\\' -> "\\\\";
            default -> c >= ' ' && c < 0x7f ? String.valueOf((char) c) : String.format("\\x%02X", c);
        };
    }
}
