package io.netchannel.samples.packetscript;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Results as text, as a table, and as what later runs are compared with. */
final class PacketScriptCommandTest {

    private static final String LISTEN = """
            0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
            +0 bind(3, ..., ...) = 0
            +0 listen(3, 1) = 0
            +0 < S 0:0(0) win 65535 <mss 1000>
            """;
    private static final String RIGHT = LISTEN + "+0 > S. 0:0(0) ack 1 <...>\n";
    private static final String WRONG = LISTEN + "+0 > S. 0:0(0) ack 2 <...>\n";
    /** A known difference of a public suite. */
    private static final String DIFFERS = "rcv-data-segments/reordering-5F4321.pkt";

    private final StringWriter out = new StringWriter();

    @TempDir
    private Path folder;

    @BeforeEach
    void writeScripts() throws IOException {
        Files.createDirectories(folder.resolve("suite/rcv-data-segments"));
        script("right-ipv4.pkt", RIGHT);
        script("wrong-ipv4.pkt", WRONG);
        script("wrong-ipv6.pkt", WRONG);
        for (int i = 1; i <= 3; i++) {
            script("wanting-0" + i + ".pkt", RIGHT + "+0 setsockopt(3, SOL_SOCKET, SO_NOSUCH, [1], 4) = 0");
        }
        script(DIFFERS, LISTEN + "+0 > S. 0:0(0) ack 1 <mss 9>");
    }

    private void script(final String name, final String text) throws IOException {
        Files.writeString(folder.resolve("suite").resolve(name), text);
    }

    private int run(final String... args) {
        return new CommandLine(new PacketScriptCommand()).setOut(new PrintWriter(out, true)).execute(args);
    }

    private String suite() {
        return folder.resolve("suite").toString();
    }

    @Test
    void shouldCountWhatDiffersApart() {
        assertThat(run("-q", suite())).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(out.toString()).containsPattern("1 +2 +1 +3  total").contains("differs on purpose:",
                "FreeBSD leaves a FIN out");
    }

    @Test
    void shouldFailWhatDiffersIfStrict() {
        run("-q", "--strict", suite());
        assertThat(out.toString()).containsPattern("1 +3 +0 +3  total");
    }

    @Test
    void shouldWriteATableOfFoldersAndReasons() throws IOException {
        final Path table = folder.resolve("T.md");
        run("-q", "--table", table.toString(), suite());
        final String text = Files.readString(table);
        assertThat(text).contains("| . | 1 | 2 |  | 3 |", "| rcv-data-segments |  |  | 1 |  |",
                "| **total** | 1 | 2 | 1 | 3 |",
                "### Failed", "(2): `wrong-ipv{4,6}`", "### Skipped", "- symbol SO_NOSUCH (3): `wanting-*` (3)",
                "(1): `rcv-data-segments/reordering-5F4321`");
        run("-q", "--table", table.toString(), suite());
        assertThat(Files.readString(table)).isEqualTo(text);
    }

    @Test
    void shouldCompareWithSavedResults() throws IOException {
        final Path saved = folder.resolve("known.tsv");
        run("-q", "--save", saved.toString(), suite());
        assertThat(Files.readAllLines(saved)).contains("right-ipv4.pkt\tpassed", "wrong-ipv4.pkt\tfailed",
                DIFFERS + "\tdiffers", "wanting-01.pkt\tskipped");
        assertThat(run("-q", "--expected", saved.toString(), suite())).isEqualTo(CommandLine.ExitCode.OK);
        script("right-ipv4.pkt", WRONG);
        assertThat(run("-q", "--expected", saved.toString(), suite())).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(out.toString()).contains("1 not as expected", "  right-ipv4.pkt");
    }

    @Test
    void shouldRefuseAFolderWithoutScripts() throws IOException {
        assertThat(run(Files.createDirectory(folder.resolve("empty")).toString()))
                .isEqualTo(CommandLine.ExitCode.USAGE);
    }
}
