package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.virtio.driver.VirtioNetDriverConfig;
import io.netchannel.virtio.net.VirtioFeature;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a capture on the Linux side shows of the node's frames, by tshark's dissectors. */
@Timeout(120)
final class CaptureIT {

    private static final String TEXT = "abcdefghijklmnopqrstuvwxyz".repeat(20_000);

    @TempDir
    private Path directory;
    private NetworkNamespace namespace;

    @BeforeEach
    void makeNamespace() {
        Requirements.rootAndTap();
        Requirements.programs("tcpdump", "tshark", "socat", "ping");
        namespace = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespace() {
        if (namespace != null) {
            namespace.close();
        }
    }

    @Test
    void shouldSendNoMalformedFrameWithOffloads() throws Exception {
        final Path capture = captureTraffic(VirtioNetDriverConfig.DEFAULT);
        assertThat(select(capture, "_ws.malformed", false)).isEmpty();
        assertThat(select(capture, "eth.src == 02:00:0a:07:00:02", false)).as("captured at all").isNotEmpty();
        // Only IPv4 headers are complete in frames whose transport checksum is left to the other side.
        assertThat(select(capture, "eth.src == 02:00:0a:07:00:02 && ip.checksum.status == 0", true)).isEmpty();
    }

    @Test
    void shouldSendNoBadChecksumWithoutOffloads() throws Exception {
        final Path capture = captureTraffic(VirtioNetDriverConfig.DEFAULT.without(VirtioFeature.CSUM,
                VirtioFeature.HOST_TSO4, VirtioFeature.HOST_TSO6));
        assertThat(select(capture, "_ws.malformed", false)).isEmpty();
        final String fromNode = "eth.src == 02:00:0a:07:00:02";
        assertThat(select(capture, fromNode + " && tcp.checksum.status == 1", true)).as("checked at all").isNotEmpty();
        assertThat(select(capture, fromNode + " && (tcp.checksum.status == 0 || udp.checksum.status == 0"
                + " || icmp.checksum.status == 0 || icmpv6.checksum.status == 0 || ip.checksum.status == 0)", true))
                .isEmpty();
    }

    private Path captureTraffic(final VirtioNetDriverConfig driver) throws Exception {
        final Path file = directory.resolve("capture.pcap");
        try (TapNode node = TapNode.start(namespace, builder -> builder.driver(driver))) {
            final Command tcpdump = namespace.start("", "tcpdump", "-i", node.tap(), "-U", "-Z", "root", "-B", "65536",
                    "-w", file.toString());
            while (!Files.exists(file)) {
                Thread.yield();
            }
            for (final String address : new String[]{TapNode.NODE, TapNode.NODE6}) {
                namespace.run("ping", "-c", "3", "-i", "0.05", address).expectSuccess();
            }
            for (final String target : new String[]{"TCP4:" + TapNode.NODE + ":7", "TCP6:[" + TapNode.NODE6 + "]:7"}) {
                assertThat(namespace.start(TEXT, "socat", "-t30", "-", target).await(60).expectSuccess().out())
                        .isEqualTo(TEXT);
            }
            namespace.start("datagram", "socat", "-t1", "-", "UDP4:" + TapNode.NODE + ":7").await(60).expectSuccess();
            namespace.start("to nobody", "socat", "-t1", "-", "UDP4:" + TapNode.NODE + ":81").await(60);
            tcpdump.process().destroy();
            tcpdump.process().waitFor();
        }
        return file;
    }

    /** Frames that a display filter selects, a line each. */
    private static String select(final Path capture, final String filter, final boolean checkChecksums) {
        final String check = checkChecksums ? "TRUE" : "FALSE";
        return Command.run("tshark", "-n", "-r", capture.toString(), "-o", "ip.check_checksum:" + check, "-o",
                "tcp.check_checksum:" + check, "-o", "udp.check_checksum:" + check, "-Y", filter).expectSuccess().out();
    }
}
