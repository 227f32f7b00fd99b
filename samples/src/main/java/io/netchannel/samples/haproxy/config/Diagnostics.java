package io.netchannel.samples.haproxy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What is said about a configuration, in order. */
public final class Diagnostics {

    /** How bad it is; each is printed in its brackets. */
    public enum Severity {
        DIAG, NOTICE, WARNING, ALERT
    }

    /** @param text without place or severity's brackets; may have several lines */
    public record Message(Severity severity, String text) {
    }

    private final List<Message> messages = new ArrayList<>();
    private final Consumer<Message> listener;
    private boolean failed;

    public Diagnostics() {
        this(_ -> {
        });
    }

    /** @param listener told of each at once */
    public Diagnostics(final Consumer<Message> listener) {
        this.listener = listener;
    }

    public void add(final Severity severity, final String text) {
        final Message message = new Message(severity, text);
        messages.add(message);
        failed |= severity == Severity.ALERT;
        listener.accept(message);
    }

    /** Whatever its severity, the configuration may still do. */
    public void addHarmless(final Severity severity, final String text) {
        final boolean before = failed;
        add(severity, text);
        failed = before;
    }

    public List<Message> messages() {
        return List.copyOf(messages);
    }

    public boolean hasFailed() {
        return failed;
    }

    public boolean hasWarnings() {
        return messages.stream().anyMatch(message -> message.severity() == Severity.WARNING);
    }
}
