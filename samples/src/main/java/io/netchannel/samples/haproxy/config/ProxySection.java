package io.netchannel.samples.haproxy.config;

/** A {@code defaults}, {@code frontend}, {@code backend} or {@code listen} section. Threading: changed by the thread that reads it only. */
public final class ProxySection extends Settings {

    private final SectionKind kind;
    private final String name;
    private final String file;
    private final int line;
    private final ProxySection defaults;

    /** @param defaults what it starts with a copy of; null for none */
    public ProxySection(final SectionKind kind, final String name, final String file, final int line,
            final ProxySection defaults) {
        super(defaults);
        this.kind = kind;
        this.name = name;
        this.file = file;
        this.line = line;
        this.defaults = defaults;
    }

    public SectionKind kind() {
        return kind;
    }

    /** "" of a defaults section without one. */
    public String name() {
        return name;
    }

    public String file() {
        return file;
    }

    public int line() {
        return line;
    }

    /** The section that it inherits from, or null. */
    public ProxySection defaults() {
        return defaults;
    }

    public boolean hasFrontend() {
        return kind.hasFrontend();
    }

    public boolean hasBackend() {
        return kind.hasBackend();
    }

    /** {@code frontend 'web'}, as messages name it; a listen section is a proxy. */
    @Override
    public String toString() {
        return kind.text() + " '" + name + "'";
    }
}
