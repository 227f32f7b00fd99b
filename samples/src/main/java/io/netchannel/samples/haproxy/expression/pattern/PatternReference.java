package io.netchannel.samples.haproxy.expression.pattern;

import io.netchannel.samples.haproxy.config.ConfigException;
import io.netchannel.samples.haproxy.expression.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A list of patterns that has a name, an id, or both: a file, or the words behind an ACL. The stats socket shows and
 * changes it, and all its {@link PatternSet}s follow.
 *
 * <p>Threading: the proxy's loop.
 */
public final class PatternReference {

    private final String file;
    private final boolean withSamples;
    private final List<PatternSet> sets = new ArrayList<>();
    private final Map<Integer, List<PatternElement>> prepared = new HashMap<>();
    private String display;
    private boolean usedByMap;
    private boolean usedByAcl;
    private int id;
    private List<PatternElement> elements = new ArrayList<>();
    private long nextElement = 1;
    private int currentVersion;
    private int nextVersion;

    /** @param file null for the words of a line */
    PatternReference(final String file, final String display, final int id, final boolean withSamples) {
        this.file = file;
        this.display = display;
        this.id = id;
        this.withSamples = withSamples;
    }

    /** The name of the file, or null. */
    public String file() {
        return file;
    }

    /** Where it is used, as {@code show map} and {@code show acl} describe it. */
    public String display() {
        return display;
    }

    /** Given by {@code -u}, else by {@link PatternReferences#assignIds()}; -1 before. */
    public int id() {
        return id;
    }

    void id(final int newId) {
        id = newId;
    }

    void resolveNoMore() {
        sets.forEach(PatternSet::resolveNoMore);
    }

    public boolean isMap() {
        return usedByMap;
    }

    public boolean isAcl() {
        return usedByAcl;
    }

    boolean hasSamples() {
        return withSamples;
    }

    void usedBy(final boolean map, final String addedDisplay) {
        usedByMap |= map;
        usedByAcl |= !map;
        display += addedDisplay;
    }

    public List<PatternElement> elements() {
        return Collections.unmodifiableList(elements);
    }

    /** Of a version being prepared; null if there is none of that number. */
    public List<PatternElement> elements(final int version) {
        return version == currentVersion ? elements() : prepared.get(version);
    }

    public List<PatternSet> sets() {
        return Collections.unmodifiableList(sets);
    }

    public int currentVersion() {
        return currentVersion;
    }

    public int nextVersion() {
        return nextVersion;
    }

    public int size() {
        return elements.size();
    }

    /** One set for each way of comparing: two users of the same way share it. */
    public PatternSet comparedBy(final MatchMethod method, final boolean ignoreCase, final boolean resolveNames,
            final Type valueType)
            throws ConfigException {
        for (final PatternSet set : sets) {
            if (set.is(method, ignoreCase, resolveNames, valueType)) {
                return set;
            }
        }
        final PatternSet set = new PatternSet(method, ignoreCase, resolveNames, valueType);
        for (int i = 0; i < elements.size(); i++) {
            final PatternElement element = elements.get(i);
            try {
                set.add(element);
            } catch (ConfigException e) {
                throw element.line() == 0
                        ? e
                        : new ConfigException(e.getMessage() + " at line " + element.line() + " of file '" + file + "'",
                                e);
            }
        }
        sets.add(set);
        return set;
    }

    /** @throws ConfigException if a set can't take the pattern or the sample; it is in none then */
    public PatternElement add(final String pattern, final String sample) throws ConfigException {
        final PatternElement element = new PatternElement(nextElement++, pattern, sample, 0);
        elements.add(element);
        try {
            for (final PatternSet set : sets) {
                set.add(element);
            }
        } catch (ConfigException e) {
            elements.removeLast();
            rebuild();
            throw e;
        }
        return element;
    }

    /** Read from a file, before there is a set. */
    void append(final String pattern, final String sample, final int line) {
        elements.add(new PatternElement(nextElement++, pattern, sample, line));
    }

    public boolean contains(final String pattern) {
        for (int i = 0; i < elements.size(); i++) {
            if (elements.get(i).pattern().equals(pattern)) {
                return true;
            }
        }
        return false;
    }

    /** @return whether there was any of that pattern */
    public boolean delete(final String pattern) {
        return changed(elements.removeIf(element -> element.pattern().equals(pattern)));
    }

    public boolean deleteById(final long elementId) {
        return changed(elements.removeIf(element -> element.id() == elementId));
    }

    /** @return whether there was any of that pattern */
    public boolean set(final String pattern, final String sample) throws ConfigException {
        return replace(elements.stream().filter(element -> element.pattern().equals(pattern)).toList(), sample);
    }

    public boolean setById(final long elementId, final String sample) throws ConfigException {
        return replace(elements.stream().filter(element -> element.id() == elementId).toList(), sample);
    }

    private boolean replace(final List<PatternElement> found, final String sample) throws ConfigException {
        for (final PatternSet set : sets) {
            set.checkSample(sample);
        }
        for (final PatternElement element : found) {
            element.sample(sample);
            for (final PatternSet set : sets) {
                set.sampleChanged(element);
            }
        }
        return !found.isEmpty();
    }

    public void clear() {
        elements.clear();
        changed(true);
    }

    /** @return the number of a new version, empty, that {@link #addTo} fills and {@link #commit} puts into use */
    public int prepare() {
        nextVersion++;
        prepared.put(nextVersion, new ArrayList<>());
        return nextVersion;
    }

    /** @return whether that version is being prepared */
    public boolean addTo(final int version, final String pattern, final String sample) throws ConfigException {
        if (version == currentVersion) {
            add(pattern, sample);
            return true;
        }
        final List<PatternElement> list = prepared.get(version);
        if (list == null) {
            return false;
        }
        final PatternElement element = new PatternElement(nextElement++, pattern, sample, 0);
        for (final PatternSet set : sets) {
            // Refused now, not when it is too late to say so.
            new PatternSet(set.method(), set.ignoreCase(), false, null).add(element);
            set.checkSample(sample);
        }
        list.add(element);
        return true;
    }

    /** @return whether that version was being prepared; those before it are given up */
    public boolean commit(final int version) {
        final List<PatternElement> list = prepared.remove(version);
        if (list == null) {
            return false;
        }
        prepared.keySet().removeIf(older -> older < version);
        elements = list;
        currentVersion = version;
        return changed(true);
    }

    public boolean clear(final int version) {
        if (version == currentVersion) {
            clear();
            return true;
        }
        return prepared.containsKey(version) && prepared.replace(version, new ArrayList<>()) != null;
    }

    private boolean changed(final boolean any) {
        if (any) {
            rebuild();
        }
        return any;
    }

    /** Whatever is in the sets was accepted before. */
    private void rebuild() {
        for (final PatternSet set : sets) {
            set.clear();
            for (int i = 0; i < elements.size(); i++) {
                try {
                    set.add(elements.get(i));
                } catch (ConfigException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
