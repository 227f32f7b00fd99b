package io.netchannel.samples.haproxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What checks send to servers, and what they make of the answers. */
class CheckProtocolsTest {

    private final VirtualChecks checks = new VirtualChecks();

    @AfterEach
    void close() {
        checks.close();
    }

    @Test
    void shouldSpeakForNobodyBehindAProxyHeader() {
        checks.start("option tcp-check", "tcp-check connect send-proxy", "tcp-check send hello",
                "server s 192.0.2.9:80 check inter 2s");
        checks.accept();
        assertThat(checks.sent()).isEqualTo("PROXY UNKNOWN\r\nhello");
    }

    @Test
    void shouldCheckBySocksIfToldSo() {
        checks.start("option tcp-check", "tcp-check send hello", "tcp-check expect string hi",
                "server s 192.0.2.9:80 check inter 2s rise 1 fall 1 socks4 192.0.2.1:1080 check-via-socks4");
        assertThat(checks.connections()).containsExactly("192.0.2.1:1080");
        checks.accept();
        assertThat(checks.sent()).isEqualTo("\4\1\0P\u00c0\0\2\tHAProxy\0");
        checks.answer("\0\u005a\0\0");
        assertThat(checks.sent()).isEmpty();
        checks.answer("\0\0\0\0");
        assertThat(checks.sent()).isEqualTo("hello");
        checks.answerAndClose("hi");
        assertThat(checks.server().calls).doesNotContain("STOPPED");
        checks.pass(2_000);
        checks.accept();
        checks.answerAndClose("\0\u005b\0\0\0\0\0\0");
        assertThat(checks.server().calls).contains("STOPPED");
    }

    @Test
    void shouldMatchNamesOfFieldsWithoutCaseAndValuesWithIt() {
        checks.start("option httpchk", "http-check expect hdr name -m reg ^X-Reg value -m reg ^A",
                "server s 192.0.2.9:80 check inter 2s rise 1 fall 1");
        checks.accept();
        checks.answerAndClose("HTTP/1.0 200 OK\r\nx-reg: Ab\r\n\r\n");
        assertThat(checks.server().calls).doesNotContain("STOPPED");
        checks.pass(2_000);
        checks.accept();
        checks.answerAndClose("HTTP/1.0 200 OK\r\nx-reg: ab\r\n\r\n");
        assertThat(checks.server().calls).contains("STOPPED");
    }

    @Test
    void shouldCheckHttp() {
        checks.start("option httpchk GET /health HTTP/1.1", "http-check send hdr Host www body ping",
                "server s 192.0.2.9:80 check");
        checks.accept();
        assertThat(checks.sent())
                .isEqualTo("GET /health HTTP/1.1\r\nhost: www\r\nconnection: close\r\ncontent-length: 4\r\n\r\nping");
        checks.answer("HTTP/1.1 204 Fine\r\n\r\n");
        assertThat(checks.health().health().status()).isEqualTo(CheckStatus.L7OK);
        assertThat(checks.health().health().code()).isEqualTo(204);
        checks.pass(2_000);
        checks.accept();
        checks.answer("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
        assertThat(checks.health().health().status()).isEqualTo(CheckStatus.L7STS);
        assertThat(checks.health().health().description()).isEqualTo("Broken");
    }

    @Test
    void shouldAskWithHttpsDefaults() {
        checks.start("option httpchk", "server s 192.0.2.9:80 check");
        checks.accept();
        assertThat(checks.sent()).isEqualTo("OPTIONS / HTTP/1.0\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"status 200-299|L7OK", "!status 200|L7STS", "rstatus ^2|L7OK",
        "string hello|L7OK", "string bye|L7RSP", "!string hello|L7RSP", "rstring h.l+o|L7OK",
        "hdr name x-a value two|L7OK", "fhdr name x-a value two|L7STS", "fhdr name x-a value 'one, two'|L7OK",
        "hdr name -m beg x- value -m reg ^o|L7OK", "hdr name x-b|L7STS", "string-lf %[str(hel),concat(lo)]|L7OK"})
    void shouldLookAtAResponseAsToldTo(final String expect, final CheckStatus status) {
        checks.start("option httpchk", "http-check expect " + expect, "server s 192.0.2.9:80 check");
        checks.accept();
        checks.answerAndClose("HTTP/1.1 200 OK\r\nX-A: one, two\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(checks.health().health().status()).isEqualTo(status);
    }

    @Test
    void shouldTalkAsTcpCheckSays() {
        checks.start("option tcp-check", "tcp-check expect string 220", "tcp-check send QUIT\\r\\n",
                "tcp-check send-binary 0a0B", "tcp-check expect rstring ^22.*bye", "server s 192.0.2.9:80 check");
        checks.accept();
        assertThat(checks.sent()).isEmpty();
        checks.answer("2");
        checks.answer("20 hi\r\n");
        assertThat(checks.sent()).isEqualTo("QUIT\r\n\n\u000b");
        checks.answer("221 bye");
        assertThat(checks.health().health().status()).isEqualTo(CheckStatus.L7OK);
        assertThat(checks.health().health().description()).isEqualTo("(tcp-check)");
    }

    @Test
    void shouldSayWhereTcpCheckFailed() {
        checks.start("option tcp-check", "tcp-check connect", "tcp-check connect port 1",
                "server s 192.0.2.9:80 check");
        checks.accept();
        assertThat(checks.connections()).containsExactly("192.0.2.9:80", "192.0.2.9:1");
        checks.refuse();
        assertThat(checks.health().health().description())
                .isEqualTo("Connection refused at step 2 of tcp-check (connect port 1)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"string abc|TCPCHK did not match content 'abc' at step 1",
        "!string xyz comment no|TCPCHK matched unwanted content 'xyz' at step 1 comment: no",
        "binary 00|TCPCHK did not match content (binary) at step 1",
        "rstring a+|TCPCHK did not match content (regex) at step 1",
        "string abc on-error oops:%[res.payload(0,2)]|oops:xy"})
    void shouldSayWhatDidNotMatch(final String expect, final String description) {
        checks.start("option tcp-check", "tcp-check expect " + expect, "server s 192.0.2.9:80 check");
        checks.accept();
        checks.answerAndClose("xyz");
        assertThat(checks.health().health().description()).isEqualTo(description);
    }

    @Test
    void shouldTimeOutAtAStep() {
        checks.start("option tcp-check", "tcp-check send x", "tcp-check expect string y tout-status L6TOUT",
                "server s 192.0.2.9:80 check inter 1s");
        checks.accept();
        checks.timeOut(1_000);
        assertThat(checks.health().health().status()).isEqualTo(CheckStatus.L6TOUT);
        assertThat(checks.health().health().description()).isEqualTo(" at step 2 of tcp-check (expect string 'y')");
    }

    @Test
    void shouldMissAnAnswer() {
        checks.start("option tcp-check", "tcp-check expect string y", "server s 192.0.2.9:80 check");
        checks.accept();
        checks.channel().close();
        assertThat(checks.health().health().status()).isEqualTo(CheckStatus.L7RSP);
        assertThat(checks.health().health().description()).isEqualTo("TCPCHK got an empty response at step 1");
    }

    @Test
    void shouldCheckRedis() {
        checks.start("option redis-check", "server s 192.0.2.9:80 check");
        checks.accept();
        assertThat(checks.sent()).isEqualTo("*1\r\n$4\r\nPING\r\n");
        checks.answer("+PONG\r\n");
        assertThat(checks.health().health().description()).isEqualTo("Redis server is ok");
    }

    @Test
    void shouldCheckMail() {
        checks.start("option smtpchk EHLO me", "server s 192.0.2.9:80 check");
        checks.accept();
        checks.answer("220 ready\r\n");
        assertThat(checks.sent()).isEqualTo("EHLO me\r\n");
        checks.answer("250 fine\r\n");
        assertThat(checks.health().health().status()).isEqualTo(CheckStatus.L7OK);
        assertThat(checks.health().health().code()).isEqualTo(250);
    }

    @Test
    void shouldCheckDirectories() {
        checks.start("option ldap-check", "server s 192.0.2.9:80 check");
        checks.accept();
        assertThat(checks.sent()).hasSize(14);
        checks.answer("\u0030\u000c\u0002\u0001\u0001\u0061\u0007\n\u0001\u0000\u0004\u0000\u0004\u0000");
        assertThat(checks.health().health().description()).isEqualTo("Success");
    }

    @Test
    void shouldCheckDatabases() {
        checks.start("option mysql-check", "server s 192.0.2.9:80 check");
        checks.accept();
        checks.answer("\u0007\u0000\u0000\u0000\n5.0.1\u0000");
        assertThat(checks.health().health().description()).isEqualTo("5.0.1");
        checks.stop();
        checks.start("option pgsql-check user me", "server s 192.0.2.9:80 check");
        checks.accept();
        assertThat(checks.sent()).endsWith("user\u0000me\u0000\u0000");
        checks.answer("R\u0000\u0000\u0000\u0008\u0000\u0000\u0000\u0000");
        assertThat(checks.health().health().description()).isEqualTo("PostgreSQL server is ok");
    }

    @Test
    void shouldCheckAgentsOfStreams() {
        checks.start("option spop-check", "server s 192.0.2.9:80 check");
        checks.accept();
        assertThat(checks.sent()).hasSize(82)
                .startsWith("\0\0\0N\u0001\0\0\0\u0001\0\0\u0012supported-versions\u0008\u00032.0")
                .endsWith("\u0003\u00fc\u00f0\u0006\u000ccapabilities\u0008\0\u000bhealthcheck\u0011");
        checks.answer("\0\0\0" + "6e\0\0\0\u0001\0\0\u0007version\u0008\u00032.0");
        assertThat(checks.health().health().status()).isEqualTo(CheckStatus.INITIALIZING);
        checks.answer("\u000emax-frame-size\u0003\u00fc\u00f0\u0006\u000ccapabilities\u0008\0");
        assertThat(checks.health().health().status()).isEqualTo(CheckStatus.L7OK);
        assertThat(checks.health().health().description()).isEqualTo("SPOA server is ok");
    }

    @Test
    void shouldTellAServerOfItsState() {
        checks.start("option httpchk", "http-check send-state", "server s 192.0.2.9:80 check inter 2s rise 2 fall 3");
        checks.accept();
        assertThat(checks.sent()).contains("\r\nx-haproxy-server-state: UP 1/3; address=192.0.2.9; port=80; name=be/s; "
                + "node=node; weight=1/3; scur=0/4; qcur=0\r\n");
    }

    @Test
    void shouldNotCollectABodyWithoutEnd() {
        checks.start("option httpchk", "http-check expect string never", "server s 192.0.2.9:80 check inter 2s fall 1");
        checks.accept();
        checks.answer("HTTP/1.1 200 OK\r\n\r\n");
        for (int i = 0; i < 16; i++) {
            assertThat(checks.server().calls).as("after %d KiB", i).doesNotContain("STOPPED");
            checks.answer("x".repeat(1024));
        }
        assertThat(checks.server().calls).contains("STOPPED");
        assertThat(checks.channel().isOpen()).isFalse();
        assertThat(checks.health().health().description()).isEqualTo("HTTP content check did not match");
    }
}
