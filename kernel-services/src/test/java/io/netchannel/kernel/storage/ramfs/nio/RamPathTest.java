package io.netchannel.kernel.storage.ramfs.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.kernel.storage.ramfs.RamFs;
import io.netchannel.kernel.storage.ramfs.RamFsConfig;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Paths of the host are the model of ours. */
final class RamPathTest {

    private final FileSystem host = FileSystems.getDefault();
    private final FileSystem ram = RamFileSystemProvider.instance().register("paths",
            RamFs.create("paths", RamFsConfig.ofBytes(1 << 20), 4096));

    @AfterEach
    void close() throws Exception {
        ram.close();
    }

    private static String text(final SplittableRandom random) {
        final List<String> parts = List.of("a", "b", "ab", "/", "/", "/", ".", "..", "é", "\uD83D\uDE00", "\uFFFD",
                " ");
        final StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(7); i > 0; i--) {
            text.append(parts.get(random.nextInt(parts.size())));
        }
        return text.toString();
    }

    private static String told(final Function<FileSystem, Object> question, final FileSystem of) {
        try {
            return String.valueOf(question.apply(of));
        } catch (final IllegalArgumentException e) {
            return e.getClass().getSimpleName();
        }
    }

    @Test
    void shouldBeAsPathsOfTheHost() {
        for (long seed = 0; seed < 20_000; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final String a = text(random);
            final String b = text(random);
            final int from = random.nextInt(4) - 1;
            final int to = random.nextInt(5) - 1;
            final List<Function<FileSystem, Object>> questions = new ArrayList<>(List.of(
                    fs -> fs.getPath(a), fs -> fs.getPath(a).isAbsolute(), fs -> fs.getPath(a).getRoot(),
                    fs -> fs.getPath(a).getFileName(), fs -> fs.getPath(a).getParent(),
                    fs -> fs.getPath(a).getNameCount(), fs -> fs.getPath(a).getName(from),
                    fs -> fs.getPath(a).subpath(from, to), fs -> fs.getPath(a).normalize(),
                    fs -> fs.getPath(a).resolve(b), fs -> fs.getPath(a).relativize(fs.getPath(b)),
                    fs -> fs.getPath(a).startsWith(b), fs -> fs.getPath(a).endsWith(b),
                    fs -> Integer.signum(fs.getPath(a).compareTo(fs.getPath(b))),
                    fs -> fs.getPath(a).equals(fs.getPath(b)), fs -> fs.getPath(a, b, a),
                    fs -> fs.getPath(a).resolveSibling(b)));
            questions.add(fs -> {
                final StringBuilder names = new StringBuilder();
                for (final Path name : fs.getPath(a)) {
                    names.append('<').append(name).append('>');
                }
                return names;
            });
            for (int i = 0; i < questions.size(); i++) {
                assertThat(told(questions.get(i), ram)).as("seed %d, question %d: '%s', '%s'", seed, i, a, b)
                        .isEqualTo(told(questions.get(i), host));
            }
        }
    }

    @Test
    void shouldMatchAsTheHostDoes() {
        final List<String> parts = List.of("a", "b", "*", "**", "?", "[ab]", "[!a]", "[a-c]", "[", "]", "{a,b}", "{",
                "}", ",", "\\", "\\*", "/", ".", "-", "^", "[^a]", "&&", "[a&&b]", "+", "(", "$");
        for (long seed = 0; seed < 20_000; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final StringBuilder glob = new StringBuilder();
            for (int i = random.nextInt(5); i >= 0; i--) {
                glob.append(parts.get(random.nextInt(parts.size())));
            }
            final StringBuilder path = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                path.append("ab^-/.c$+(".charAt(random.nextInt(10)));
            }
            final Function<FileSystem, Object> question = fs -> fs.getPathMatcher("glob:" + glob)
                    .matches(fs.getPath(path.toString()));
            assertThat(told(question, ram)).as("seed %d: '%s', '%s'", seed, glob, path)
                    .isEqualTo(told(question, host));
        }
    }

    @Test
    void shouldRefuseWhatIsNoPath() {
        assertThat(told(fs -> fs.getPath("a\0b"), ram)).isEqualTo("InvalidPathException");
        assertThat(told(fs -> fs.getPath("a\uD800b"), ram)).isEqualTo("InvalidPathException");
    }
}
