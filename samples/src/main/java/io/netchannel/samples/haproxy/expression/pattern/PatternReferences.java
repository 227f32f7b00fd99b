package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.Setting;
import io.netchannel.samples.haproxy.expression.Type;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** All lists of patterns of a configuration, by file and by id. Threading: filled while files are read, then the loop's. */
public final class PatternReferences {

    private static final Setting<PatternReferences> SETTING = Setting.of("pattern references", null);

    private final List<PatternReference> references = new ArrayList<>();

    /** Those of that configuration; there is one such list for each. */
    public static PatternReferences of(final Configuration configuration) {
        if (configuration.global().get(SETTING) == null) {
            configuration.global().set(SETTING, new PatternReferences());
        }
        return configuration.global().get(SETTING);
    }

    public List<PatternReference> all() {
        return Collections.unmodifiableList(references);
    }

    /** @param name a file's name, or {@code #id}; null if there is none */
    public PatternReference find(final String name) {
        for (final PatternReference reference : references) {
            if (name.startsWith("#") ? name.equals("#" + reference.id()) : name.equals(reference.file())) {
                return reference;
            }
        }
        return null;
    }

    public boolean hasId(final int id) {
        return references.stream().anyMatch(reference -> reference.id() == id);
    }

    /** Of the words behind an ACL. @param id -1: any */
    public PatternReference create(final int id, final String display) {
        final PatternReference reference = new PatternReference(null, display, id, false);
        reference.usedBy(false, "");
        references.add(reference);
        return reference;
    }

    /** The patterns of a file, read once however many use it. */
    public PatternSet load(final String file, final boolean forMap, final boolean twoColumns, final String where,
            final MatchMethod method, final boolean ignoreCase, final boolean resolveNames, final Type valueType)
            throws ConfigException {
        final String user = (forMap ? "map" : "acl") + " at " + where;
        PatternReference reference = find(file.startsWith("#") ? "./" + file : file);
        if (reference == null) {
            reference = new PatternReference(file, "pattern loaded from file '" + file + "' used by " + user, -1,
                    twoColumns);
            reference.usedBy(forMap, "");
            read(reference, file, twoColumns);
            references.add(reference);
        } else if (reference.hasSamples() != twoColumns) {
            throw new ConfigException("The file \"" + file + "\" is already used as " + (twoColumns ? "one" : "two")
                    + " column file and cannot be used by as " + (twoColumns ? "two" : "one") + " column file.");
        } else {
            reference.usedBy(forMap, ", by " + user);
        }
        return reference.comparedBy(method, ignoreCase, resolveNames, valueType);
    }

    /** When all files are read: numbers for those that have none, the lowest free ones in order. No name is resolved later. */
    public void assignIds() {
        int next = 0;
        for (final PatternReference reference : references) {
            if (reference.id() < 0) {
                while (hasId(next)) {
                    next++;
                }
                reference.id(next);
            }
            reference.resolveNoMore();
        }
        references.sort(Comparator.comparingInt(PatternReference::id));
    }

    private static void read(final PatternReference reference, final String file, final boolean twoColumns)
            throws ConfigException {
        try (BufferedReader reader = Files.newBufferedReader(Path.of(file), StandardCharsets.ISO_8859_1)) {
            int number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                line(reference, line, number++, twoColumns);
            }
        } catch (IOException | InvalidPathException e) {
            throw new ConfigException("failed to open pattern file <" + file + ">", e);
        }
    }

    private static void line(final PatternReference reference, final String line, final int number,
            final boolean twoColumns) {
        int from = 0;
        while (from < line.length() && isBlank(line.charAt(from))) {
            from++;
        }
        if (from == line.length() || line.charAt(0) == '#') {
            return;
        }
        if (!twoColumns) {
            reference.append(line.substring(from), null, number);
            return;
        }
        int end = from;
        while (end < line.length() && !isBlank(line.charAt(end))) {
            end++;
        }
        int value = end;
        while (value < line.length() && isBlank(line.charAt(value))) {
            value++;
        }
        int stop = line.length();
        while (stop > value && isBlank(line.charAt(stop - 1))) {
            stop--;
        }
        reference.append(line.substring(from, end), line.substring(value, stop), number);
    }

    private static boolean isBlank(final char c) {
        return c == ' ' || c == '\t';
    }
}
