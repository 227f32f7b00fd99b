package io.netchannel.samples.haproxy.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code h1-case-adjust}: names of header fields as old clients and servers want them, line by line or in a file. */
final class CaseAdjustKeywords {

    private CaseAdjustKeywords() {
    }

    static void register(final Keywords.Builder builder) {
        builder.global("h1-case-adjust", (line, global, context) -> {
            ParseContext.noMoreThan(2, line);
            if (line.size() < 3) {
                throw new ConfigException("'h1-case-adjust' expects <from> and <to> as argument.");
            }
            add(line.word(1), line.word(2), global);
        }).global("h1-case-adjust-file", (line, global, context) -> {
            ParseContext.noMoreThan(1, line);
            if (line.size() < 2) {
                throw new ConfigException("'h1-case-adjust-file' expects <file> as argument.");
            }
            if (!global.isSet(GlobalOptions.CASE_ADJUST_FILE)) {
                context.afterParsing(_ -> read(global));
            }
            global.set(GlobalOptions.CASE_ADJUST_FILE, line.word(1));
        });
    }

    private static void add(final String from, final String to, final GlobalSettings global) throws ConfigException {
        if (to.isEmpty()) {
            throw new ConfigException("expect <to>");
        }
        if (!from.equalsIgnoreCase(to)) {
            throw new ConfigException("<from> and <to> must not differ execpt the case");
        }
        final Map<String, String> forms = new LinkedHashMap<>(global.get(GlobalOptions.CASE_ADJUST));
        if (forms.put(from, to) != null) {
            throw new ConfigException("duplicate entry '" + from + "'");
        }
        global.set(GlobalOptions.CASE_ADJUST, Collections.unmodifiableMap(forms));
    }

    /** Two names in a line, with blanks between; empty lines and those from a {@code #} on say nothing. */
    private static void read(final GlobalSettings global) throws ConfigException {
        final String file = global.get(GlobalOptions.CASE_ADJUST_FILE);
        final List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(file), StandardCharsets.ISO_8859_1);
        } catch (final IOException | InvalidPathException e) {
            throw new ConfigException("h1-headers-case-adjust-file '" + file + "': failed to open file.", e);
        }
        for (int i = 0; i < lines.size(); i++) {
            final String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            final String[] names = line.split("[ \t]+", 2);
            try {
                add(names[0], names.length < 2 ? "" : names[1], global);
            } catch (final ConfigException e) {
                throw new ConfigException("h1-headers-case-adjust-file '" + file + "' : " + e.getMessage()
                        + " at line " + (i + 1) + ".", e);
            }
        }
    }
}
