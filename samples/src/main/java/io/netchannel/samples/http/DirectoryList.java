package io.netchannel.samples.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The names in a directory, as HTML. */
final class DirectoryList {

    private static final int MAX_NAMES = 10_000;

    private DirectoryList() {
    }

    /** @param path of the request, for the title */
    static Reply of(final String path, final Path directory) throws IOException {
        final List<String> items = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (final Path entry : (Iterable<Path>) entries.sorted().limit(MAX_NAMES)::iterator) {
                final String name = entry.getFileName() + (Files.isDirectory(entry) ? "/" : "");
                items.add("<li><a href=\"./" + reference(name) + "\">" + escaped(name) + "</a>");
            }
        }
        final String title = escaped(path);
        return Reply.of(HttpResponseStatus.OK, "text/html; charset=utf-8", Unpooled.copiedBuffer(
                "<!DOCTYPE html><title>" + title + "</title><h1>" + title + "</h1><ul>\n" + String.join("\n", items)
                        + "\n</ul>\n",
                StandardCharsets.UTF_8));
    }

    /** RFC 3986, 2.1: percent-encoded, but for the slash at its end. */
    private static String reference(final String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
    }

    private static String escaped(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }
}
