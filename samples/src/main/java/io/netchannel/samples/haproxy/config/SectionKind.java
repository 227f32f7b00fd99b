package io.netchannel.samples.haproxy.config;

/** Which side of a connection a section of a proxy is about. */
public enum SectionKind {
    DEFAULTS("defaults", true, true), FRONTEND("frontend", true, false), BACKEND("backend", false,
            true), LISTEN("proxy", true, true);

    private final String text;
    private final boolean frontend;
    private final boolean backend;

    SectionKind(final String text, final boolean frontend, final boolean backend) {
        this.text = text;
        this.frontend = frontend;
        this.backend = backend;
    }

    /** As messages name a proxy of that kind: a listen section is a {@code proxy}. */
    public String text() {
        return text;
    }

    /** The keyword that opens it. */
    public String keyword() {
        return this == LISTEN ? "listen" : text;
    }

    /** Accepts connections, or holds defaults of what does. */
    public boolean hasFrontend() {
        return frontend;
    }

    /** Connects to servers, or holds defaults of what does. */
    public boolean hasBackend() {
        return backend;
    }
}
