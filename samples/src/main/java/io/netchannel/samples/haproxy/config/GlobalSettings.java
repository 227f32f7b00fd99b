package io.netchannel.samples.haproxy.config;

/** What {@code global} sections say, and the command line above them. */
public final class GlobalSettings extends Settings {

    public GlobalSettings() {
        super(null);
    }
}
