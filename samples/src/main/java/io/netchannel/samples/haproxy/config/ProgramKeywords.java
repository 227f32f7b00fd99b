package io.netchannel.samples.haproxy.config;

import java.util.List;

/** {@code program} sections (configuration manual, 3.8). */
final class ProgramKeywords implements KeywordParser.Section {

    private Line opening;
    private List<String> words;

    static void register(final Keywords.Builder builder) {
        builder.section("program", ProgramKeywords::new);
    }

    @Override
    public void begin(final Line line, final ParseContext context) throws ConfigException {
        if (line.word(1).isEmpty()) {
            throw new ConfigException("'program' section expects a name.");
        }
        opening = line;
    }

    @Override
    public void line(final Line line, final ParseContext context) throws ConfigException {
        switch (line.word(0)) {
            case "command" -> {
                if (line.size() < 2) {
                    throw new ConfigException("'command' expects a command.");
                }
                words = List.copyOf(line.words().subList(1, line.size()));
            }
            case "option" -> {
                if (!"start-on-reload".equals(line.word(1))) {
                    throw new ConfigException("unknown option '" + line.word(1) + "'.");
                }
                if (context.modifier() == Modifier.NO) {
                    throw new ConfigException(
                            "'no option start-on-reload' is not supported by this build: programs are "
                                    + "started anew.");
                }
            }
            case "user", "group" -> throw new ConfigException("'" + line.word(0)
                    + "' of a program is not supported by this build.");
            default -> throw new ConfigException("unknown keyword '" + line.word(0) + "' in 'program' section");
        }
    }

    @Override
    public void end(final ParseContext context) throws ConfigException {
        if (words == null) {
            throw new ConfigException("The program section '" + opening.word(1) + "' lacks a command to launch.");
        }
        context.configuration().global().append(GlobalOptions.PROGRAMS, new ProgramSection(opening.word(1), words));
    }
}
