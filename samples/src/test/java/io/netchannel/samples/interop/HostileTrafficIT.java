package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.wire.IpAddress;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Floods by hping3 and nonsense by scapy: the node answers as it must or drops and counts, an honest transfer at the same time
 * stays whole, and at the end every buffer is back, which closing the node checks.
 */
@Timeout(120)
final class HostileTrafficIT {

    private static final String HONEST_BYTES = "5000000";
    private static final int BACKLOG = 1024;

    private NetworkNamespace namespace;
    private TapNode node;

    @BeforeEach
    void start() {
        Requirements.rootAndTap();
        namespace = new NetworkNamespace();
        // Spoofed sources are anywhere: answers to them go to the host, which drops them.
        node = TapNode.start(namespace, builder -> builder.loops(2).gateway(IpAddress.parse("10.7.0.1")));
    }

    @AfterEach
    void stop() {
        try {
            if (node != null) {
                node.close();
            }
        } finally {
            if (namespace != null) {
                namespace.close();
            }
        }
    }

    private long counter(final String name) {
        final Map<String, Long> counters = node.node().counters();
        assertThat(counters).containsKey(name);
        return counters.get(name);
    }

    private void assertHonestTransferStaysWhole() {
        assertThat(namespace.start("", KernelClient.commandLine("echo", TapNode.NODE, "7", HONEST_BYTES, "1"))
                .await(100).expectSuccess().out()).startsWith("sha256 " + HONEST_BYTES);
    }

    /** At least once, and as long as the other is at it. */
    private Command.Result besideHonestTransfers(final Command hostile) {
        do {
            assertHonestTransferStaysWhole();
        } while (hostile.process().isAlive());
        return hostile.await(60);
    }

    /** Its status says whether all were answered, which some must not be. */
    private String hping(final String... options) {
        final Command.Result result = startHping(options).await(60);
        return result.out() + result.err();
    }

    private Command startHping(final String... options) {
        final String[] line = new String[options.length + 4];
        line[0] = "hping3";
        line[1] = "-q";
        line[2] = "-n";
        System.arraycopy(options, 0, line, 3, options.length);
        line[line.length - 1] = TapNode.NODE;
        return namespace.start("", line);
    }

    @Test
    void shouldServeThroughASynFlood() {
        Requirements.programs("hping3");
        besideHonestTransfers(
                startHping("-S", "-p", "7", "--rand-source", "-i", "u40", "-c", Integer.toString(8 * BACKLOG)));
        assertThat(counter("TcpExt.SyncookiesSent")).isPositive();
        assertThat(node.node().sockets().size()).isLessThan(8 * BACKLOG);
        // Each loop's queue is still full of those who never answer: this one comes in by a cookie.
        assertHonestTransferStaysWhole();
        assertThat(counter("TcpExt.SyncookiesRecv")).isPositive();
    }

    @Test
    void shouldAnswerOddFlagsAsLinuxDoes() {
        Requirements.programs("hping3");
        for (final String flags : new String[]{"-FPU", "-SF", "-SR", "-SFRPAU", "-XY", "-F", "-U"}) {
            hping(flags, "-p", "7", "-i", "u100", "-c", "20");
        }
        assertThat(counter("Tcp.OutRsts")).isZero();
        assertThat(node.node().openFlows()).isZero();
        assertThat(hping("-A", "-p", "7", "-i", "u1000", "-c", "20")).contains("20 packets received");
        assertThat(hping("-FPU", "-p", "81", "-i", "u1000", "-c", "20")).contains("20 packets received");
        assertHonestTransferStaysWhole();
    }

    @Test
    void shouldPutTogetherFragmentsOfEightBytes() {
        Requirements.programs("hping3");
        assertThat(hping("--udp", "-p", "7", "-d", "400", "--frag", "--mtu", "8", "-i", "u10000", "-c", "20"))
                .isNotEmpty();
        assertThat(counter("Ip.ReasmOKs")).isGreaterThanOrEqualTo(20);
        assertThat(counter("Udp.OutDatagrams")).isGreaterThanOrEqualTo(20);
        assertHonestTransferStaysWhole();
    }

    @Test
    void shouldLimitItsErrorsInAFlood() {
        Requirements.programs("hping3");
        besideHonestTransfers(startHping("--udp", "-p", "81", "-i", "u40", "-c", "5000"));
        besideHonestTransfers(startHping("--icmp", "-i", "u40", "-c", "5000", "-d", "1000"));
        besideHonestTransfers(startHping("--icmp", "--icmp-ts", "-i", "u40", "-c", "500"));
        assertThat(counter("Udp.NoPorts")).isPositive();
        assertThat(counter("Icmp.OutRateLimitHost") + counter("Icmp.OutRateLimitGlobal")).isPositive();
        assertThat(counter("Icmp.OutDestUnreachs")).isLessThan(counter("Udp.NoPorts"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"flags", "christmas", "overlaps", "options", "checksums", "windows", "fragments", "errors"})
    void shouldStandNonsense(final String kind) throws URISyntaxException {
        Requirements.pythonModule("scapy");
        besideHonestTransfers(namespace.start("", "/usr/bin/python3", script(), node.tap(), kind)).expectSuccess();
        node.awaitNoOpenFlows();
        if ("checksums".equals(kind)) {
            assertThat(counter("Classifier.BAD_TRANSPORT_CHECKSUM")).isGreaterThanOrEqualTo(2);
            assertThat(counter("Classifier.BAD_IP_CHECKSUM")).isPositive();
            assertThat(counter("Icmp.InCsumErrors")).isPositive();
        }
    }

    private static String script() throws URISyntaxException {
        return Path.of(HostileTrafficIT.class.getResource("/hostile_traffic.py").toURI()).toString();
    }
}
