package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netchannel.samples.memcached.store.StoreCounter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemcachedServerTest {

    @Test
    void shouldEndConnectionsThatAreIdle() {
        try (TestServer server = new TestServer("-o", "idle_timeout=3")) {
            final TestServer.Client idle = server.connect();
            final TestServer.Client busy = server.connect();
            for (int i = 0; i < 7; i++) {
                busy.send("mn\r\n");
                server.advanceSeconds(1);
            }
            assertThat(idle.isClosed()).isTrue();
            assertThat(busy.isClosed()).isFalse();
            assertThat(busy.send("stats\r\n")).contains("STAT idle_kicks 1\r\n", "STAT curr_connections 1\r\n");
        }
    }

    @Test
    void shouldRefuseConnectionsBeyondTheLimit() {
        try (TestServer server = new TestServer("-c", "2")) {
            final TestServer.Client first = server.connect();
            server.connect();
            assertThat(server.mayOpen()).isFalse();
            assertThat(server.store().counters().get(StoreCounter.REJECTED_CONNECTIONS)).isEqualTo(1);
            first.close();
            assertThat(server.mayOpen()).isTrue();
        }
    }

    @Test
    void shouldStopAcceptingWhereItMustNotRefuse() {
        try (TestServer server = new TestServer("-c", "2", "-o", "no_maxconns_fast")) {
            final TestServer.Client first = server.connect();
            final TestServer.Client second = server.connect();
            assertThat(second.send("stats\r\n")).contains("STAT accepting_conns 0\r\n",
                    "STAT listen_disabled_num 1\r\n");
            first.close();
            assertThat(second.send("stats\r\n")).contains("STAT accepting_conns 1\r\n");
        }
    }

    @Test
    void shouldTellAWatcherHowMuchItMissed() {
        try (TestServer server = new TestServer("-o", "watcher_logbuf_size=8")) {
            final TestServer.Client watcher = server.connect();
            final TestServer.Client client = server.connect();
            assertThat(watcher.send("watch fetchers\n")).isEqualTo("OK\r\n");
            watcher.room(0);
            for (int i = 0; i < 1000; i++) {
                client.send("get key" + i + "\r\n");
            }
            watcher.room(Integer.MAX_VALUE);
            client.send("get last\r\n");
            final String log = new String(watcher.take(), StandardCharsets.ISO_8859_1);
            assertThat(log).hasSizeLessThan(10_000).contains("key=key0 ", "key=last ")
                    .containsPattern("skipped=\\d+\n");
            assertThat(client.send("stats\r\n")).contains("STAT log_watchers 1\r\n");
            watcher.close();
            assertThat(client.send("stats\r\n")).contains("STAT log_watchers 0\r\n");
        }
    }

    @Test
    void shouldRefuseMoreWatchersThanItHasPlacesFor() {
        try (TestServer server = new TestServer()) {
            for (int i = 0; i < EventLog.MAX_WATCHERS; i++) {
                assertThat(server.connect().send("watch\n")).isEqualTo("OK\r\n");
            }
            assertThat(server.connect().send("watch\n")).isEqualTo("WATCHER_TOO_MANY log watcher limit reached\r\n");
        }
    }

    @Test
    void shouldLetNobodyInWithoutAPassword(@TempDir final Path directory) throws IOException {
        final Path file = Files.writeString(directory.resolve("users"), "foo:bar\nbaaaz:quux\n");
        try (TestServer server = new TestServer("-Y", file.toString())) {
            final TestServer.Client client = server.connect();
            assertThat(client.send("get a\r\n")).isEqualTo("CLIENT_ERROR unauthenticated\r\n");
            assertThat(client.send("set x 0 0 7\r\nfoo bab\r\n")).isEqualTo("CLIENT_ERROR authentication failure\r\n");
            assertThat(client.send("set x 0 0 3\r\nfoo\r\n"))
                    .isEqualTo("CLIENT_ERROR bad authentication token format\r\n");
            assertThat(client.send("set x 0 0 10\r\nbaaaz ")).isEmpty();
            assertThat(client.send("quux\r\nget x\r\n")).isEqualTo("STORED\r\nEND\r\n");
            assertThat(server.connect().send("mn\r\n")).isEqualTo("CLIENT_ERROR unauthenticated\r\n");
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAFileOfUsers(@TempDir final Path directory) throws IOException {
        final Path file = Files.writeString(directory.resolve("users"), "nobody\n");
        assertThatThrownBy(() -> new TestServer("-Y", file.toString())).isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("user:password");
    }

    @Test
    void shouldCountByPrefix() {
        try (TestServer server = new TestServer("-D", "/")) {
            final TestServer.Client client = server.connect();
            client.send("set a/b 0 0 1\r\nx\r\nget a/b a/c x\r\ndelete a/b\r\n");
            assertThat(client.send("stats detail dump\r\n")).isEqualTo("PREFIX a get 2 hit 1 set 1 del 1\r\nEND\r\n");
        }
    }

    @Test
    void shouldBoundTheAnswersThatWaitWhereItIsToldTo() {
        try (TestServer server = new TestServer("-t", "32", "-o", "read_buf_mem_limit=1")) {
            final TestServer.Client client = server.connect();
            assertThat(client.send("get " + "k ".repeat(500) + "\r\n"))
                    .isEqualTo("SERVER_ERROR out of memory writing get response\r\n");
            assertThat(client.send("mg k v\r\n".repeat(500))).isEmpty();
            assertThat(client.isClosed()).isTrue();
        }
    }
}
