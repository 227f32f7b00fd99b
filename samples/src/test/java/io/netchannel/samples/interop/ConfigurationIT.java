package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.DhcpApplication;
import io.netchannel.node.LoopContext;
import io.netchannel.node.NodeCapture;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeControl;
import io.netchannel.node.NodeMode;
import io.netchannel.node.TapLink;
import io.netchannel.samples.Netchannel;
import io.netchannel.samples.echo.EchoApplication;
import io.netchannel.samples.echo.EchoService;
import io.netchannel.tcpip.capture.CaptureFilter;
import io.netchannel.tcpip.dns.AddressFamily;
import io.netchannel.tcpip.dns.DnsCallback;
import io.netchannel.tcpip.dns.DnsFailure;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.MacAddress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A node that is configured by dnsmasq, resolves names there, and is looked into while it runs. */
@Timeout(120)
final class ConfigurationIT {

    private static final String TAP = "ncdhcp" + ProcessHandle.current().pid() % 100_000;
    private static final String BRIDGE = "br0";
    private static final String MAC = "02:00:00:00:07:07";

    @TempDir
    private Path directory;
    private NetworkNamespace namespace;
    private Command dnsmasq;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        Requirements.programs("dnsmasq", "tshark", "socat", "ping");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() throws InterruptedException {
        if (dnsmasq != null) {
            dnsmasq.process().destroy();
            dnsmasq.process().waitFor();
        }
        if (namespace != null) {
            namespace.close();
        }
    }

    private void startDnsmasq() {
        dnsmasq = namespace.start("", "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--user=root",
                "--pid-file=", "--interface=" + BRIDGE, "--bind-interfaces", "--no-resolv", "--no-hosts", "--no-ping",
                "--dhcp-authoritative", "--dhcp-leasefile=" + directory.resolve("leases"),
                "--dhcp-range=10.7.0.100,10.7.0.150,255.255.255.0,2m", "--dhcp-option=26,1400",
                "--dhcp-option=119,search.test", "--dhcp-option=121,10.99.0.0/16,10.7.0.1,0.0.0.0/0,10.7.0.1",
                "--local=/test/", "--host-record=host.search.test,10.1.1.3,fd00::3",
                "--cname=alias.test,host.search.test", "--txt-record=a.test,text");
    }

    private static DataplaneNode open(final NodeMode mode, final int loops) {
        return DataplaneNode.open(NodeConfig.builder("node").mac(MacAddress.parse(MAC)).mode(mode).loops(loops)
                .buffersPerLoop(1024).build(), new TapLink(TAP, List.of(), 1500));
    }

    private static String resolve(final LoopContext loop, final String name) {
        final CompletableFuture<String> answer = new CompletableFuture<>();
        loop.execute(() -> loop.resolver().resolve(name, AddressFamily.ANY, new DnsCallback() {
            @Override
            public void onResolved(final String resolved, final List<IpAddress> addresses) {
                answer.complete(addresses.toString());
            }

            @Override
            public void onFailed(final String failed, final DnsFailure failure) {
                answer.complete(failure.toString());
            }
        }));
        return answer.join();
    }

    @ParameterizedTest
    @EnumSource(NodeMode.class)
    void shouldBeConfiguredAndResolveNames(final NodeMode mode) throws Exception {
        final DhcpApplication dhcp = new DhcpApplication("interop");
        final Path leases = directory.resolve("leases");
        try (DataplaneNode node = open(mode, 2)) {
            namespace.adopt(TAP);
            namespace.bridge(BRIDGE, TAP, "10.7.0.1/24");
            startDnsmasq();
            node.deploy(dhcp);
            node.deploy(new EchoApplication(Set.of(EchoService.ECHO)));
            node.start();
            while (dhcp.lease() == null) {
                Thread.yield();
            }
            assertThat(dhcp.lease().mtuBytes()).isEqualTo(1400);
            assertThat(dhcp.lease().routes()).hasToString("[10.99.0.0/16 via 10.7.0.1, 0.0.0.0/0 via 10.7.0.1]");
            assertThat(dhcp.lease().searchDomains()).containsExactly("search.test");
            assertThat(Files.readString(leases)).contains(MAC, "interop");
            final String address = dhcp.lease().address().address().toString();
            namespace.run("ping", "-c", "2", "-i", "0.1", "-W", "5", address).expectSuccess();
            // Ports enough to come to both loops.
            for (int port = 40_000; port < 40_008; port++) {
                assertThat(namespace.start("hello", "socat", "-t10", "-",
                        "TCP4:" + address + ":7,sourceport=" + port).await(60).expectSuccess().out())
                        .isEqualTo("hello");
            }
            assertThat(node.counters().get("Dhcp.InAcks")).isEqualTo(1);
            for (final LoopContext loop : node.loops()) {
                assertThat(resolve(loop, "host")).isEqualTo("[10.1.1.3, fd00::3]");
                assertThat(resolve(loop, "alias.test")).isEqualTo("[10.1.1.3, fd00::3]");
                assertThat(resolve(loop, "none.test")).isEqualTo("NO_SUCH_NAME");
                assertThat(resolve(loop, "a.test")).isEqualTo("NO_ADDRESS");
            }
            assertThat(node.counters().get("Dns.Requests")).isEqualTo(8);
        }
        while (Files.readString(leases).contains(MAC)) {
            Thread.yield();
        }
    }

    private static String netchannel(final String... args) {
        final StringWriter out = new StringWriter();
        final StringWriter err = new StringWriter();
        assertThat(Netchannel.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
                .execute(args)).as(err.toString()).isZero();
        return out.toString();
    }

    @Test
    void shouldShowWhatItDoes() throws Exception {
        final Path file = directory.resolve("node.pcapng");
        final Path control = directory.resolve("control");
        try (TapNode node = TapNode.start(namespace, builder -> builder.loops(2));
                NodeControl _ = NodeControl.open(node.node(), control)) {
            final NodeCapture capture = node.node().capture(CaptureFilter.parse("not icmp6"), 65535,
                    Files.newOutputStream(file), () -> {
                    });
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(control))).isEqualTo("rw-------");
            namespace.run("ping", "-c", "2", "-i", "0.1", TapNode.NODE).expectSuccess();
            final Command client = namespace.start("", "socat", "EXEC:sleep 20", "TCP4:" + TapNode.NODE
                    + ":7,sourceport=41000");
            while (!netchannel("flows", "--node", control.toString()).contains("10.7.0.1:41000")) {
                Thread.yield();
            }
            assertThat(netchannel("flows", "-i", "--node", control.toString())).containsPattern(
                    "tcp +ESTAB +0 +0 +10.7.0.2:7 +10.7.0.1:41000\\R\\t .*tcpi_snd_cwnd=")
                    .contains("LISTEN", "udp");
            assertThat(new ObjectMapper().readTree(netchannel("flows", "--json", "--node", control.toString())))
                    .anyMatch(socket -> socket.get("remotePort").asInt() == 41000
                            && socket.get("info").get("tcpi_snd_mss").asInt() == 1448);
            assertThat(netchannel("counters", "--node", control.toString())).containsPattern("Icmp.OutEchoReps +2\\R")
                    .containsPattern("Tcp.PassiveOpens +1\\R").doesNotContain("Tcp.InErrs");
            assertThat(new ObjectMapper().readTree(netchannel("counters", "-z", "--json", "--node",
                    control.toString())).get("Tcp.InErrs").asInt()).isZero();
            assertThat(netchannel("counters", "--snmp", "--node", control.toString()).lines()
                    .filter(line -> line.startsWith("Udp:"))).hasSize(2).anyMatch(line -> line.contains(" InDatagrams"))
                    .allMatch(line -> line.split(" ").length > 5);
            client.process().destroy();
            client.process().waitFor();
            capture.close();
            assertThat(capture.dropped()).isZero();
        }
        assertThat(control).doesNotExist();
        assertThat(tshark(file, "icmp", "frame.packet_flags_direction").lines())
                .containsExactly("0x00000001", "0x00000002", "0x00000001", "0x00000002");
        assertThat(tshark(file, "tcp.flags.syn == 1", "tcp.dstport").lines()).containsExactly("7", "41000");
        assertThat(tshark(file, "arp", "arp.opcode")).isNotEmpty();
        assertThat(tshark(file, "_ws.malformed", "frame.number")).isEmpty();
    }

    private static String tshark(final Path file, final String filter, final String field) {
        return Command.run("tshark", "-n", "-r", file.toString(), "-Y", filter, "-T", "fields", "-e", field)
                .expectSuccess().out();
    }
}
