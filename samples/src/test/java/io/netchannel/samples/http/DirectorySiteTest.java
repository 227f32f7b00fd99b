package io.netchannel.samples.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files over HTTP/1.1, and what is not to be had. */
final class DirectorySiteTest {

    @TempDir
    Path directory;

    private TestConnection connection;

    @BeforeEach
    void makeFiles() throws IOException {
        final Path root = Files.createDirectories(directory.resolve("root/sub")).getParent();
        Files.writeString(root.resolve("a b.txt"), "0123456789");
        Files.setLastModifiedTime(root.resolve("a b.txt"), FileTime.fromMillis(86_400_500));
        Files.writeString(root.resolve("sub/index.html"), "<p>");
        Files.createFile(root.resolve("empty"));
        Files.writeString(directory.resolve("secret"), "secret");
        Files.createDirectory(directory.resolve("root2"));
        Files.writeString(directory.resolve("root2/secret"), "secret");
        Files.createSymbolicLink(root.resolve("out"), directory.resolve("secret"));
        Files.createSymbolicLink(root.resolve("up"), directory);
        Files.createSymbolicLink(root.resolve("in"), root.resolve("a b.txt"));
        Files.createSymbolicLink(root.resolve("loop"), root.resolve("loop"));
        connection = new TestConnection(new DirectorySite(root, false));
    }

    @Test
    void shouldServeAFile() throws IOException {
        assertThat(connection.get("/a%20b.txt")).startsWith("HTTP/1.1 200 OK\r\n").contains(
                "content-type: text/plain; charset=utf-8\r\n", "content-length: 10\r\n",
                "last-modified: Fri, 02 Jan 1970 00:00:00 GMT\r\n").endsWith("\r\n\r\n0123456789");
        assertThat(connection.get("/in")).endsWith("\r\n\r\n0123456789");
        assertThat(connection.get("/empty")).contains("content-length: 0\r\n").endsWith("\r\n\r\n");
        assertThat(connection.get("/sub/")).contains("content-type: text/html").endsWith("\r\n\r\n<p>");
        assertThat(connection.get("/sub/../a%20b.txt")).endsWith("0123456789");
    }

    @Test
    void shouldSendFilesInTheOrderOfTheirRequests() throws IOException {
        final String head = " HTTP/1.1\r\nHost: x\r\n\r\n";
        final String answers = connection.send(("GET /in" + head + "GET /no" + head + "HEAD /in" + head).repeat(100));
        assertThat(answers.split("0123456789", -1)).hasSize(101);
        assertThat(answers.split("HTTP/1.1 404", -1)).hasSize(101);
        assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(201);
    }

    @Test
    void shouldSendToADirectoryWithItsSlash() throws IOException {
        assertThat(connection.get("/sub?x")).startsWith("HTTP/1.1 301 ").contains("location: ./sub/\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no", "/", "/../secret", "/%2e%2e/secret", "/..%2fsecret", "/sub/../../secret",
        "/../root2/secret", "/out", "/up/secret", "/loop", "//etc/passwd", "/%2fetc/passwd", "/a%20b.txt/",
        "/a%20b.txt/x"})
    void shouldServeNothingElse(final String target) throws IOException {
        assertThat(connection.get(target)).startsWith("HTTP/1.1 404 ").endsWith("404 Not Found\n");
    }

    @Test
    void shouldRefuseAZeroByte() throws IOException {
        assertThat(connection.get("/a%00")).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void shouldRefuseToWrite() throws IOException {
        assertThat(connection.send("PUT /in HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"))
                .startsWith("HTTP/1.1 405 ").contains("allow: GET, HEAD\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "If-None-Match: ETAG                             | 304",
        "If-None-Match: \"x\", W/ETAG                    | 304",
        "If-None-Match: *                                | 304",
        "If-None-Match: \"x\"                            | 200",
        "If-Modified-Since: Fri, 02 Jan 1970 00:00:00 GMT| 304",
        "If-Modified-Since: Thu, 01 Jan 1970 23:59:59 GMT| 200",
        "If-Modified-Since: yesterday                    | 200"})
    void shouldAnswerOnlyWhatHasChanged(final String condition, final int status) throws IOException {
        final String first = connection.get("/in");
        final String etag = first.substring(first.indexOf("etag: ") + 6,
                first.indexOf("\r\n", first.indexOf("etag: ")));
        assertThat(connection.get("/in", condition.replace("ETAG", etag))).startsWith("HTTP/1.1 " + status + " ")
                .endsWith(status == 304 ? "\r\n\r\n" : "0123456789");
        assertThat(connection.channel.isOpen()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bytes=0-1       | 206 | 01",
        "bytes=8-        | 206 | 89",
        "bytes=8-99      | 206 | 89",
        "bytes=-3        | 206 | 789",
        "bytes=-99       | 206 | 0123456789",
        "bytes=10-       | 416 | -",
        "bytes=-0        | 416 | -",
        "bytes=2-1       | 200 | 0123456789",
        "bytes=0-0,5-5   | 200 | 0123456789",
        "lines=0-1       | 200 | 0123456789"})
    void shouldServeARange(final String range, final int status, final String body) throws IOException {
        final String answer = connection.get("/in", "Range: " + range);
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
        if (status != 416) {
            assertThat(answer).endsWith("\r\n\r\n" + body);
        } else {
            assertThat(answer).contains("content-range: bytes */10\r\n");
        }
    }

    @Test
    void shouldServeAllIfTheRangeIsOfAnother() throws IOException {
        assertThat(connection.get("/in", "Range: bytes=0-1", "If-Range: \"x\"")).startsWith("HTTP/1.1 200 ");
    }

    // -- a directory in memory

    @Test
    void shouldServeALoadedDirectoryAsTheDirectory() throws IOException {
        final Path root = directory.resolve("root");
        try (LoadedDirectory loaded = LoadedDirectory.load(root, null, 1 << 20)) {
            assertThat(loaded.leftOut()).isEqualTo(3);
            final TestConnection inMemory = new TestConnection(new DirectorySite(loaded.root(), false));
            for (final String target : List.of("/a%20b.txt", "/in", "/empty", "/sub/", "/sub?x", "/no", "/out",
                    "/up/secret",
                    "/loop", "/", "/../secret", "/a%20b.txt/x")) {
                assertThat(inMemory.get(target)).as(target).isEqualTo(connection.get(target));
            }
            assertThat(inMemory.get("/in", "Range: bytes=8-")).endsWith("\r\n\r\n89");
            Files.writeString(root.resolve("a b.txt"), "changed");
            assertThat(inMemory.get("/in")).endsWith("0123456789");
        }
    }

    @Test
    void shouldRefuseADirectoryThatIsLargerThanTheQuota() throws IOException {
        Files.write(directory.resolve("root/large"), new byte[2 << 20]);
        assertThatThrownBy(() -> LoadedDirectory.load(directory.resolve("root"), null, 1 << 20))
                .isInstanceOf(IOException.class).hasMessageContaining("No space left on device");
    }

    @Test
    void shouldListADirectoryIfAsked() throws IOException {
        Files.createFile(directory.resolve("root/<&>"));
        try (LoadedDirectory loaded = LoadedDirectory.load(directory.resolve("root"), null, 1 << 20)) {
            final TestConnection listing = new TestConnection(new DirectorySite(loaded.root(), true));
            assertThat(listing.get("/")).startsWith("HTTP/1.1 200 ").contains(
                    "<a href=\"./a%20b.txt\">a b.txt</a>", "<a href=\"./sub/\">sub/</a>",
                    "<a href=\"./%3C%26%3E\">&lt;&amp;&gt;</a>");
            assertThat(listing.get("/sub/")).endsWith("<p>");
            assertThat(listing.get("/up/")).startsWith("HTTP/1.1 404 ");
        }
    }
}
