package io.netchannel.tcpip.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.tcpip.script.call.IpVersion;
import io.netchannel.tcpip.script.run.ScriptOptions;
import io.netchannel.tcpip.script.run.ScriptResult;
import io.netchannel.tcpip.script.run.ScriptResult.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Our own scripts, and how folders of scripts are found. */
class PacketScriptsTest {

    private static final ScriptOptions STRICT = ScriptOptions.DEFAULT.withStrict(true);

    @TestFactory
    Stream<DynamicNode> scripts() throws IOException, URISyntaxException {
        final Path root = Path.of(PacketScriptsTest.class.getResource("/packetscripts").toURI());
        try (Stream<Path> folders = Files.list(root)) {
            final List<Path> sorted = folders.filter(Files::isDirectory).sorted().toList();
            return sorted.stream().map(folder -> DynamicContainer.dynamicContainer(folder.getFileName().toString(),
                    folder.toUri(), scripts(folder)));
        }
    }

    /** Each for both versions of IP; those that say which one are run with that. */
    private static Stream<DynamicTest> scripts(final Path folder) {
        try {
            return PacketScripts.in(folder).flatMap(script -> Stream.of(IpVersion.IPV4, IpVersion.IPV6)
                    .map(version -> DynamicTest.dynamicTest(script.name() + " " + version, script.file().toUri(),
                            () -> {
                                final ScriptResult result = script.run(STRICT.withIpVersion(version));
                                assertThat(result.isPassed()).as(result.toString()).isTrue();
                            })));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldFindScriptsBelowAFolderByName(@TempDir final Path folder) throws IOException {
        Files.createDirectories(folder.resolve("b/c"));
        Files.writeString(folder.resolve("b/c/two.pkt"), "");
        Files.writeString(folder.resolve("a.pkt"), "");
        Files.writeString(folder.resolve("notes.txt"), "");
        assertThat(PacketScripts.in(folder).map(PacketScripts.Case::name)).containsExactly("a.pkt", "b/c/two.pkt");
    }

    @Test
    void shouldExplainAKnownDifferenceOfTheSameKindOnly(@TempDir final Path folder) throws IOException {
        final Path file = folder.resolve("rcv-data-segments/reordering-5F4321.pkt");
        Files.createDirectories(file.getParent());
        final PacketScripts.Case script = new PacketScripts.Case("one", file);
        final String begin = """
                0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
                +0 bind(3, ..., ...) = 0
                +0 listen(3, 1) = 0
                +0 < S 0:0(0) win 65535 <mss 1000,sackOK>
                """;
        Files.writeString(file, begin + "+0 > S. 0:0(0) ack 1 <mss 9>");
        final ScriptResult differs = script.run(ScriptOptions.DEFAULT);
        assertThat(differs.outcome()).isEqualTo(Outcome.DIFFERS);
        assertThat(differs.kind()).contains("FreeBSD", "Linux");
        assertThat(differs.toString()).startsWith("one:5: differs: ");
        assertThat(script.run(STRICT).outcome()).isEqualTo(Outcome.FAILED);
        Files.writeString(file, begin + "+0 > S. 0:0(0) ack 2");
        assertThat(script.run(ScriptOptions.DEFAULT).outcome()).isEqualTo(Outcome.FAILED);
        Files.writeString(file, begin + "+0 > S. 0:0(0) ack 1 <...>");
        assertThat(script.run(ScriptOptions.DEFAULT).outcome()).isEqualTo(Outcome.PASSED);
    }

    @Test
    void shouldReportAFileThatCannotBeRead(@TempDir final Path folder) {
        final ScriptResult result = new PacketScripts.Case("gone", folder.resolve("gone.pkt")).run(STRICT);
        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.kind()).isEqualTo("file");
    }
}
