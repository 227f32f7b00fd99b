package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache that ends, and one that starts with what it kept. */
final class WarmStartTest {

    @TempDir
    private Path directory;

    private TestServer server;
    private TestServer.Client client;
    private long unixSeconds = TestServer.UNIX_SECONDS;

    @BeforeEach
    void start() {
        start("-m", "64");
    }

    private void start(final String... arguments) {
        server = new TestServer(directory, unixSeconds, arguments);
        client = server.connect();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    private void restart(final int secondsLater, final String... arguments) {
        close();
        unixSeconds += secondsLater;
        start(arguments);
    }

    @Test
    void shouldStartWithItemsTheirFlagsAndTheirCasIds() {
        client.send("set a 7 0 3\r\none\r\nset b 0 0 3\r\ntwo\r\nset a 9 0 5\r\nthree\r\n");
        final String before = client.send("gets a b\r\n");
        restart(10, "-m", "64");
        assertThat(client.send("gets a b\r\n")).isEqualTo(before).contains("VALUE a 9 5 ");
        final String cas = before.split("\r\n")[0].split(" ")[4];
        assertThat(client.send("cas a 0 0 1 " + cas + "\r\nx\r\n")).isEqualTo("STORED\r\n");
        assertThat(client.send("cas a 0 0 1 " + cas + "\r\ny\r\n")).isEqualTo("EXISTS\r\n");
    }

    @Test
    void shouldGiveOutNoCasIdTwice() {
        client.send("set a 0 0 1\r\n1\r\nset b 0 0 1\r\n1\r\n");
        final long last = cas("b");
        client.send("delete b\r\ndelete a\r\n");
        restart(1);
        client.send("set b 0 0 1\r\n2\r\n");
        assertThat(cas("b")).isGreaterThan(last);
    }

    private long cas(final String key) {
        final Matcher matcher = Pattern.compile("VALUE " + key + " \\d+ \\d+ (\\d+)").matcher(client.send("gets " + key
                + "\r\n"));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    @Test
    void shouldForgetWhatWasDeletedAndWhatIsOver() {
        client.send("set a 0 0 1\r\n1\r\nset b 0 100 1\r\n2\r\nset c 0 100 1\r\n3\r\nset d 0 5 1\r\n4\r\n");
        client.send("delete a\r\ntouch c 500\r\n");
        restart(50);
        assertThat(client.send("get a b c d\r\n")).isEqualTo("VALUE b 0 1\r\n2\r\nVALUE c 0 1\r\n3\r\nEND\r\n");
        assertThat(client.send("mg b t\r\n")).isEqualTo("HD t50\r\n");
        restart(60);
        assertThat(client.send("get a b c d\r\n")).isEqualTo("VALUE c 0 1\r\n3\r\nEND\r\n");
    }

    @Test
    void shouldKeepWhatCommandsMadeOfValues() {
        client.send(
                "set n 0 0 2\r\n98\r\nincr n 1\r\nset m 0 0 2\r\n99\r\nincr m 1\r\nset a 0 0 1\r\nb\r\nappend a 0 0 1\r\nc\r\n");
        client.send("set s 0 0 1\r\nx\r\nmd s I T30\r\n");
        restart(1);
        assertThat(client.send("get n m a\r\n")).isEqualTo(
                "VALUE n 0 2\r\n99\r\nVALUE m 0 3\r\n100\r\nVALUE a 0 2\r\nbc\r\nEND\r\n");
        assertThat(client.send("mg s v\r\n")).isEqualTo("VA 1 X W\r\nx\r\n");
    }

    @Test
    void shouldKeepLongValues() {
        final String value = "0123456789".repeat(80_000);
        client.send("set long 0 0 " + value.length() + "\r\n" + value + "\r\n");
        restart(1);
        assertThat(client.send("get long\r\n")).isEqualTo("VALUE long 0 " + value.length() + "\r\n" + value
                + "\r\nEND\r\n");
    }

    @Test
    void shouldKeepAFlush() {
        client.send("set a 0 0 1\r\n1\r\n");
        server.advanceSeconds(2);
        client.send("flush_all\r\nset b 0 0 1\r\n2\r\n");
        restart(20);
        assertThat(client.send("get a b\r\n")).isEqualTo("VALUE b 0 1\r\n2\r\nEND\r\n");
        assertThat(client.send("flush_all 100\r\n")).isEqualTo("OK\r\n");
        restart(20);
        assertThat(client.send("get b\r\n")).startsWith("VALUE b");
        server.advanceSeconds(100);
        assertThat(client.send("get a b\r\n")).isEqualTo("END\r\n");
        restart(200);
        assertThat(client.send("get a b\r\n")).isEqualTo("END\r\n");
    }

    @Test
    void shouldKeepNoMoreThanTheCacheHolds() {
        final String value = "x".repeat(100_000);
        for (int i = 0; i < 300; i++) {
            client.send("set k" + i + " 0 0 " + value.length() + "\r\n" + value + "\r\n");
        }
        restart(1, "-m", "8");
        assertThat(client.send("mg k299\r\n")).isEqualTo("HD\r\n");
        assertThat(client.send("mg k0\r\n")).isEqualTo("EN\r\n");
        final long items = server.store().itemCount();
        restart(1, "-m", "64");
        assertThat(server.store().itemCount()).isEqualTo(items);
    }

    @Test
    void shouldCommitInTheBackground() {
        client.send("set a 0 0 1\r\n1\r\n");
        server.advanceSeconds(1);
        assertThat(client.send("get a\r\n")).startsWith("VALUE");
    }

    @Test
    void shouldRefuseADirectoryOfOthers() throws Exception {
        assertThatThrownBy(() -> new TestServer(directory, unixSeconds)).hasMessageContaining("is in use");
        final Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("0000000000000001.journal"), "somebody's text ".repeat(10),
                StandardCharsets.US_ASCII);
        assertThatThrownBy(() -> new TestServer(other, unixSeconds)).hasMessageContaining("is not of a journal");
    }
}
