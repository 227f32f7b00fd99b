package io.netchannel.samples.haproxy.stats;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.haproxy.log.Logs;
import io.netchannel.samples.haproxy.proxy.KernelTransport;
import io.netchannel.samples.haproxy.proxy.ProxyLoop;
import io.netchannel.samples.haproxy.proxy.ProxyServer;
import io.netchannel.samples.haproxy.proxy.SystemClock;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A proxy on the kernel's sockets, steered over its command line and its page. */
final class ControlPlaneTest {

    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Epoll.isAvailable()
            ? EpollIoHandler.newFactory()
            : NioIoHandler.newFactory());
    private final int frontPort = freePort();
    private final int commandPort = freePort();
    private ServerSocket origin;
    private ProxyServer proxies;
    private ControlPlane control;
    private Logs logs;

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, LOCAL)) {
            return socket.getLocalPort();
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() throws IOException {
        origin = new ServerSocket(0, 50, LOCAL);
        final Configuration configuration = new Configuration();
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(configuration, AllKeywords.create(), diagnostics);
        reader.read("test.cfg", "global\n stats socket ipv4@127.0.0.1:" + commandPort + " level admin\n"
                + "defaults\n mode http\n timeout connect 1s\n timeout client 5s\n timeout server 5s\n"
                + "frontend fe1\n bind 127.0.0.1:" + frontPort + "\n stats enable\n stats uri /\n stats admin if TRUE\n"
                + "backend b1\n server srv1 127.0.0.1:" + origin.getLocalPort() + "\n server srv2 127.0.0.1:"
                + origin.getLocalPort() + " weight 10\nbackend b2\n server c1 127.0.0.1:" + origin.getLocalPort()
                + " check inter 1h\n");
        reader.finish();
        assertThat(diagnostics.hasFailed()).as(diagnostics.messages().toString()).isFalse();
        final IoEventLoop loop = group.next();
        logs = Logs.start(configuration.global(), loop);
        proxies = ProxyServer.start(configuration, new KernelTransport(loop), new ProxyLoop(loop, new SystemClock()),
                logs, null, prepared -> control = ControlPlane.start(prepared, ControlPlane.Surroundings.of(prepared)));
    }

    @AfterEach
    void stop() throws IOException {
        control.close();
        group.next().submit(proxies::softStop).awaitUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        origin.close();
    }

    private static String talk(final int port, final String text) throws IOException {
        try (Socket socket = new Socket(LOCAL, port)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private String command(final String line) throws IOException {
        return talk(commandPort, line + "\n");
    }

    private String http(final String head, final String body) throws IOException {
        return talk(frontPort, head + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    @Test
    void shouldShowWhatItIsAndHas() throws IOException {
        assertThat(command("show info")).startsWith("Name: HAProxy\nVersion: 2.6.0");
        assertThat(command("show stat")).startsWith("# pxname,svname,qcur,").contains("\nfe1,FRONTEND,,,",
                "\nb1,srv1,0,0,",
                "\nb1,BACKEND,0,0,");
        assertThat(command("show servers state b1")).startsWith("1\n# be_id be_name ").contains(
                " b1 1 srv1 127.0.0.1 2 0 1 1 ",
                " b1 2 srv2 127.0.0.1 2 0 10 10 ");
        assertThat(command("show servers state nothing")).isEqualTo("Can't find backend.\n\n");
        assertThat(command("get weight b1/srv2; get weight b1/none"))
                .isEqualTo("10 (initial 10)\n\nNo such server.\n\n");
    }

    @Test
    void shouldChangeServers() throws IOException {
        assertThat(command("set server b1/srv1 state maint; set server b1/srv2 weight 50%; disable server b1"))
                .isEqualTo("\n\nRequire 'backend/server'.\n\n");
        assertThat(command("get weight b1/srv2")).isEqualTo("5 (initial 10)\n\n");
        assertThat(command("show stat")).containsPattern("\nb1,srv1,.*,MAINT,")
                .containsPattern("\nb1,srv2,.*,no check,");
        assertThat(command("set server b1/srv2 health down; set server b1/srv2 state nothing"))
                .isEqualTo("\n'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n\n");
        assertThat(command("show stat")).containsPattern("\nb1,srv2,.*,DOWN,").containsPattern("\nb1,BACKEND,.*,DOWN,");
        assertThat(command("set server b1/srv2 addr 127.0.0.9 port 99"))
                .startsWith("IP changed from '127.0.0.1' to '127.0.0.9', port changed from '");
    }

    @Test
    void shouldRefuseWhatTheLevelDoesNotAllow() throws IOException {
        assertThat(command("user;show cli level;disable server b1/srv1;show errors;get weight b1/srv2"))
                .isEqualTo("\nuser\n\nPermission denied\n\nPermission denied\n\n10 (initial 10)\n\n");
        assertThat(command("operator;clear counters all;set map m a b;operator;show cli level"))
                .isEqualTo("\nPermission denied\n\nPermission denied\n\n\noperator\n\n");
        assertThat(command("set var proc.x int(1)"))
                .isEqualTo("This command is restricted to experimental mode only.\n\n");
        assertThat(command("experimental-mode on;set var proc.x int(1),add(2);get var proc.x"))
                .isEqualTo("\n\nproc.x: type=sint value=<3>\n");
        assertThat(command("set severity-output number;get weight b1"))
                .isEqualTo("\n[3]: Require 'backend/server'.\n\n");
    }

    @Test
    void shouldNotLetWordsOfARequestIntoThePage() throws IOException {
        assertThat(http("GET /;scope=<script>;st=<b>", "")).startsWith("HTTP/1.1 ").doesNotContain("<script>", "<b>");
        assertThat(http("POST /", "s=srv1&action=nothing&b=%233")).containsIgnoringCase("location: /;st=ERRP");
        assertThat(http("POST /", "s=srv1&action=drain&b=b1")).containsIgnoringCase("location: /;st=DONE");
        assertThat(http("DELETE /", "")).containsIgnoringCase("location: /;st=IVAL");
    }

    @Test
    void shouldServeItsPage() throws IOException {
        assertThat(http("GET /", "")).startsWith("HTTP/1.1 200 OK\r\n").contains("Statistics Report for HAProxy");
        final String csv = http("GET /?;csv;scope=b1", "");
        assertThat(csv).contains("\nb1,BACKEND,").doesNotContain("\nfe1,FRONTEND,");
        assertThat(http("POST /?scope=b1", "s=srv1&s=srv2&s=srv3&action=maint&b=%233"))
                .startsWith("HTTP/1.1 303 See Other\r\n").containsIgnoringCase("location: /;st=PART;scope=b1");
        assertThat(command("show stat")).containsPattern("\nb1,srv2,.*,MAINT,");
    }

    @Test
    void shouldSendAllAnswersOfManyCommands() throws IOException {
        final int many = 1_000;
        final String answers = command("show stat;".repeat(many) + "get weight b1/srv2");
        assertThat(answers.split("# pxname,", -1)).hasSize(many + 1);
        assertThat(answers).endsWith("\n10 (initial 10)\n\n");
    }

    @Test
    void shouldTellWhichChecksAreSwitchedOff() throws IOException {
        assertThat(command("show servers state b2")).containsPattern(" 6 0 0 0 - \\d+ - 0 0 - - 0\n");
        assertThat(command("disable health b2/c1;disable health b1/srv1;enable health b1/srv1")).isEqualTo(
                "\n\nHealth check was not configured on this server, cannot enable.\n\n");
        assertThat(command("show servers state b2")).containsPattern(" 2 0 0 0 - \\d+ - 0 0 - - 0\n");
        assertThat(command("show stat")).containsPattern("\nb2,c1,.*,no check,");
        assertThat(command("enable health b2/c1;show servers state b2")).containsPattern(" 6 0 0 0 - \\d+ ");
    }

    @Test
    void shouldEndASessionWhoseCommandHasNoEnd() throws IOException {
        assertThat(talk(commandPort, "x".repeat(20_000))).isEmpty();
        assertThat(talk(commandPort, "add map #1 <<\n" + "key value\n".repeat(2_000))).isEmpty();
    }

    @Test
    void shouldChangeLimitsOfRates() throws IOException {
        assertThat(command("set rate-limit connections global 7;set rate-limit sessions global 8;"
                + "set rate-limit http-compression global 9")).isBlank();
        assertThat(command("show info")).contains("\nConnRateLimit: 7\n", "\nSessRateLimit: 8\n",
                "\nCompressBpsRateLim: 9216\n");
        assertThat(command("set rate-limit connections global -1")).isEqualTo("Value out of range.\n\n");
        assertThat(command("set rate-limit connections 1")).startsWith("'set rate-limit' only supports :\n");
    }

    @Test
    void shouldRefusePortsThatAreNone() throws IOException {
        assertThat(command("set server b1/srv1 addr 127.0.0.1 port 65536"))
                .isEqualTo("no need to change the addr, problem converting port '65536' to an int by "
                        + "'stats socket command'\n\n");
        assertThat(command("set server b1/srv1 check-port 99999")).contains("health checks are not enabled");
    }
}
