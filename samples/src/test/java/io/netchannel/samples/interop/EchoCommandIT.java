package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./netchannel echo} as a user runs it: a process of its own, in a namespace that is its host. */
@Timeout(180)
final class EchoCommandIT {

    private static final String TAP = "nc0";
    private static final String MAC = "02:00:00:00:07:09";
    private static final String BRIDGE = "br0";
    private static final String LEASED = "10.7.0.100";

    private NetworkNamespace namespace;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        Requirements.programs("socat", "ping");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    private Command echo(final String... prefix) {
        final List<String> line = new ArrayList<>(List.of(prefix));
        line.addAll(
                List.of(NetworkNamespace.launcher(), "echo", "--tap", TAP, "--address", "10.7.0.2/24", "--host-address",
                        "10.7.0.1/24"));
        return namespace.start("", line.toArray(String[]::new));
    }

    private Command dnsmasq(final Path leases) {
        return namespace.start("", "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=root",
                "--pid-file=", "--interface=" + BRIDGE, "--bind-interfaces", "--port=0", "--no-ping",
                "--dhcp-authoritative", "--dhcp-leasefile=" + leases,
                "--dhcp-range=" + LEASED + "," + LEASED + ",255.255.255.0,2m");
    }

    private void assertNothingLeft() {
        assertThat(namespace.run("ip", "-o", "link").out()).doesNotContain(TAP + ":");
    }

    @Test
    void shouldCreateAndConfigureTheTapAndRemoveItAtTheEnd() throws Exception {
        final Command echo = echo();
        echo.awaitOutput("serving");
        namespace.run("ping", "-c", "2", "-i", "0.1", "-W", "5", "10.7.0.2").expectSuccess();
        assertThat(namespace.start("hello", "socat", "-t10", "-", "TCP4:10.7.0.2:7").await(60).expectSuccess().out())
                .isEqualTo("hello");
        echo.process().destroy();
        final Command.Result ended = echo.await(30);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        assertNothingLeft();
    }

    @Test
    void shouldServeByFibers() throws Exception {
        final Command echo = namespace.startNetchannel("echo", "--tap", TAP, "--address", "10.7.0.2/24",
                "--host-address",
                "10.7.0.1/24", "--fibers");
        echo.awaitOutput("serving");
        assertThat(namespace.start("hello", "socat", "-t10", "-", "TCP4:10.7.0.2:7").await(60).expectSuccess().out())
                .isEqualTo("hello");
        echo.process().destroy();
        final Command.Result ended = echo.await(30);
        assertThat(ended.err()).as("nothing is said of a scheduler that the JVM has refused").isEmpty();
        assertThat(ended.status()).isZero();
        assertNothingLeft();
    }

    @Test
    void shouldServeAtAnAddressThatDhcpGivesAndReleaseIt(@TempDir final Path directory) throws Exception {
        Requirements.programs("dnsmasq");
        final Path leases = Files.createFile(directory.resolve("leases"));
        final Command echo = namespace.startNetchannel("echo", "--tap", TAP, "--dhcp", "--mac", MAC);
        echo.awaitOutput("what DHCP gives (tap " + TAP);
        namespace.bridge(BRIDGE, TAP, "10.7.0.1/24");
        final Command server = dnsmasq(leases);
        try {
            // The address is probed on the link before it is used (RFC 5227).
            while (namespace.run("ping", "-c", "1", "-W", "1", LEASED).status() != 0) {
                Thread.onSpinWait();
            }
            assertThat(Files.readString(leases)).contains(MAC + " " + LEASED + " netchannel");
            assertThat(namespace.start("hello", "socat", "-t10", "-", "TCP4:" + LEASED + ":7").await(60).expectSuccess()
                    .out()).isEqualTo("hello");
            echo.process().destroy();
            final Command.Result ended = echo.await(30);
            assertThat(ended.err()).isEmpty();
            assertThat(ended.status()).isZero();
            while (Files.readString(leases).contains(MAC)) {
                Thread.yield();
            }
        } finally {
            server.process().destroy();
            server.process().waitFor();
        }
        assertNothingLeft();
    }

    @Test
    void shouldSayThatATapIsBusy() throws Exception {
        final Command first = echo();
        first.awaitOutput("serving");
        assertFailure(echo().await(60), TAP, "busy");
        first.process().destroy();
        first.await(30);
        assertNothingLeft();
    }

    @Test
    void shouldSayThatPermissionIsMissing() {
        Requirements.programs("setpriv");
        assertFailure(echo("setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin").await(60), TAP,
                "CAP_NET_ADMIN");
        assertNothingLeft();
    }

    @Test
    void shouldSayThatDevNetTunIsMissing() {
        Requirements.programs("unshare");
        assertFailure(echo("unshare", "-m", "sh", "-c", "mount -t tmpfs none /dev/net && exec \"$@\"", "sh").await(60),
                "/dev/net/tun", "load the kernel module tun");
        assertNothingLeft();
    }

    private static void assertFailure(final Command.Result result, final String named, final String remedy) {
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).contains(named).contains(remedy);
    }
}
