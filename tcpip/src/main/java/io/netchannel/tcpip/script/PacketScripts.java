package io.netchannel.tcpip.script;

import io.netchannel.tcpip.script.run.ScriptOptions;
import io.netchannel.tcpip.script.run.ScriptResult;
import io.netchannel.tcpip.script.run.ScriptRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Packet scripts in packetdrill's language, run against this stack.
 *
 * <p>In a test, with JUnit:
 *
 * <pre>
 * &#64;TestFactory
 * Stream&lt;DynamicTest&gt; scripts() throws IOException {
 *     return PacketScripts.in(Path.of("src/test/resources/packetscripts"))
 *             .map(script -&gt; DynamicTest.dynamicTest(script.name(), script.file().toUri(), () -&gt; {
 *                 ScriptResult result = script.run(ScriptOptions.DEFAULT);
 *                 Assumptions.assumeTrue(result.outcome() != Outcome.SKIPPED, result.message());
 *                 Assertions.assertTrue(result.isPassed(), result::toString);
 *             }));
 * }
 * </pre>
 */
public final class PacketScripts {

    private static final String SUFFIX = ".pkt";
    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 32;

    private PacketScripts() {
    }

    /**
     * A script that can be run, any number of times; each run has a stack of its own.
     *
     * @param name relative to the folder that was searched
     */
    public record Case(String name, Path file) {

        /** Never throws for what the script holds. */
        public ScriptResult run(final ScriptOptions options) {
            final String source;
            try {
                final long bytes = Files.size(file);
                if (bytes > MAX_FILE_BYTES) {
                    throw new IOException("length=" + bytes + " > MAX=" + MAX_FILE_BYTES);
                }
                source = Files.readString(file, StandardCharsets.ISO_8859_1);
            } catch (final IOException e) {
                return new ScriptResult(name, ScriptResult.Outcome.FAILED, 0, "file",
                        "can't be read: " + e.getMessage(),
                        null, null);
            }
            final ScriptResult result = ScriptRun.run(name, source, file.toAbsolutePath().getParent(), options);
            return options.strict() ? result : KnownDifferences.explain(file, result);
        }
    }

    /**
     * All scripts in a folder and the folders below it, by name; or the one file.
     *
     * @throws IOException if the folder can't be read
     */
    public static Stream<Case> in(final Path root) throws IOException {
        if (Files.isRegularFile(root)) {
            return Stream.of(new Case(root.toString(), root));
        }
        try (Stream<Path> files = Files.find(root, MAX_DEPTH,
                (file, attributes) -> attributes.isRegularFile() && file.toString().endsWith(SUFFIX))) {
            final List<Case> cases = files.sorted().map(file -> new Case(root.relativize(file).toString(), file))
                    .toList();
            return cases.stream();
        } catch (final UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
