package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.node.NodeMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The tools that people use, against echo, discard and chargen. */
@Timeout(120)
final class ToolsIT {

    private static final String TEXT = "the quick brown fox\n".repeat(5_000);

    private NetworkNamespace namespace;
    private TapNode node;

    @BeforeEach
    void start() {
        Requirements.rootAndTap();
        namespace = new NetworkNamespace();
        node = TapNode.start(namespace, builder -> builder.mode(NodeMode.INLINE));
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

    private Command.Result run(final String input, final String... line) {
        return namespace.start(input, line).await(60);
    }

    @Test
    void shouldEchoToSocat() {
        Requirements.programs("socat");
        assertThat(run(TEXT, "socat", "-t30", "-", "TCP4:" + TapNode.NODE + ":7").expectSuccess().out())
                .isEqualTo(TEXT);
        assertThat(run(TEXT, "socat", "-t30", "-", "TCP6:[" + TapNode.NODE6 + "]:7").expectSuccess().out())
                .isEqualTo(TEXT);
    }

    @Test
    void shouldEchoDatagramsToSocat() {
        Requirements.programs("socat");
        assertThat(run("one datagram", "socat", "-t2", "-", "UDP4:" + TapNode.NODE + ":7").expectSuccess().out())
                .isEqualTo("one datagram");
        assertThat(run("one datagram", "socat", "-t2", "-", "UDP6:[" + TapNode.NODE6 + "]:7").expectSuccess().out())
                .isEqualTo("one datagram");
    }

    @Test
    void shouldEchoToNcat() {
        Requirements.programs("ncat");
        assertThat(run(TEXT, "ncat", TapNode.NODE, "7").expectSuccess().out()).isEqualTo(TEXT);
    }

    @Test
    void shouldDiscardFromSocatAndNcat() {
        Requirements.programs("socat", "ncat");
        assertThat(run(TEXT, "socat", "-t30", "-", "TCP4:" + TapNode.NODE + ":9").expectSuccess().out()).isEmpty();
        assertThat(run(TEXT, "ncat", TapNode.NODE, "9").expectSuccess().out()).isEmpty();
    }

    @Test
    void shouldGenerateCharactersForSocat() {
        Requirements.programs("socat", "head");
        final Command.Result result = run("", "sh", "-c",
                "socat -u TCP4:" + TapNode.NODE + ":19 - 2>/dev/null | head -c 1000000");
        assertThat(result.out()).hasSize(1_000_000).startsWith(" !\"#$%&'()*+,-./0123456789");
        assertThat(result.out().substring(74)).startsWith("!\"#$%&'()*+,-./0123456789");
    }

    @Test
    void shouldGenerateCharactersForCurl() {
        Requirements.programs("curl");
        final Command.Result result = run("", "sh", "-c",
                "curl -sN telnet://" + TapNode.NODE + ":19 </dev/null 2>/dev/null | head -c 100000");
        assertThat(result.out()).hasSize(100_000).startsWith(" !\"#$%&'()*+,-./");
    }

    @Test
    void shouldEchoToCurl() {
        Requirements.programs("curl");
        // curl ends a telnet session when its input ends; a short pause of the peer would cut the answer off, so the shell
        // keeps the input open until the answer is there.
        final Command.Result result = run("", "bash", "-c", "coproc C { curl -sN telnet://" + TapNode.NODE
                + ":7; }; echo hello >&${C[1]}; read -t 20 line <&${C[0]}; echo \"$line\"; kill $C_PID");
        assertThat(result.out()).isEqualTo("hello\n");
    }

    @Test
    void shouldRefuseAPortThatNobodyListensOn() {
        Requirements.programs("ncat");
        final Command.Result result = run("", "ncat", "-v", TapNode.NODE, "81");
        assertThat(result.status()).isNotZero();
        assertThat(result.err()).contains("refused");
    }
}
