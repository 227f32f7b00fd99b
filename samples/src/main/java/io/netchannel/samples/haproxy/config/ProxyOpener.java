package io.netchannel.samples.haproxy.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the line that opens a proxy's section: its name, and whose settings it starts with. */
final class ProxyOpener {

    private static final String FROM = "from";

    private final ParseContext context;
    /** What a proxy inherits that doesn't say from whom; null before the first. */
    private ProxySection lastDefaults;
    private final InheritanceRules inheritance = new InheritanceRules();
    private final Set<ProxySection> implicitlyUsed = new HashSet<>();
    private final Set<ProxySection> explicitlyUsed = new HashSet<>();

    ProxyOpener(final ParseContext context) {
        this.context = context;
    }

    ProxySection open(final SectionKind kind, final Line line) throws ConfigException {
        final boolean isDefaults = kind == SectionKind.DEFAULTS;
        if (!isDefaults && !checkName(kind, line)) {
            return null;
        }
        final boolean anonymousFrom = isDefaults && FROM.equals(line.word(1)) && line.size() == 3;
        final String name = anonymousFrom ? "" : line.word(1);
        final int from = anonymousFrom ? 1 : 2;
        ProxySection defaults = isDefaults ? null : lastDefaults;
        if (FROM.equals(line.word(from))) {
            defaults = named(line.word(from + 1), kind, name);
            explicitlyUsed.add(defaults);
        } else if (defaults != null) {
            implicitlyUsed.add(defaults);
        }
        if (defaults != null && implicitlyUsed.contains(defaults) && explicitlyUsed.contains(defaults)) {
            context.harmlessAlert("defaults section '" + defaults.name() + "' (declared at " + place(defaults)
                    + ") is explicitly referenced by another proxy and implicitly used here. To avoid any ambiguity "
                    + "don't mix both usage. Add a last defaults section not explicitly used or always use explicit "
                    + "references.");
        }
        if (defaults != null) {
            inheritance.check(kind, defaults);
        }
        final ProxySection section = new ProxySection(kind, name, line.file(), line.number(), defaults);
        if (isDefaults) {
            lastDefaults = section;
        }
        context.configuration().add(section);
        return section;
    }

    private boolean checkName(final SectionKind kind, final Line line) throws ConfigException {
        final String name = line.word(1);
        if (name.isEmpty()) {
            throw new ConfigException("'" + line.word(0) + "' expects an <id> argument").aborting();
        }
        final int invalid = Names.invalid(name);
        if (invalid >= 0) {
            context.alert("character '" + name.charAt(invalid) + "' is not permitted in '" + line.word(0) + "' name '"
                    + name + "'.");
        }
        final ProxySection same = kind.hasFrontend()
                ? context.configuration().frontend(name)
                : context.configuration().backend(name);
        if (same != null) {
            context.diagnostics().add(Diagnostics.Severity.ALERT, "Parsing " + line.place() + ": " + kind.text() + " '"
                    + name + "' has the same name as " + same + " declared at " + place(same) + ".");
        }
        if (line.size() > 2 && (line.size() < 4 || !FROM.equals(line.word(2)))) {
            if (kind.hasFrontend()) {
                context.harmlessAlert("please use the 'bind' keyword for listening addresses.");
            }
            return false;
        }
        ParseContext.noMoreThan(3, line);
        return true;
    }

    private ProxySection named(final String defaultsName, final SectionKind kind, final String name)
            throws ConfigException {
        final List<ProxySection> found = new ArrayList<>(context.configuration().defaults());
        found.removeIf(section -> !section.name().equals(defaultsName));
        if (found.isEmpty()) {
            throw new ConfigException("defaults section '" + defaultsName + "' not found for " + kind.text() + " '"
                    + name + "'.").aborting();
        }
        if (found.size() > 1) {
            context.alert("ambiguous defaults section name '" + defaultsName + "' referenced by " + kind.text() + " '"
                    + name + "' exists at least at " + place(found.get(0)) + " and " + place(found.get(1)) + ".");
        }
        final int invalid = Names.invalid(defaultsName);
        if (invalid >= 0) {
            context.alert(
                    "character '" + Names.charAt(defaultsName, invalid) + "' is not permitted in defaults section "
                            + "name '" + defaultsName + "' when designated by its name (section found at "
                            + place(found.getFirst()) + ").");
        }
        return found.getFirst();
    }

    private static String place(final ProxySection section) {
        return section.file() + ":" + section.line();
    }
}
