package io.netchannel.samples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The launcher's cache of classes: used, made again when it is stale, never in the way. And what measures it. */
@Timeout(300)
final class StartupIT {

    private static final Path TARGET = Path.of(NetworkNamespace.launcher()).resolveSibling("samples/target");
    private static final Path CACHE = TARGET.resolve("netchannel.aot");
    private static final Path KEY = TARGET.resolve("netchannel.aot.key");
    private static final String FROM_CACHE = "io.netchannel.samples.Netchannel source: shared objects file";
    private static final Pattern CLASS_LOADED = Pattern.compile("io[.]netchannel[.]samples[.]Netchannel source: \\S+");

    @TempDir
    private Path saved;

    enum Damage {
        EMPTY {
            @Override
            byte[] of(final byte[] cache) {
                return new byte[0];
            }
        },
        NO_CACHE_AT_ALL {
            @Override
            byte[] of(final byte[] cache) {
                return "not a cache\n".getBytes(StandardCharsets.US_ASCII);
            }
        },
        TRUNCATED {
            @Override
            byte[] of(final byte[] cache) {
                return Arrays.copyOf(cache, cache.length / 2);
            }
        },
        OVERWRITTEN {
            @Override
            byte[] of(final byte[] cache) {
                final byte[] damaged = cache.clone();
                Arrays.fill(damaged, cache.length / 4, cache.length / 2, (byte) 0x5A);
                return damaged;
            }
        };

        abstract byte[] of(byte[] cache);
    }

    @BeforeEach
    void makeCache() throws IOException {
        netchannel("", "--version").expectSuccess();
        assertThat(CACHE).as("made at the first use; %s.log says why not", CACHE).exists();
        for (final Path file : new Path[]{CACHE, KEY}) {
            Files.copy(file, saved.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @AfterEach
    void restoreCache() throws IOException {
        for (final Path file : new Path[]{CACHE, KEY}) {
            // A new file: a JVM that still runs has the old one mapped.
            Files.deleteIfExists(file);
            if (Files.exists(saved.resolve(file.getFileName()))) {
                Files.copy(saved.resolve(file.getFileName()), file, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static Command.Result netchannel(final String jvmOptions, final String... arguments) {
        final String[] line = new String[arguments.length + 3];
        line[0] = "env";
        line[1] = "NETCHANNEL_JVM_OPTS=" + jvmOptions;
        line[2] = NetworkNamespace.launcher();
        System.arraycopy(arguments, 0, line, 3, arguments.length);
        return Command.run(line);
    }

    private static String classLoading(final String... options) {
        return netchannel(String.join(" ", options) + " -Xlog:class+load", "--version").expectSuccess().out();
    }

    @Test
    void shouldTakeClassesFromTheCache() {
        assertThat(classLoading()).contains(FROM_CACHE);
    }

    @Test
    void shouldLeaveTheCacheAloneWhereTheUserHasOptionsOfHisOwn() {
        assertThat(classLoading("-XX:AOTMode=off")).doesNotContain(FROM_CACHE).containsPattern(CLASS_LOADED);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunWithoutACacheThatIsDamaged(final Damage damage) throws IOException {
        final byte[] cache = Files.readAllBytes(CACHE);
        Files.delete(CACHE);
        Files.write(CACHE, damage.of(cache));
        final Command.Result result = netchannel("", "--version").expectSuccess();
        assertThat(result.out()).isEqualTo("netchannel 0.1.0\n");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void shouldRunWhereTheCacheDoesNotFitTheJvm() {
        final Command.Result result = netchannel("-XX:-UseCompressedClassPointers -XX:ObjectAlignmentInBytes=16",
                "--version").expectSuccess();
        assertThat(result.out()).endsWith("netchannel 0.1.0\n");
    }

    @Test
    void shouldMakeTheCacheAgainAfterABuildOrWithAnotherJdk() throws IOException {
        Files.setLastModifiedTime(KEY, FileTime.fromMillis(0));
        Files.delete(CACHE);
        assertThat(classLoading()).contains(FROM_CACHE);
        Files.writeString(KEY, "another JDK\n");
        Files.delete(CACHE);
        assertThat(classLoading()).contains(FROM_CACHE);
    }

    @Test
    void shouldNotTryAgainWhatFailed() throws IOException {
        Files.delete(CACHE);
        assertThat(classLoading()).doesNotContain(FROM_CACHE).containsPattern(CLASS_LOADED);
        assertThat(CACHE).doesNotExist();
    }

    @Test
    void shouldMeasureStartsOverATapAndAWire() {
        Requirements.rootAndTap();
        final Command.Result result = netchannel("", "startup", "-i", "1").expectSuccess();
        assertThat(result.out()).contains("on a TAP", "on a wire").containsPattern("(?m)^AOT cache +\\d+ +\\d+ +\\d+")
                .containsPattern("(?m)^no AOT cache +\\d+ +\\d+ +\\d+").doesNotContain("skipped");
        assertThat(result.err()).isEmpty();
    }
}
