package io.netchannel.samples.haproxy.config;

/** What a {@code server} line says, or {@code default-server}, which servers start with a copy of. */
public final class ServerSettings extends Settings {

    private final String name;
    private final String file;
    private final int line;

    /** @param defaults what it starts with a copy of; null for none */
    public ServerSettings(final String name, final String file, final int line, final ServerSettings defaults) {
        super(defaults);
        this.name = name;
        this.file = file;
        this.line = line;
    }

    /** "" of a default-server. */
    public String name() {
        return name;
    }

    public String file() {
        return file;
    }

    public int line() {
        return line;
    }
}
