package io.netchannel.cpu.litmus.parse;

import io.netchannel.cpu.litmus.Condition;
import io.netchannel.cpu.litmus.LitmusException;
import io.netchannel.cpu.litmus.LitmusTest;
import io.netchannel.cpu.litmus.Place;
import io.netchannel.cpu.litmus.aarch64.AArch64;
import io.netchannel.cpu.litmus.thread.Program;
import io.netchannel.cpu.litmus.x86.X86;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads herd's format of litmus tests. */
public final class LitmusParser {

    private static final Pattern SETTING = Pattern.compile("\\s*([A-Za-z][A-Za-z0-9_-]*)\\s*=.*");
    /** A file longer than this is no litmus test. */
    private static final int MAX_CHARS = 1 << 20;

    private final Text text;

    private LitmusParser(final Text text) {
        this.text = text;
    }

    /** @throws LitmusException if the text is no such test, or uses what isn't supported */
    public static LitmusTest parse(final String text) {
        if (text.length() > MAX_CHARS) {
            throw LitmusException.malformed(1, text.substring(0, 20), "characters > MAX_CHARS=" + MAX_CHARS);
        }
        return new LitmusParser(new Text(text)).test();
    }

    private LitmusTest test() {
        text.skipSpace();
        text.blankComments();
        text.skipSpace();
        final int line = text.lineNumber();
        final String first = text.nextToken();
        final String word = text.word();
        final String architectureName = word.isEmpty() ? first : word;
        final Architecture architecture = architecture(architectureName, line);
        final String name = text.line().strip();
        if (name.isEmpty()) {
            throw LitmusException.malformed(line, architectureName, "the test has no name");
        }
        final Map<String, Text> settings = settings();
        final Environment environment = new Environment(architecture);
        environment.features = Settings.features(settings);
        new InitParser(environment, text).parse();
        final List<Program> programs = new ProgramParser(environment, text).parse();
        if (environment.features.vmsa()) {
            environment.memory.addPageTable();
        }
        final ConditionParser conditions = new ConditionParser(environment, text);
        final Condition condition = conditions.parse();
        return sorted(new LitmusTest(name, programs, environment.registers.subList(0, programs.size()),
                environment.memory, List.copyOf(environment.places()), condition, conditions.filter(),
                architecture.order(), environment.features));
    }

    private static LitmusTest sorted(final LitmusTest test) {
        final List<Place> places = test.places();
        final List<Place> sorted = places.stream().sorted().toList();
        final int[] newIndex = places.stream().mapToInt(sorted::indexOf).toArray();
        final Condition condition = test.condition();
        return new LitmusTest(test.name(), test.programs(), test.registers(), test.memory(), sorted,
                new Condition(condition.quantifier(), condition.formula().moved(newIndex), condition.text()),
                test.filter().moved(newIndex), test.order(), test.features());
    }

    private static Architecture architecture(final String name, final int line) {
        return switch (name) {
            case "AArch64", "AARCH64" -> new AArch64();
            case "X86_64" -> new X86(true);
            case "X86" -> new X86(false);
            case "PPC", "ARM", "MIPS", "RISCV", "C", "LISA", "BPF", "ASL", "JAVA", "PTX", "VULKAN", "OPENCL",
                    "AArch32" ->
                throw LitmusException.unsupported(line, name, "architecture; AArch64 and X86_64 are known");
            default -> throw LitmusException.malformed(line, name, "not a litmus test: AArch64 or X86_64 expected");
        };
    }

    /** The lines before the brace: a comment in quotes, and NAME=VALUE. */
    private Map<String, Text> settings() {
        final Map<String, Text> settings = new HashMap<>();
        while (true) {
            text.skipSpace();
            if (text.isAtEnd() || text.peek() == '{') {
                return settings;
            }
            if (text.take("\"")) {
                text.until("\"");
                text.take("\"");
                continue;
            }
            final int start = text.position();
            final String line = text.line();
            final var matcher = SETTING.matcher(line);
            if (!matcher.matches()) {
                final int end = line.indexOf('{');
                if (end < 0) {
                    text.seek(start);
                    throw text.malformed("NAME=VALUE or '{' expected");
                }
                text.seek(start + end);
                return settings;
            }
            settings.put(matcher.group(1), text.part(start + line.indexOf('=') + 1, start + line.length()));
        }
    }
}
