package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code ./netchannel wire} as a user runs it: a process of its own, and a Linux host in a namespace at either end. */
@Timeout(180)
final class WireCommandIT {

    private static final String LEFT_TAP = "ncl0";
    private static final String RIGHT_TAP = "ncr0";
    private static final String RIGHT = "10.9.0.2";
    private static final String RIGHT6 = "fd00:9::2";
    private static final String TEXT = "the quick brown fox\n".repeat(50_000);

    private NetworkNamespace middle;
    private NetworkNamespace left;
    private NetworkNamespace right;

    @BeforeEach
    void makeNamespaces() {
        Requirements.rootAndTap();
        Requirements.programs("socat", "ping");
        middle = new NetworkNamespace();
        left = new NetworkNamespace();
        right = new NetworkNamespace();
    }

    @AfterEach
    void removeNamespaces() {
        for (final NetworkNamespace namespace : new NetworkNamespace[]{left, right, middle}) {
            if (namespace != null) {
                namespace.close();
            }
        }
    }

    private Command wire(final String... options) {
        final List<String> line = new ArrayList<>(List.of("wire", "--tap", LEFT_TAP, "--tap", RIGHT_TAP));
        line.addAll(List.of(options));
        final Command wire = middle.startNetchannel(line.toArray(String[]::new));
        wire.awaitOutput("Ctrl-C ends it");
        left.adopt(middle, LEFT_TAP, "10.9.0.1/24", "fd00:9::1/64");
        right.adopt(middle, RIGHT_TAP, RIGHT + "/24", RIGHT6 + "/64");
        return wire;
    }

    private static Command.Result end(final Command wire) {
        wire.process().destroy();
        final Command.Result ended = wire.await(30);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.status()).isZero();
        return ended;
    }

    private void assertNothingLeft() {
        assertThat(left.run("ip", "-o", "link").out() + right.run("ip", "-o", "link").out())
                .doesNotContain(LEFT_TAP).doesNotContain(RIGHT_TAP);
    }

    private String echoed(final String target) {
        return left.start(TEXT, "socat", "-t30", "-", target).await(60).expectSuccess().out();
    }

    @Test
    void shouldCarryWhatTwoHostsSayAndLeaveNothingBehind() {
        final Command wire = wire("--loss", "0.02", "--reorder", "0.01", "--reorder-ms", "2", "--duplicate", "0.01",
                "--corrupt", "0.01", "--delay-ms", "1");
        final Command server = right.start("", "socat", "TCP6-LISTEN:7,fork,reuseaddr,ipv6only=0", "EXEC:cat");
        try {
            left.run("ping", "-c", "20", "-i", "0.01", "-W", "1", RIGHT).expectSuccess();
            assertThat(echoed("TCP4:" + RIGHT + ":7,retry=600,interval=0.1")).isEqualTo(TEXT);
            assertThat(echoed("TCP6:[" + RIGHT6 + "]:7,retry=600,interval=0.1")).isEqualTo(TEXT);
        } finally {
            server.process().destroy();
            server.await(30);
        }
        assertThat(end(wire).out()).containsPattern("[1-9][0-9]* frames from ncl0, [1-9][0-9]* from ncr0");
        assertNothingLeft();
    }

    /** As far as ping can tell: the times are a lower bound, however slow the machine. */
    @Test
    void shouldDelayBothWays() {
        final Command wire = wire("--delay-ms", "30");
        final String out = left.run("ping", "-c", "3", "-i", "0.1", "-W", "5", RIGHT).expectSuccess().out();
        final String least = out.replaceAll("(?s).*min/avg/max/mdev = ([0-9.]+)/.*", "$1");
        assertThat(Double.parseDouble(least)).isGreaterThanOrEqualTo(60);
        end(wire);
        assertNothingLeft();
    }

    @Test
    void shouldSayThatATapIsBusy() {
        final Command first = middle.startNetchannel("wire", "--tap", LEFT_TAP, "--tap", RIGHT_TAP);
        first.awaitOutput("Ctrl-C ends it");
        final Command.Result second = middle.startNetchannel("wire", "--tap", "ncx0", "--tap", RIGHT_TAP)
                .await(60);
        assertThat(second.status()).isEqualTo(1);
        assertThat(second.err().lines()).hasSize(1);
        assertThat(second.err()).contains(RIGHT_TAP).contains("busy");
        end(first);
        assertThat(middle.run("ip", "-o", "link").out()).doesNotContain("ncx0").doesNotContain(RIGHT_TAP);
    }
}
