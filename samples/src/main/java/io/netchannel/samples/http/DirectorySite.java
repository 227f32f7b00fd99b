package io.netchannel.samples.http;

import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Date;

/** The files of a directory and those below it; nothing outside, whatever the path or a symbolic link says. */
final class DirectorySite implements Site {

    private static final String INDEX = "index.html";

    private final Path root;
    private final boolean listed;

    /**
     * @param listed whether a directory without an index is answered by its names
     * @throws IOException if it is no directory
     */
    DirectorySite(final Path root, final boolean listed) throws IOException {
        this.listed = listed;
        if (!Files.isDirectory(root)) {
            throw new NoSuchFileException(root.toString());
        }
        this.root = root.toRealPath();
    }

    @Override
    public Reply answer(final FullHttpRequest request, final String path) throws IOException {
        if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.HEAD.equals(request.method())) {
            return Reply.of(HttpResponseStatus.METHOD_NOT_ALLOWED).with(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        try {
            Path file = find(path);
            if (Files.isDirectory(file)) {
                if (!path.endsWith("/")) {
                    return toDirectory(request.uri());
                }
                if (listed && !Files.exists(file.resolve(INDEX))) {
                    return DirectoryList.of(path, file);
                }
                file = find(path + INDEX);
            } else if (path.endsWith("/")) {
                return Reply.of(HttpResponseStatus.NOT_FOUND);
            }
            final BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            // Opening a pipe or a device might wait for ever.
            return attributes.isRegularFile()
                    ? answer(request, file, attributes)
                    : Reply.of(HttpResponseStatus.NOT_FOUND);
        } catch (final InvalidPathException e) {
            return Reply.of(HttpResponseStatus.BAD_REQUEST);
        } catch (final java.nio.file.AccessDeniedException e) {
            return Reply.of(HttpResponseStatus.FORBIDDEN);
        } catch (final NoSuchFileException | FileSystemLoopException e) {
            return Reply.of(HttpResponseStatus.NOT_FOUND);
        } catch (final FileSystemException e) {
            // Too long a name, a file where a directory should be: there is no such thing.
            return Reply.of(HttpResponseStatus.NOT_FOUND);
        }
    }

    /** @throws NoSuchFileException also for what is outside of the root: its existence is nobody's business */
    private Path find(final String path) throws IOException {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        final Path named = root.resolve(path.substring(start)).normalize();
        if (!named.startsWith(root)) {
            throw new NoSuchFileException(path);
        }
        final Path real = named.toRealPath();
        if (!real.startsWith(root)) {
            throw new NoSuchFileException(path);
        }
        return real;
    }

    /** So that relative links of its index work. A relative reference itself, which can't lead to another host. */
    private static Reply toDirectory(final String uri) {
        final int query = uri.indexOf('?');
        final String raw = query < 0 ? uri : uri.substring(0, query);
        return Reply.of(HttpResponseStatus.MOVED_PERMANENTLY).with(HttpHeaderNames.LOCATION,
                "./" + raw.substring(raw.lastIndexOf('/') + 1) + "/");
    }

    private static Reply answer(final FullHttpRequest request, final Path file, final BasicFileAttributes attributes)
            throws IOException {
        final long sizeBytes = attributes.size();
        final long modifiedMs = attributes.lastModifiedTime().toMillis();
        final String etag = "\"" + Long.toHexString(modifiedMs) + "-" + Long.toHexString(sizeBytes) + "\"";
        final HttpHeaders headers = new DefaultHttpHeaders().set(HttpHeaderNames.ETAG, etag)
                .set(HttpHeaderNames.LAST_MODIFIED, DateFormatter.format(new Date(modifiedMs)))
                .set(HttpHeaderNames.ACCEPT_RANGES, "bytes");
        if (isUnchanged(request.headers(), etag, modifiedMs)) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(sizeBytes));
            return new Reply(HttpResponseStatus.NOT_MODIFIED, headers, Reply.NO_BODY);
        }
        headers.set(HttpHeaderNames.CONTENT_TYPE, ContentTypes.of(file.getFileName().toString()));
        final ByteRange range = range(request, etag, sizeBytes);
        if (range == null) {
            return file(HttpResponseStatus.OK, headers, file, new ByteRange(0, sizeBytes));
        }
        if (range.lengthBytes() == 0) {
            return Reply.of(HttpResponseStatus.REQUESTED_RANGE_NOT_SATISFIABLE).with(HttpHeaderNames.CONTENT_RANGE,
                    "bytes */" + sizeBytes);
        }
        headers.set(HttpHeaderNames.CONTENT_RANGE, "bytes " + range.offset() + "-"
                + (range.offset() + range.lengthBytes() - 1) + "/" + sizeBytes);
        return file(HttpResponseStatus.PARTIAL_CONTENT, headers, file, range);
    }

    private static Reply file(final HttpResponseStatus status, final HttpHeaders headers, final Path file,
            final ByteRange range) throws IOException {
        headers.set(HttpHeaderNames.CONTENT_LENGTH, String.valueOf(range.lengthBytes()));
        // Even for HEAD: it must say what GET would, and that may be that it can't be read.
        final FileChannel channel = FileChannel.open(file);
        if (range.lengthBytes() == 0) {
            channel.close();
            return new Reply(status, headers, Reply.NO_BODY);
        }
        return new Reply(status, headers, new Reply.FileRange(channel, range.offset(), range.lengthBytes()));
    }

    /** RFC 9110, 13.2.2: If-None-Match, if it is there, decides alone. */
    private static boolean isUnchanged(final HttpHeaders request, final String etag, final long modifiedMs) {
        final String tags = request.get(HttpHeaderNames.IF_NONE_MATCH);
        if (tags != null) {
            return tags.strip().equals("*") || tags.contains(etag);
        }
        final String date = request.get(HttpHeaderNames.IF_MODIFIED_SINCE);
        final Date since = date == null ? null : DateFormatter.parseHttpDate(date);
        // A date of HTTP has no fraction of a second.
        return since != null && modifiedMs / 1000 <= since.getTime() / 1000;
    }

    /** RFC 9110, 14.2: defined for GET alone, and only if If-Range holds. */
    private static ByteRange range(final FullHttpRequest request, final String etag, final long sizeBytes) {
        final String header = request.headers().get(HttpHeaderNames.RANGE);
        final String condition = request.headers().get(HttpHeaderNames.IF_RANGE);
        if (header == null || !HttpMethod.GET.equals(request.method())
                || condition != null && !condition.strip().equals(etag)) {
            return null;
        }
        return ByteRange.parse(header, sizeBytes);
    }
}
