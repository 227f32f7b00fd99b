package io.netchannel.samples.haproxy.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.config.Address;
import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.config.ProxySection;
import io.netchannel.samples.haproxy.config.ProxySettings;
import io.netchannel.samples.haproxy.expression.Variables;
import io.netchannel.samples.haproxy.log.TestLogs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks on a loop whose time the test sets, against servers that the test plays. */
final class ChecksTest {

    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final TestLogs logs = new TestLogs();
    private final List<String> connections = new ArrayList<>();
    private long now = 1_000_000;
    private EmbeddedChannel channel;
    private ChannelPromise connect;
    private TestServer server;
    private Checks checks;
    private ServerHealth health;

    ChecksTest() {
        clock.freezeTime();
    }

    @AfterEach
    void close() {
        checks.close();
        clock.finishAndReleaseAll();
    }

    private void start(final String... lines) {
        final Configuration configuration = new Configuration();
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(configuration, AllKeywords.create(), diagnostics);
        reader.read("test.cfg", "backend be\n " + String.join("\n ", lines) + "\n");
        reader.finish();
        assertThat(diagnostics.hasFailed()).as(diagnostics.messages().toString()).isFalse();
        final ProxySection backend = configuration.proxies().getFirst();
        server = new TestServer(backend, backend.get(ProxySettings.SERVERS).getFirst());
        checks = new Checks(clock.eventLoop(), () -> now, this::connect, new Variables(), logs.of(backend), 0, 0);
        health = checks.add(server, 0, 0);
        checks.start();
        pass(0);
    }

    private ChannelFuture connect(final Address address, final ChannelHandler handler) {
        final Address.Ip ip = (Address.Ip) address;
        connections.add(ip.ip().getHostAddress() + ":" + ip.port());
        channel = new EmbeddedChannel(handler);
        connect = channel.newPromise();
        return connect;
    }

    private void pass(final long milliseconds) {
        now += milliseconds;
        clock.advanceTimeBy(milliseconds, TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
        clock.runPendingTasks();
    }

    private void timeOut(final long milliseconds) {
        pass(milliseconds);
        // It listens once more.
        pass(1);
    }

    private void accept() {
        connect.setSuccess();
        channel.runPendingTasks();
    }

    private void refuse() {
        connect.setFailure(new ConnectException("Connection refused: /192.0.2.9:80"));
        channel.runPendingTasks();
    }

    private String sent() {
        final StringBuilder text = new StringBuilder();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            text.append(out.toString(StandardCharsets.ISO_8859_1));
            out.release();
        }
        return text.toString();
    }

    private void answer(final String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    private void answerAndClose(final String text) {
        answer(text);
        channel.close();
    }

    @Test
    void shouldSpeakForNobodyBehindAProxyHeader() {
        start("option tcp-check", "tcp-check connect send-proxy", "tcp-check send hello",
                "server s 192.0.2.9:80 check inter 2s");
        accept();
        assertThat(sent()).isEqualTo("PROXY UNKNOWN\r\nhello");
    }

    @Test
    void shouldCheckBySocksIfToldSo() {
        start("option tcp-check", "tcp-check send hello", "tcp-check expect string hi",
                "server s 192.0.2.9:80 check inter 2s rise 1 fall 1 socks4 192.0.2.1:1080 check-via-socks4");
        assertThat(connections).containsExactly("192.0.2.1:1080");
        accept();
        assertThat(sent()).isEqualTo("\4\1\0P\u00c0\0\2\tHAProxy\0");
        answer("\0\u005a\0\0");
        assertThat(sent()).isEmpty();
        answer("\0\0\0\0");
        assertThat(sent()).isEqualTo("hello");
        answerAndClose("hi");
        assertThat(server.calls).doesNotContain("STOPPED");
        pass(2_000);
        accept();
        answerAndClose("\0\u005b\0\0\0\0\0\0");
        assertThat(server.calls).contains("STOPPED");
    }

    @Test
    void shouldMatchNamesOfFieldsWithoutCaseAndValuesWithIt() {
        start("option httpchk", "http-check expect hdr name -m reg ^X-Reg value -m reg ^A",
                "server s 192.0.2.9:80 check inter 2s rise 1 fall 1");
        accept();
        answerAndClose("HTTP/1.0 200 OK\r\nx-reg: Ab\r\n\r\n");
        assertThat(server.calls).doesNotContain("STOPPED");
        pass(2_000);
        accept();
        answerAndClose("HTTP/1.0 200 OK\r\nx-reg: ab\r\n\r\n");
        assertThat(server.calls).contains("STOPPED");
    }

    @Test
    void shouldHearAnAnswerThatWaitedWhileTheLoopWasBusy() {
        start("option httpchk", "server s 192.0.2.9:80 check inter 2s rise 1 fall 1");
        accept();
        // The time is over, and the answer is there: the loop reads it before it looks again.
        pass(2_000);
        answerAndClose("HTTP/1.0 200 OK\r\n\r\n");
        pass(1);
        assertThat(server.calls).doesNotContain("STOPPED");
    }

    @Test
    void shouldGoDownAtOnceAtFirstAndComeUpAfterRise() {
        start("server s 192.0.2.9:80 check inter 2s rise 2 fall 3");
        refuse();
        assertThat(server.calls).containsExactly("STOPPED");
        assertThat(logs.lines()).containsExactly(
                "<1>Server be/s is DOWN, reason: Layer4 connection problem, info: \"Connection refused\", check duration: 0ms. "
                        + "0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.",
                "<0>backend be has no server available!");
        pass(2_000);
        accept();
        assertThat(server.state).isEqualTo(CheckedServer.State.STOPPED);
        pass(2_000);
        pass(0);
        now += 3;
        accept();
        assertThat(server.state).isEqualTo(CheckedServer.State.RUNNING);
        assertThat(logs.lines().getLast()).isEqualTo(
                "<5>Server be/s is UP, reason: Layer4 check passed, check duration: 3ms. 1 active and 0 backup servers "
                        + "online. 0 sessions requeued, 0 total in queue.");
    }

    @Test
    void shouldStayUpUntilItFailedOftenEnough() {
        start("server s 192.0.2.9:80 check inter 1s fastinter 100 downinter 5s rise 1 fall 3");
        accept();
        pass(1_000);
        refuse();
        pass(99);
        assertThat(connections).hasSize(2);
        pass(1);
        refuse();
        assertThat(server.state).isEqualTo(CheckedServer.State.RUNNING);
        pass(100);
        refuse();
        assertThat(server.state).isEqualTo(CheckedServer.State.STOPPED);
        pass(4_999);
        assertThat(connections).hasSize(4);
        pass(1);
        assertThat(connections).hasSize(5);
    }

    @Test
    void shouldTimeOut() {
        start("server s 192.0.2.9:80 check inter 1s");
        timeOut(1_000);
        assertThat(health.health().status()).isEqualTo(CheckStatus.L4TOUT);
        pass(1_000);
        accept();
        assertThat(health.health().status()).isEqualTo(CheckStatus.L4OK);
    }

    @Test
    void shouldLogEachCheckWhereAskedTo() {
        start("option log-health-checks", "server s 192.0.2.9:80 check rise 1 fall 2");
        accept();
        refuseNext();
        assertThat(logs.lines()).containsExactly(
                "<5>Health check for server be/s succeeded, reason: Layer4 check passed, check duration: 0ms, status: 2/2 UP.",
                "<5>Health check for server be/s failed, reason: Layer4 connection problem, info: \"Connection refused\", "
                        + "check duration: 0ms, status: 1/2 UP.");
        refuseNext();
        assertThat(logs.lines().get(2)).endsWith("check duration: 0ms, status: 0/1 DOWN.");
        assertThat(logs.lines().get(3)).startsWith("<1>Server be/s is DOWN. 0 active and 0 backup servers left.");
    }

    private void refuseNext() {
        pass(2_000);
        refuse();
    }

    @Test
    void shouldCheckHttp() {
        start("option httpchk GET /health HTTP/1.1", "http-check send hdr Host www body ping",
                "server s 192.0.2.9:80 check");
        accept();
        assertThat(sent())
                .isEqualTo("GET /health HTTP/1.1\r\nhost: www\r\nconnection: close\r\ncontent-length: 4\r\n\r\nping");
        answer("HTTP/1.1 204 Fine\r\n\r\n");
        assertThat(health.health().status()).isEqualTo(CheckStatus.L7OK);
        assertThat(health.health().code()).isEqualTo(204);
        pass(2_000);
        accept();
        answer("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
        assertThat(health.health().status()).isEqualTo(CheckStatus.L7STS);
        assertThat(health.health().description()).isEqualTo("Broken");
    }

    @Test
    void shouldAskWithHttpsDefaults() {
        start("option httpchk", "server s 192.0.2.9:80 check");
        accept();
        assertThat(sent()).isEqualTo("OPTIONS / HTTP/1.0\r\n\r\n");
    }

    @Test
    void shouldTakeAServerGentlyOutAt404() {
        start("option httpchk", "http-check disable-on-404", "server s 192.0.2.9:80 check");
        accept();
        answer("HTTP/1.0 404 Off\r\n\r\n");
        assertThat(server.calls).containsExactly("STOPPING");
        assertThat(health.health().status()).isEqualTo(CheckStatus.L7OKC);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"status 200-299|L7OK", "!status 200|L7STS", "rstatus ^2|L7OK",
        "string hello|L7OK", "string bye|L7RSP", "!string hello|L7RSP", "rstring h.l+o|L7OK",
        "hdr name x-a value two|L7OK", "fhdr name x-a value two|L7STS", "fhdr name x-a value 'one, two'|L7OK",
        "hdr name -m beg x- value -m reg ^o|L7OK", "hdr name x-b|L7STS", "string-lf %[str(hel),concat(lo)]|L7OK"})
    void shouldLookAtAResponseAsToldTo(final String expect, final CheckStatus status) {
        start("option httpchk", "http-check expect " + expect, "server s 192.0.2.9:80 check");
        accept();
        answerAndClose("HTTP/1.1 200 OK\r\nX-A: one, two\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(health.health().status()).isEqualTo(status);
    }

    @Test
    void shouldTalkAsTcpCheckSays() {
        start("option tcp-check", "tcp-check expect string 220", "tcp-check send QUIT\\r\\n",
                "tcp-check send-binary 0a0B", "tcp-check expect rstring ^22.*bye", "server s 192.0.2.9:80 check");
        accept();
        assertThat(sent()).isEmpty();
        answer("2");
        answer("20 hi\r\n");
        assertThat(sent()).isEqualTo("QUIT\r\n\n\u000b");
        answer("221 bye");
        assertThat(health.health().status()).isEqualTo(CheckStatus.L7OK);
        assertThat(health.health().description()).isEqualTo("(tcp-check)");
    }

    @Test
    void shouldSayWhereTcpCheckFailed() {
        start("option tcp-check", "tcp-check connect", "tcp-check connect port 1", "server s 192.0.2.9:80 check");
        accept();
        assertThat(connections).containsExactly("192.0.2.9:80", "192.0.2.9:1");
        refuse();
        assertThat(health.health().description())
                .isEqualTo("Connection refused at step 2 of tcp-check (connect port 1)");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"string abc|TCPCHK did not match content 'abc' at step 1",
        "!string xyz comment no|TCPCHK matched unwanted content 'xyz' at step 1 comment: no",
        "binary 00|TCPCHK did not match content (binary) at step 1",
        "rstring a+|TCPCHK did not match content (regex) at step 1",
        "string abc on-error oops:%[res.payload(0,2)]|oops:xy"})
    void shouldSayWhatDidNotMatch(final String expect, final String description) {
        start("option tcp-check", "tcp-check expect " + expect, "server s 192.0.2.9:80 check");
        accept();
        answerAndClose("xyz");
        assertThat(health.health().description()).isEqualTo(description);
    }

    @Test
    void shouldTimeOutAtAStep() {
        start("option tcp-check", "tcp-check send x", "tcp-check expect string y tout-status L6TOUT",
                "server s 192.0.2.9:80 check inter 1s");
        accept();
        timeOut(1_000);
        assertThat(health.health().status()).isEqualTo(CheckStatus.L6TOUT);
        assertThat(health.health().description()).isEqualTo(" at step 2 of tcp-check (expect string 'y')");
    }

    @Test
    void shouldMissAnAnswer() {
        start("option tcp-check", "tcp-check expect string y", "server s 192.0.2.9:80 check");
        accept();
        channel.close();
        assertThat(health.health().status()).isEqualTo(CheckStatus.L7RSP);
        assertThat(health.health().description()).isEqualTo("TCPCHK got an empty response at step 1");
    }

    @Test
    void shouldCheckRedis() {
        start("option redis-check", "server s 192.0.2.9:80 check");
        accept();
        assertThat(sent()).isEqualTo("*1\r\n$4\r\nPING\r\n");
        answer("+PONG\r\n");
        assertThat(health.health().description()).isEqualTo("Redis server is ok");
    }

    @Test
    void shouldCheckMail() {
        start("option smtpchk EHLO me", "server s 192.0.2.9:80 check");
        accept();
        answer("220 ready\r\n");
        assertThat(sent()).isEqualTo("EHLO me\r\n");
        answer("250 fine\r\n");
        assertThat(health.health().status()).isEqualTo(CheckStatus.L7OK);
        assertThat(health.health().code()).isEqualTo(250);
    }

    @Test
    void shouldCheckDirectories() {
        start("option ldap-check", "server s 192.0.2.9:80 check");
        accept();
        assertThat(sent()).hasSize(14);
        answer("\u0030\u000c\u0002\u0001\u0001\u0061\u0007\n\u0001\u0000\u0004\u0000\u0004\u0000");
        assertThat(health.health().description()).isEqualTo("Success");
    }

    @Test
    void shouldCheckDatabases() {
        start("option mysql-check", "server s 192.0.2.9:80 check");
        accept();
        answer("\u0007\u0000\u0000\u0000\n5.0.1\u0000");
        assertThat(health.health().description()).isEqualTo("5.0.1");
        checks.close();
        start("option pgsql-check user me", "server s 192.0.2.9:80 check");
        accept();
        assertThat(sent()).endsWith("user\u0000me\u0000\u0000");
        answer("R\u0000\u0000\u0000\u0008\u0000\u0000\u0000\u0000");
        assertThat(health.health().description()).isEqualTo("PostgreSQL server is ok");
    }

    @Test
    void shouldCheckAgentsOfStreams() {
        start("option spop-check", "server s 192.0.2.9:80 check");
        accept();
        assertThat(sent()).hasSize(82)
                .startsWith("\0\0\0N\u0001\0\0\0\u0001\0\0\u0012supported-versions\u0008\u00032.0")
                .endsWith("\u0003\u00fc\u00f0\u0006\u000ccapabilities\u0008\0\u000bhealthcheck\u0011");
        answer("\0\0\0" + "6e\0\0\0\u0001\0\0\u0007version\u0008\u00032.0");
        assertThat(health.health().status()).isEqualTo(CheckStatus.INITIALIZING);
        answer("\u000emax-frame-size\u0003\u00fc\u00f0\u0006\u000ccapabilities\u0008\0");
        assertThat(health.health().status()).isEqualTo(CheckStatus.L7OK);
        assertThat(health.health().description()).isEqualTo("SPOA server is ok");
    }

    @Test
    void shouldDoWhatAnAgentSays() {
        start("server s 192.0.2.9:80 agent-check agent-port 9 agent-send hello\\n agent-inter 500");
        accept();
        assertThat(connections).containsExactly("192.0.2.9:9");
        assertThat(sent()).isEqualTo("hello\n");
        answer("75% maxconn:10 drain\n");
        assertThat(server.calls).containsExactly("DRAIN", "weight 75%", "maxconn 10");
        pass(500);
        accept();
        answer("ready down # disk is full\n");
        assertThat(server.calls).endsWith("READY", "STOPPED");
        assertThat(logs.lines()).first().asString().contains(
                "Server be/s is DOWN, reason: Layer7 wrong status, code: 0, info: \"via agent : down (disk is full)\"");
        pass(500);
        refuse();
        assertThat(server.state).isEqualTo(CheckedServer.State.STOPPED);
        pass(500);
        accept();
        answer("up\r\n");
        assertThat(server.state).isEqualTo(CheckedServer.State.RUNNING);
    }

    @Test
    void shouldLearnFromTraffic() {
        start("server s 192.0.2.9:80 check inter 60s fall 1 observe layer4 error-limit 2 on-error mark-down");
        accept();
        health.observed(ServerHealth.Observed.L4_FAILED, now);
        health.observed(ServerHealth.Observed.L4_OK, now);
        health.observed(ServerHealth.Observed.L4_FAILED, now);
        assertThat(server.state).isEqualTo(CheckedServer.State.RUNNING);
        health.observed(ServerHealth.Observed.L4_FAILED, now);
        assertThat(server.state).isEqualTo(CheckedServer.State.STOPPED);
        assertThat(logs.lines()).first().asString().contains("reason: Health analyze, info: \"Detected 2 consecutive "
                + "errors, last one was: L4 unsuccessful connection\". 0 active");
    }

    @Test
    void shouldTellOfMaintenance() {
        start("server s 192.0.2.9:80");
        health.admin(CheckedServer.Admin.MAINT, "");
        health.admin(CheckedServer.Admin.READY, "");
        assertThat(logs.lines()).containsExactly(
                "<1>Server be/s is going DOWN for maintenance. 0 active and 0 backup servers left. 0 sessions active, "
                        + "0 requeued, 0 remaining in queue.",
                "<0>backend be has no server available!",
                "<5>Server be/s is UP/READY (leaving forced maintenance).");
    }

    @Test
    void shouldTellAServerOfItsState() {
        start("option httpchk", "http-check send-state", "server s 192.0.2.9:80 check inter 2s rise 2 fall 3");
        accept();
        assertThat(sent()).contains("\r\nx-haproxy-server-state: UP 1/3; address=192.0.2.9; port=80; name=be/s; "
                + "node=node; weight=1/3; scur=0/4; qcur=0\r\n");
    }

    @Test
    void shouldNotCollectABodyWithoutEnd() {
        start("option httpchk", "http-check expect string never", "server s 192.0.2.9:80 check inter 2s fall 1");
        accept();
        answer("HTTP/1.1 200 OK\r\n\r\n");
        for (int i = 0; i < 16; i++) {
            assertThat(server.calls).as("after %d KiB", i).doesNotContain("STOPPED");
            answer("x".repeat(1024));
        }
        assertThat(server.calls).contains("STOPPED");
        assertThat(channel.isOpen()).isFalse();
        assertThat(health.health().description()).isEqualTo("HTTP content check did not match");
    }

    @Test
    void shouldHoldAServerForUpWhenItComesBackFromMaintenance() {
        start("server s 192.0.2.9:80 check inter 2s fall 1");
        refuse();
        assertThat(server.calls).containsExactly("STOPPED");
        health.admin(CheckedServer.Admin.MAINT, "");
        health.admin(CheckedServer.Admin.READY, "");
        assertThat(server.calls).containsExactly("STOPPED", "MAINT", "READY", "RUNNING");
        assertThat(logs.lines().getLast()).contains("Server be/s is UP/READY (leaving forced maintenance).");
        pass(2_000);
        refuse();
        assertThat(server.calls).last().isEqualTo("STOPPED");
    }

    @Test
    void shouldLeaveAFollowersOwnMaintenanceAlone() {
        start("server s 192.0.2.9:80 check inter 2s");
        final TestServer other = new TestServer(server.backend(), server.settings());
        final ServerHealth follower = new ServerHealth(other, logs.of(server.backend()), false);
        health.addFollower(follower);
        health.admin(CheckedServer.Admin.MAINT, "");
        assertThat(other.admin()).isEqualTo(CheckedServer.Admin.MAINT);
        health.admin(CheckedServer.Admin.READY, "");
        assertThat(other.admin()).isEqualTo(CheckedServer.Admin.READY);
        follower.admin(CheckedServer.Admin.MAINT, "");
        health.admin(CheckedServer.Admin.MAINT, "");
        health.admin(CheckedServer.Admin.READY, "");
        assertThat(other.admin()).isEqualTo(CheckedServer.Admin.MAINT);
        follower.admin(CheckedServer.Admin.DRAIN, "");
        health.admin(CheckedServer.Admin.MAINT, "");
        assertThat(other.admin()).isEqualTo(CheckedServer.Admin.MAINT);
        health.admin(CheckedServer.Admin.READY, "");
        assertThat(other.admin()).isEqualTo(CheckedServer.Admin.DRAIN);
    }
}
