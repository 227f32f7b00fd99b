package io.netchannel.samples.load;

import java.util.ArrayDeque;
import java.util.Deque;

/** What a path is made of, closed in the reverse order. Threading: one thread. */
public final class Parts implements AutoCloseable {

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /** To be closed before what was added earlier. */
    public <T extends AutoCloseable> T add(final T part) {
        parts.push(part);
        return part;
    }

    public boolean contains(final AutoCloseable part) {
        return parts.contains(part);
    }

    /** @throws LoadFailure if a part doesn't close; the others are closed */
    @Override
    public void close() {
        LoadFailure failure = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (final Exception e) {
                failure = LoadFailure.of(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
