package io.netchannel.cpu.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.netchannel.cpu.explore.MemoryModel;
import io.netchannel.cpu.litmus.LitmusResult;
import io.netchannel.cpu.litmus.LitmusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the essays in {@code docs} say: their programs, the outcomes on each CPU, the litmus tests that they name. */
final class EssaysTest {

    private static final Path FOLDER = Path.of("docs");
    private static final Path SOURCES = Path.of("src/test/java/io/netchannel/cpu/docs");
    private static final Path LITMUS = Path.of("src/test/resources/litmus");
    private static final Pattern COMMAND = Pattern.compile("(?m)^\\./netchannel litmus (\\S+)$");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern REFERENCE = Pattern.compile("\\b[Ee]ssay (\\d+)");

    /** By number. */
    private static final List<Essay> ESSAYS = List.of(new StoreBuffering(), new MessagePassing(), new LoadBuffering(),
            new WhichWordFirst(), new EventIndexes(), new Claims(), new Versions(), new Relays(), new PlainAccesses(),
            new HiddenFences());

    static Stream<Path> essays() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.getFileName().toString().matches("\\d\\d-.*\\.md")).sorted().toList()
                    .stream();
        }
    }

    private static int number(final Path file) {
        return Integer.parseInt(file.getFileName().toString().substring(0, 2));
    }

    private static Essay essay(final int number) {
        return ESSAYS.get(number - 1);
    }

    private static EssayText text(final int number) throws IOException {
        return EssayText.read(essays().toList().get(number - 1));
    }

    @ParameterizedTest
    @MethodSource("essays")
    void shouldShowTheCodeThatRuns(final Path file) throws IOException {
        final String source = Files
                .readString(SOURCES.resolve(essay(number(file)).getClass().getSimpleName() + ".java"));
        final List<String> code = EssayText.read(file).code();
        assertThat(code).isNotEmpty();
        // White space apart: the source is formatted, the essay may be narrower.
        assertThat(code).allSatisfy(block -> assertThat(words(source)).contains(words(block)));
    }

    private static String words(final String text) {
        return text.replaceAll("\\s+", " ").trim();
    }

    @ParameterizedTest
    @MethodSource("essays")
    void shouldTellTheOutcomesOnEachCpu(final Path file) throws IOException {
        final Essay essay = essay(number(file));
        int variants = 0;
        for (final OutcomeTable table : outcomeTables(EssayText.read(file))) {
            assertThat(table.rows()).isEqualTo(table.explored(essay.variants()));
            variants += table.variants().size();
        }
        assertThat(variants).isEqualTo(essay.variants().size());
    }

    private static List<OutcomeTable> outcomeTables(final EssayText text) {
        return text.tables().stream().filter(OutcomeTable::isOne).map(OutcomeTable::of).toList();
    }

    /** The engine's verdict; and where the test is a variant of the essay, what is wrong in it is as possible there. */
    @ParameterizedTest
    @MethodSource("essays")
    void shouldNameLitmusTestsThatSayTheSame(final Path file) throws IOException {
        final EssayText essay = EssayText.read(file);
        final List<List<String>> rows = rows(essay, "litmus test");
        assertThat(rows).isNotEmpty();
        for (final List<String> row : rows) {
            final String name = EssayText.bare(row.getFirst());
            final String inText = essay.litmus().get(name);
            final String test = inText == null ? litmusFile(row.getFirst()) : inText;
            final LitmusResult.Observation verdict = LitmusTest.parse(test).run().observation();
            assertThat(row.get(2)).as(name).isEqualTo(verdict.toString());
            if (EssayText.isCode(row.get(1))) {
                assertThat(isPossible(number(file), EssayText.bare(row.get(1)), model(test))).as(name + " as a program")
                        .isEqualTo(verdict == LitmusResult.Observation.SOMETIMES);
            }
        }
    }

    private static String litmusFile(final String link) throws IOException {
        final Path file = LITMUS.resolve(EssayText.bare(link) + ".litmus");
        assertThat(FOLDER.resolve(EssayText.target(link)).normalize()).isEqualTo(file);
        return Files.readString(file);
    }

    private static MemoryModel model(final String test) {
        if (test.startsWith("X86_64")) {
            return MemoryModel.X86_TSO;
        }
        return test.contains("LDAXR") ? MemoryModel.ARMV8_NO_LSE : MemoryModel.ARMV8;
    }

    private static List<List<String>> rows(final EssayText text, final String title) {
        return text.tables().stream().filter(table -> table.getFirst().getFirst().equals(title))
                .flatMap(table -> table.stream().skip(1)).toList();
    }

    private static boolean isPossible(final int number, final String variant, final MemoryModel model)
            throws IOException {
        final OutcomeTable table = tableOf(number, variant);
        return outcomes(number, variant, table).isPossible(table.bold(), model);
    }

    private static OutcomeTable tableOf(final int number, final String variant) throws IOException {
        return outcomeTables(text(number)).stream().filter(table -> table.variants().contains(variant)).findFirst()
                .orElseThrow(() -> new AssertionError("essay " + number + " has no variant " + variant));
    }

    private static Outcomes outcomes(final int number, final String variant, final OutcomeTable table) {
        return Outcomes.of(essay(number).variants().get(variant), table.results());
    }

    @ParameterizedTest
    @MethodSource("essays")
    void shouldSumUpWhatTheOthersSay(final Path file) throws IOException {
        for (final List<String> row : rows(EssayText.read(file), "essay")) {
            final int number = Integer.parseInt(EssayText.bare(row.getFirst()));
            final String variant = EssayText.bare(row.get(1));
            final OutcomeTable table = tableOf(number, variant);
            assertThat(row.getLast()).as(row.toString())
                    .isEqualTo(outcomes(number, variant, table).cell(table.bold()));
        }
    }

    @ParameterizedTest
    @MethodSource("essays")
    void shouldPointOnlyToFilesThatExist(final Path file) throws IOException {
        final String text = Files.readString(file);
        assertThat(LINK.matcher(text).results().map(link -> FOLDER.resolve(link.group(1)))).isNotEmpty()
                .allSatisfy(link -> assertThat(link).isRegularFile());
        assertThat(COMMAND.matcher(text).results().map(command -> Path.of("..", command.group(1)))).isNotEmpty()
                .allSatisfy(argument -> assertThat(argument).isRegularFile());
    }

    @Test
    void shouldBeNumberedAndLinkedFromTheReadme() throws IOException {
        final List<Path> files = essays().toList();
        assertThat(files).extracting(EssaysTest::number).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        final String readme = Files.readString(Path.of("README.md"));
        for (final Path file : files) {
            final String title = Files.readAllLines(file).getFirst();
            assertThat(title).startsWith("# " + number(file) + ". ");
            assertThat(readme).contains(number(file) + ". [" + title.substring(title.indexOf(". ") + 2) + "](" + file);
        }
    }

    /** Where an essay says that production code has an ordering, the code has it, and its comment names the essay. */
    @ParameterizedTest
    @MethodSource("essays")
    void shouldQuoteCodeThatPointsBack(final Path file) throws IOException {
        final Map<Path, String> sources = mainSources();
        final List<List<String>> rows = rows(EssayText.read(file), "in netchannel");
        assertThat(rows).isNotEmpty();
        for (final List<String> row : rows) {
            final String[] method = EssayText.bare(row.getFirst()).split("\\.");
            final String source = sources.entrySet().stream()
                    .filter(entry -> entry.getKey().endsWith(method[0] + ".java")).map(Map.Entry::getValue).findFirst()
                    .orElseThrow(() -> new AssertionError("no class " + method[0]));
            assertThat(source).contains(" " + method[1] + "(");
            assertThat(words(source)).contains(EssayText.bare(row.get(1)));
            assertThat(named(source)).as(method[0]).contains(number(file));
        }
    }

    @Test
    void shouldBeThoseThatCommentsName() throws IOException {
        final Set<Integer> all = new TreeSet<>();
        mainSources().values().forEach(source -> all.addAll(named(source)));
        assertThat(all).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    private static Set<Integer> named(final String source) {
        return REFERENCE.matcher(source).results().map(match -> Integer.valueOf(match.group(1)))
                .collect(Collectors.toSet());
    }

    private static Map<Path, String> mainSources() throws IOException {
        final Map<Path, String> sources = new TreeMap<>();
        for (final Path module : modules()) {
            try (Stream<Path> files = Files.walk(module)) {
                for (final Path file : files.filter(file -> file.toString().endsWith(".java")).toList()) {
                    sources.put(file, Files.readString(file));
                }
            }
        }
        return sources;
    }

    private static List<Path> modules() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of(".."))) {
            return folders.map(folder -> folder.resolve("src/main/java")).filter(Files::isDirectory).sorted().toList();
        }
    }
}
