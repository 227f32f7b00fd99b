package io.netchannel.tcpip.script.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.script.run.ScriptResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run reports. */
class ScriptRunTest {

    private static final String ACCEPTED = """
            0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0 bind(3, ..., ...) = 0
            +0 listen(3, 1) = 0
            +.1 < S 0:0(0) win 65535 <mss 1000>
            +0 > S. 0:0(0) ack 1 <...>
            +.1 < . 1:1(0) ack 1 win 65535
            +0 accept(3, ..., ...) = 4
            """;

    private static ScriptResult run(final String source) {
        return ScriptRun.run("s.pkt", source, null, ScriptOptions.DEFAULT);
    }

    @Test
    void shouldShowTheFirstPacketThatDiffers() {
        final ScriptResult result = run(ACCEPTED + "+0 write(4, ..., 100) = 100\n+0 > P. 1:201(200) ack 1");
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.line()).isEqualTo(9);
        assertThat(result.kind()).isEqualTo("packet: length");
        assertThat(result.expected()).isEqualTo("> P. 1:201(200) ack 1");
        assertThat(result.actual()).startsWith("> P. 1:101(100) ack 1");
        assertThat(result.toString()).startsWith("s.pkt:9: ").contains("expected: ").contains("actual: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"+0 > . 1:1(0) ack 1|packet: missing",
        "+0 write(4, ..., 10) = 11|call: write", "+0 write(5, ..., 10) = 10|call: write",
        "+0 read(4, ..., 10) = 1|call: hangs", "+0 write(4, ..., 10) = 10~+.1 > P. 1:11(10) ack 1|time: packet",
        "+0...0.1 read(4, ..., 10) = 10~+.5 < P. 1:11(10) ack 1 win 5~+1 close(4) = 0|time: call",
        "+0 %{ assert 1 == 2 }%|assert", "+0 < . 1:1(0) ack 1 win 5 <TS val 1 ecr 77>|packet: echo",
        "+0 < icmp unreachable nonsense [1:1(0)]|syntax", "0.05 close(4) = 0|time: event", "+0 write(4|syntax"})
    void shouldNameTheKindOfAFailure(final String lines, final String kind) {
        final ScriptResult result = run(ACCEPTED + lines.replace('~', '\n'));
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.FAILED);
        assertThat(result.kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"+0 > ipv4 192.0.2.1 > 192.0.2.2: . 1:1(0)|IPv4",
        "+0 `reboot now`|command reboot now", "+0 `../no-such-file.sh`|file ../no-such-file.sh",
        "+0 `sysctl -w net.ipv4.no_such=1`|sysctl net.ipv4.no_such: we know no setting of this name",
        "+0 setsockopt(4, SOL_SOCKET, SO_NOSUCH, [1], 4) = 0|symbol SO_NOSUCH", "+0 %{ import os }%|code: import",
        "+0 no_such_call(4) = 0|no_such_call()"})
    void shouldNameWhatIsMissingInsteadOfPassing(final String line, final String reason) {
        final ScriptResult result = run(ACCEPTED + line);
        assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.SKIPPED);
        assertThat(result.message()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"ESTABLISHED|0|1|0", "SYN_RCVD|1|0|0", "FIN_WAIT_2|0|0|1", "TIME_WAIT|0|0|0"})
    void shouldCountFlowsInAState(final String state, final int afterSyn, final int afterAck, final int afterClose) {
        final String count = "+0 `sockstat -4 -P tcp -s | grep -c " + state + " | grep %d`%n";
        final String closed = "+0 close(4) = 0%n+0 > F. 1:1(0) ack 1%n+.1 < . 1:1(0) ack 2 win 65535%n";
        final String script = ACCEPTED.replace("+.1 < . 1:1", String.format(count, afterSyn) + "+.1 < . 1:1")
                + String.format(count, afterAck) + String.format(closed + count, afterClose);
        assertThat(run(script).toString()).endsWith("passed");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0|CLOSED", "2|LISTEN"})
    void shouldTellTheStateOfASocketWithoutFlow(final int calls, final String state) {
        final String script = String.join("\n", ACCEPTED.lines().limit(1 + calls).toList());
        assertThat(run(script + "\n+0 %{ assert tcpi_state == TCPI_" + state + " }%").toString()).endsWith("passed");
    }

    @Test
    void shouldRefuseUnexpectedPacketsOnlyIfStrict() {
        final String script = ACCEPTED + "+0 write(4, ..., 100) = 100\n+.01 < . 1:1(0) ack 101 win 65535\n";
        assertThat(run(script).isPassed()).isTrue();
        final ScriptResult strict = ScriptRun.run("s.pkt", script, null, ScriptOptions.DEFAULT.withStrict(true));
        assertThat(strict.kind()).isEqualTo("packet: unexpected");
        assertThat(strict.actual()).startsWith("> P. 1:101(100) ack 1");
    }

    @Test
    void shouldReadIncludedFilesRelativeToTheScript(@TempDir final Path folder) throws IOException {
        Files.writeString(folder.resolve("defaults.sh"), """
                #!/bin/bash
                ip tcp_metrics flush all > /dev/null 2>&1
                sysctl -q net.ipv4.tcp_rmem="4096 540000 $((15*1024*1024))"
                sysctl -q net.ipv4.no_such_setting=1
                """);
        final ScriptResult result = ScriptRun.run("s.pkt", "`./defaults.sh`\n0 socket(..., SOCK_STREAM, 6) = 3", folder,
                ScriptOptions.DEFAULT);
        assertThat(result.message()).isEqualTo(
                "sysctl net.ipv4.no_such_setting: we know no setting of this name");
    }

    @Test
    void shouldJoinWhatLeftTogether() {
        final ScriptResult result = run(ACCEPTED + "+0 write(4, ..., 3000) = 3000\n+0 > P. 1:2001(2000) ack 1\n"
                + "+0 > P. 2001:3001(1000) ack 1");
        assertThat(result.isPassed()).as(result.toString()).isTrue();
    }

    /** Whatever a script holds, a run ends with a result. */
    @Test
    void shouldEndWhateverTheScriptHolds() {
        final String[] lines = (ACCEPTED + """
                +0 write(4, ..., 1000) = 1000
                +0 > P. 1:1001(1000) ack 1
                +.05 < . 1:1(0) ack 1001 win 65535
                +.05 < F. 1:1(0) ack 1001 win 65535
                * > . 1001:1001(0) ack 2
                +0 close(4) = 0
                """).split("\n");
        final Random random = new Random(11);
        for (int round = 0; round < 60; round++) {
            final StringBuilder script = new StringBuilder();
            for (int i = 0; i < lines.length; i++) {
                final String line = lines[random.nextInt(4) == 0 ? random.nextInt(lines.length) : i];
                final int at = random.nextInt(line.length());
                script.append(random.nextInt(6) == 0
                        ? line.substring(0, at) + random.nextInt(100_000) + line.substring(at)
                        : line).append('\n');
            }
            final ScriptResult result = run(script.toString());
            assertThat(result.kind()).as("round %d of:%n%s%n%s", round, script, result).doesNotStartWith("internal");
        }
    }
}
