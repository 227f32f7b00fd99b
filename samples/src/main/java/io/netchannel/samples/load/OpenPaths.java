package io.netchannel.samples.load;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The paths of one run: those that could be opened, and why others could not. Threading: one thread. */
public final class OpenPaths<P extends ComparedPath> implements AutoCloseable {

    private final Consumer<String> progress;
    private final List<P> opened = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();

    /** @param progress is told what is about to be done, and what has failed */
    public OpenPaths(final Consumer<String> progress) {
        this.progress = progress;
    }

    public void add(final P path) {
        opened.add(path);
    }

    /**
     * Opens one, if it can be.
     *
     * @param unavailability why there can't be one here; null if there can
     * @throws LoadFailure if this thread is interrupted
     */
    public void open(final String label, final String unavailability, final Supplier<P> opening) {
        if (unavailability != null) {
            skip(label, unavailability);
            return;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new LoadFailure("interrupted");
        }
        progress.accept("opening " + label);
        try {
            opened.add(opening.get());
        } catch (final RuntimeException e) {
            skip(label, e.getMessage());
        }
    }

    /** @param labels one, or several with the same reason */
    public void skip(final String labels, final String reason) {
        skipped.add(labels + ": " + reason);
        progress.accept("skipped " + skipped.getLast());
    }

    /** @throws LoadFailure if nothing is open */
    public List<P> opened() {
        if (opened.isEmpty()) {
            throw new LoadFailure(String.join("; ", skipped));
        }
        return opened;
    }

    /** Paths that could not be opened, and why, a line each. */
    public List<String> skipped() {
        return skipped;
    }

    /** By label. */
    public Map<String, String> descriptions() {
        final Map<String, String> descriptions = new LinkedHashMap<>();
        opened.forEach(path -> descriptions.put(path.label(), path.kind().description()));
        return descriptions;
    }

    /** A path that has failed may not close well; that is no reason to lose what the others did. */
    @Override
    public void close() {
        // What closes waits for threads and processes to end.
        final boolean interrupted = Thread.interrupted();
        for (final P path : opened) {
            try {
                path.close();
            } catch (final RuntimeException e) {
                progress.accept("path " + path.label() + " did not close: " + e.getMessage());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
