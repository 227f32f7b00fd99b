package io.netchannel.kernel.storage.ramfs.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host's file system is the model: random operations on both must come to the same, results, exceptions and contents. */
final class HostComparisonTest {

    /** So deep that no chain of links leads out of the temporary directory. */
    private static final String BASE = "1/2/3/4/5/6/7/8/9/10/11/12";
    private static final int STEPS = 1_500;

    @TempDir
    private Path host;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldDoWhatTheHostDoes(final long seed) throws IOException {
        try (FileSystem ram = FileSystems.newFileSystem(URI.create("ramfs://compare-" + seed + "/"),
                Map.of("size", "32m"), HostComparisonTest.class.getClassLoader())) {
            final Path hostBase = Files.createDirectories(host.toRealPath().resolve(BASE));
            final Path ramBase = Files.createDirectories(ram.getPath("/" + BASE));
            final SplittableRandom random = new SplittableRandom(seed);
            try (RandomOperations onHost = new RandomOperations(hostBase);
                    RandomOperations onRam = new RandomOperations(ramBase)) {
                for (int step = 0; step < STEPS; step++) {
                    final long choice = random.nextLong();
                    final String wanted = onHost.step(choice);
                    final String told = onRam.step(choice);
                    if (!told.equals(wanted)) {
                        assertThat(told).as("seed %d, step %d, %s", seed, step, onRam.tree()).isEqualTo(wanted);
                    }
                    if (step % 100 == 99) {
                        assertThat(onRam.tree()).as("seed %d, step %d: %s", seed, step, wanted)
                                .isEqualTo(onHost.tree());
                    }
                }
            }
        }
    }
}
