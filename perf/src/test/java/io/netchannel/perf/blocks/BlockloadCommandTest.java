package io.netchannel.perf.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netchannel.kernel.storage.block.IoUringBlockDevice;
import io.netchannel.perf.blocks.BlockloadRun.Engine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class BlockloadCommandTest {

    @TempDir
    private Path directory;
    private final StringWriter err = new StringWriter();

    private int run(final String... arguments) {
        return new CommandLine(new BlockloadCommand()).setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err)).execute(arguments);
    }

    private String file(final int bytes) throws IOException {
        return Files.write(directory.resolve("disk"), new byte[bytes]).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"uring", "file", "virtio"})
    void shouldReadAndWriteByEachEngine(final String engine) throws IOException {
        final String file = file(1 << 20);
        final Path json = directory.resolve("result.json");
        for (final String pattern : new String[]{"RANDOM_READ", "SEQUENTIAL_WRITE"}) {
            assertThat(run(file, "-e", engine, "-p", pattern, "-t", "0.05", "-l", "2", "-s", "8k", "--cached",
                    "--overwrite", "--json", json.toString())).as(err.toString()).isZero();
            final JsonNode result = new ObjectMapper().readTree(json.toFile());
            assertThat(result.get("requests").asLong()).isPositive();
            assertThat(result.get("failed").asLong()).isZero();
            assertThat(result.get("engine").asText()).isEqualTo(engine);
            assertThat(result.get("ioUring").asBoolean()).isEqualTo(!engine.equals("file")
                    && IoUringBlockDevice.unavailability() == null);
        }
    }

    @Test
    void shouldNameWhatRan() {
        assertThat(BlockloadCommand.label(Engine.uring, true)).isEqualTo("uring");
        assertThat(BlockloadCommand.label(Engine.uring, false)).contains("uring", "by threads");
        assertThat(BlockloadCommand.label(Engine.virtio, false)).contains("virtio", "by threads");
        assertThat(BlockloadCommand.label(Engine.file, false)).isEqualTo("file");
    }

    @Test
    void shouldTellWhatItDoesUnlessItIsToBeQuiet() throws IOException {
        final String file = file(1 << 20);
        assertThat(run(file, "-e", "file", "-t", "0.01", "-l", "2", "-d", "16", "-s", "64k", "--cached")).isZero();
        assertThat(err.toString()).contains("opening 2 queues of depth 16; 2.", " MiB of buffers", "running for 0.0 s");
        err.getBuffer().setLength(0);
        assertThat(run(file, "-e", "file", "-t", "0.01", "--cached", "-q")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldRefuseWhereTheResultCannotBeWrittenBeforeTheRun() throws IOException {
        final String json = directory.resolve("none").resolve("result.json").toString();
        assertThat(run(file(1 << 20), "-t", "0.05", "--json", json)).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--json " + json + " can't be written");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "/dev/zero"})
    void shouldRefuseWhatIsNeitherAFileNorABlockDevice(final String what) {
        final String path = directory.resolve(what).toString();
        assertThat(run(path, "-t", "0.05")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains(path + " is neither a file nor a block device")
                .doesNotContain("direct I/O");
    }

    @Test
    void shouldNotWriteUnlessItMay() throws IOException {
        assertThat(run(file(1 << 20), "-p", "RANDOM_WRITE")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--overwrite");
    }

    @Test
    void shouldSayWhatIsWrongWithTheFile() throws IOException {
        assertThat(run(directory.resolve("none").toString())).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("is not there");
        assertThat(run(file(100), "-t", "0.05")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("sizeBytes=100");
        assertThat(run(file(4096), "-s", "8k", "-t", "0.05")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(run(file(4096), "-s", "1000")).isEqualTo(CommandLine.ExitCode.USAGE);
    }
}
