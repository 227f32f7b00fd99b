package io.netchannel.samples.memcached.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextProtocolTest {

    private final TestServer server = new TestServer("-A");
    private final TestServer.Client client = server.connect();

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
        "get a                     ~ END",
        "get                       ~ ERROR",
        "gets a b c                ~ END",
        "gat 10                    ~ END",
        "gat x a                   ~ CLIENT_ERROR invalid exptime argument",
        "set a 0 0                 ~ ERROR",
        "set a x 0 1               ~ CLIENT_ERROR bad command line format",
        "set a 0 x 1               ~ CLIENT_ERROR bad command line format",
        "set a 0 0 -1              ~ CLIENT_ERROR bad command line format",
        "set a 0 0 4294967295      ~ CLIENT_ERROR bad command line format",
        "set a 0 0 2147483647      ~ CLIENT_ERROR bad command line format",
        "cas a 0 0 1               ~ ERROR",
        "cas a 0 0 1 x             ~ CLIENT_ERROR bad command line format",
        "incr a 1                  ~ NOT_FOUND",
        "incr a x                  ~ CLIENT_ERROR invalid numeric delta argument",
        "incr a -1                 ~ CLIENT_ERROR invalid numeric delta argument",
        "touch a 0                 ~ NOT_FOUND",
        "touch a                   ~ ERROR",
        "delete a                  ~ NOT_FOUND",
        "delete a 5                ~ CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]",
        "delete a 0                ~ NOT_FOUND",
        "flush_all                 ~ OK",
        "flush_all x               ~ CLIENT_ERROR invalid exptime argument",
        "verbosity                 ~ ERROR",
        "verbosity 0               ~ OK",
        "version                   ~ VERSION 1.6.18",
        "stats nothing             ~ ERROR",
        "stats reset               ~ RESET",
        "stats detail              ~ CLIENT_ERROR usage: stats detail on|off|dump",
        "stats cachedump           ~ CLIENT_ERROR bad command line",
        "stats cachedump 99 0      ~ CLIENT_ERROR Illegal slab id",
        "cache_memlimit 4          ~ MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m",
        "slabs reassign 1 1        ~ SAME src and dst class are identical",
        "slabs reassign 1 2        ~ NOSPARE source class has no spare pages",
        "slabs reassign 99 2       ~ BADCLASS invalid src or dst class id",
        "slabs automove 3          ~ ERROR",
        "lru mode flat             ~ OK",
        "lru tune 50 50 0.1 2.0    ~ ERROR hot and warm pcts must not exceed 80",
        "lru_crawler crawl 0       ~ BADCLASS invalid class id",
        "lru_crawler crawl 1       ~ OK",
        "lru_crawler sleep 2000000 ~ CLIENT_ERROR sleep must be one second or less",
        "shutdown now              ~ CLIENT_ERROR invalid shutdown mode",
        "debugtime 1               ~ ERROR",
        "watch nothing             ~ ERROR",
        "mn                        ~ MN",
        "mg a                      ~ EN",
        "mg                        ~ ERROR",
        "mg a v v                  ~ CLIENT_ERROR duplicate flag",
        "mg a !                    ~ CLIENT_ERROR invalid flag",
        "mg a b                    ~ CLIENT_ERROR error decoding key",
        "ms a                      ~ CLIENT_ERROR bad command line format",
        "md a                      ~ NF",
        "ma a                      ~ NF",
        "ma a MX                   ~ CLIENT_ERROR invalid mode for ma M token",
        "me a                      ~ EN",
        "x                         ~ ERROR",
        "frobnicate                ~ ERROR"})
    void shouldAnswerAsTheOriginal(final String line, final String answer) {
        assertThat(client.send(line + "\r\n")).isEqualTo(answer + "\r\n");
        assertThat(client.send("mn\r\n")).isEqualTo("MN\r\n");
    }

    @Test
    void shouldRefuseKeysLongerThan250Bytes() {
        final String longest = "k".repeat(250);
        assertThat(client.send("set " + longest + " 0 0 1\r\nx\r\nget " + longest + "\r\n"))
                .isEqualTo("STORED\r\nVALUE " + longest + " 0 1\r\nx\r\nEND\r\n");
        assertThat(client.send("get " + longest + "k\r\n")).isEqualTo("CLIENT_ERROR bad command line format\r\n");
        assertThat(client.send("get " + longest + " " + longest + "k\r\n"))
                .isEqualTo("CLIENT_ERROR bad command line format\r\n");
    }

    @Test
    void shouldSwallowAValueThatIsTooLargeAndForgetTheOldOne() {
        client.send("set a 0 0 1\r\nx\r\n");
        final int length = (1 << 20) + 1;
        assertThat(client.send("set a 0 0 " + length + "\r\n" + "x".repeat(length) + "\r\nget a\r\n"))
                .isEqualTo("SERVER_ERROR object too large for cache\r\nEND\r\n");
    }

    @Test
    void shouldCallAValueWithoutItsEndBad() {
        assertThat(client.send("set a 0 0 1\r\nxyz\r\nmn\r\n"))
                .isEqualTo("CLIENT_ERROR bad data chunk\r\nERROR\r\nMN\r\n");
        assertThat(client.send("get a\r\n")).isEqualTo("END\r\n");
    }

    @Test
    void shouldSayNothingToNoreply() {
        assertThat(client.send("set n 0 0 1 noreply\r\n1\r\nincr n 5 noreply\r\ntouch n 0 noreply\r\n"
                + "append n 0 0 1 noreply\r\n0\r\nget n\r\n")).isEqualTo("VALUE n 0 2\r\n60\r\nEND\r\n");
        assertThat(client.send("delete n noreply\r\nflush_all noreply\r\nverbosity 0 noreply\r\nmn\r\n"))
                .isEqualTo("MN\r\n");
    }

    @Test
    void shouldWrapIncrementsAndStopDecrementsAtZero() {
        client.send("set n 0 0 20\r\n18446744073709551615\r\n");
        assertThat(client.send("incr n 2\r\ndecr n 5\r\nget n\r\n"))
                .isEqualTo("1\r\n0\r\nVALUE n 0 20\r\n0" + " ".repeat(19) + "\r\nEND\r\n");
    }

    @Test
    void shouldAnswerMoreKeysThanFitALine() {
        final StringBuilder line = new StringBuilder("get");
        final StringBuilder answer = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            client.send("set key" + i + " " + i + " 0 2\r\nok\r\n");
            line.append(" key").append(i);
            answer.append("VALUE key").append(i).append(' ').append(i).append(" 2\r\nok\r\n");
        }
        assertThat(client.send(line + "\r\n")).isEqualTo(answer + "END\r\n");
    }

    @Test
    void shouldGoOnWithALineOfKeysWhenTheClientReads() {
        final String value = "v".repeat(100_000);
        final StringBuilder line = new StringBuilder("get");
        final StringBuilder answer = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            client.send("set big" + i + " 0 0 " + value.length() + "\r\n" + value + "\r\n");
            line.append(" big").append(i);
            answer.append("VALUE big").append(i).append(" 0 ").append(value.length()).append("\r\n").append(value)
                    .append("\r\n");
        }
        client.room(1000);
        final StringBuilder received = new StringBuilder(client.send(line + "\r\nmn\r\n"));
        assertThat(received.length()).isEqualTo(1000);
        for (int i = 0; i < 1000 && received.length() < answer.length(); i++) {
            client.room(70_000);
            received.append(new String(client.take(), StandardCharsets.ISO_8859_1));
        }
        client.room(1_000_000);
        received.append(new String(client.take(), StandardCharsets.ISO_8859_1));
        assertThat(received.length()).isEqualTo(answer.length() + 9);
        // Not shown whole if it fails: it is long.
        assertThat(received.toString().equals(answer + "END\r\nMN\r\n")).isTrue();
    }

    @Test
    void shouldStopReadingFromAClientThatDoesNotReadAnswers() {
        client.send("set a 0 0 100000\r\n" + "x".repeat(100_000) + "\r\n");
        client.room(0);
        client.send("get a\r\n");
        for (int i = 0; i < 100; i++) {
            client.send("get a\r\n");
        }
        assertThat(client.session().isBlocked()).isTrue();
        assertThat(client.unreadBytes()).isEqualTo(700);
        client.room(Integer.MAX_VALUE);
        assertThat(client.unreadBytes()).isZero();
    }

    @Test
    void shouldHangUpOnAnEndlessLine() {
        client.send("x".repeat(2048));
        assertThat(client.isClosed()).isFalse();
        client.send("x");
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void shouldTakeALongLineOfKeysButNoEndlessOne() {
        client.send("get " + "k ".repeat(100_000));
        assertThat(client.isClosed()).isFalse();
        assertThat(client.send("\r\n")).isEqualTo("END\r\n");
        assertThat(client.send("get " + "k ".repeat(600_000)))
                .isEqualTo("SERVER_ERROR out of memory reading request\r\n");
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void shouldHangUpOnAWebBrowser() {
        assertThat(client.send("GET / HTTP/1.1\r\n")).isEmpty();
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void shouldCloseAfterQuit() {
        assertThat(client.send("mn\r\nquit\r\nmn\r\n")).isEqualTo("MN\r\n");
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void shouldShutDown() {
        client.send("shutdown\r\n");
        assertThat(server.isShutDown()).isTrue();
    }

    @Test
    void shouldStoreByCas() {
        client.send("set a 5 0 1\r\nx\r\n");
        assertThat(client.send("gets a\r\n")).isEqualTo("VALUE a 5 1 1\r\nx\r\nEND\r\n");
        assertThat(client.send("cas a 0 0 1 1\r\ny\r\ncas a 0 0 1 1\r\nz\r\ncas b 0 0 1 1\r\nz\r\n"))
                .isEqualTo("STORED\r\nEXISTS\r\nNOT_FOUND\r\n");
    }

    @Test
    void shouldTellWatchersWhatHappens() {
        final TestServer.Client watcher = server.connect();
        assertThat(watcher.send("watch fetchers mutations connevents\n")).isEqualTo("OK\r\n");
        client.send("set a#b 0 0 1\r\nx\r\nget c\r\n");
        final TestServer.Client third = server.connect();
        third.close();
        assertThat(watcher.send("").lines().toList()).satisfiesExactly(
                line -> assertThat(line)
                        .matches("ts=\\d+\\.\\d+ gid=1 type=item_get key=a%23b status=not_found clsid=0 "
                                + "cfd=26 size=0"),
                line -> assertThat(line)
                        .contains("type=item_store key=a%23b status=stored cmd=set ttl=0 clsid=1 cfd=26 "
                                + "size=1"),
                line -> assertThat(line).contains("type=item_get key=c status=not_found"),
                line -> assertThat(line).contains("type=conn_new rip=10.7.0.1 rport=40000 transport=tcp cfd="),
                line -> assertThat(line)
                        .contains("type=conn_close rip=10.7.0.1 rport=40000 transport=tcp reason=error"));
    }

    @Test
    void shouldDumpAllItems() {
        client.send("set one 0 0 1\r\nx\r\nset two 0 100 3\r\nabc\r\n");
        client.send("lru_crawler metadump all\r\n");
        server.advanceSeconds(1);
        assertThat(client.send("mn\r\n").lines().toList()).hasSize(4).anyMatch(line -> line.matches(
                "key=two exp=1700000100 la=1700000000 cas=2 fetch=no cls=1 size=\\d+")).last().isEqualTo("MN");
        client.send("lru_crawler metadump hash\r\n");
        server.advanceSeconds(1);
        assertThat(client.send("").lines().toList()).hasSize(3).contains("END");
        client.send("lru_crawler mgdump hash\r\n");
        server.advanceSeconds(1);
        assertThat(client.send("").lines().toList()).containsExactlyInAnyOrder("mg one", "mg two", "EN");
    }
}
