package io.netchannel.samples.haproxy.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** All that the files say. */
public final class Configuration {

    private final GlobalSettings global = new GlobalSettings();
    private final List<ProxySection> proxies = new ArrayList<>();
    private final List<ProxySection> defaults = new ArrayList<>();
    private final Environment environment;
    private String startupLogs = "";

    public Configuration() {
        this(new Environment(System.getenv()));
    }

    public Configuration(final Environment environment) {
        this.environment = environment;
    }

    /** Sections of other kinds (resolvers, userlists…) are settings here, of those who read them. */
    public GlobalSettings global() {
        return global;
    }

    /** Frontends, backends and listens, in the order of the files. */
    public List<ProxySection> proxies() {
        return Collections.unmodifiableList(proxies);
    }

    /** All defaults sections, in the order of the files. */
    public List<ProxySection> defaults() {
        return Collections.unmodifiableList(defaults);
    }

    /** What was said while it was read, line by line. */
    public String startupLogs() {
        return startupLogs;
    }

    public void startupLogs(final String said) {
        startupLogs = said;
    }

    /** As {@code setenv} and its like left it. */
    public Environment environment() {
        return environment;
    }

    /** @return the frontend or listen section of that name, or null */
    public ProxySection frontend(final String name) {
        return proxies.stream().filter(proxy -> proxy.hasFrontend() && proxy.name().equals(name)).findFirst()
                .orElse(null);
    }

    /** @return the backend or listen section of that name, or null */
    public ProxySection backend(final String name) {
        return proxies.stream().filter(proxy -> proxy.hasBackend() && proxy.name().equals(name)).findFirst()
                .orElse(null);
    }

    void add(final ProxySection section) {
        (section.kind() == SectionKind.DEFAULTS ? defaults : proxies).add(section);
    }
}
