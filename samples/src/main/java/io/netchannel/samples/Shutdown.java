package io.netchannel.samples;

import java.util.concurrent.CompletableFuture;

/**
 * An orderly end on a signal: the command is asked to finish, and the JVM ends with the command's own status once it has
 * closed what it had and said what there was to say.
 *
 * <p>Without this the JVM would end with 128 + the signal's number, and as soon as the hooks are done: before an error of the
 * command's own end is printed.
 */
public final class Shutdown implements AutoCloseable {

    private static final CompletableFuture<Integer> STATUS = new CompletableFuture<>();

    private final Thread hook;

    private Shutdown(final Thread hook) {
        this.hook = hook;
    }

    /**
     * @param finish makes the command finish; called on another thread, at most once
     * @return to be closed when the command has finished by itself
     */
    public static Shutdown onSignal(final Runnable finish) {
        final Thread hook = new Thread(() -> {
            finish.run();
            Runtime.getRuntime().halt(STATUS.join());
        }, "netchannel-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        return new Shutdown(hook);
    }

    /** Ends the JVM; does not return. */
    static void exit(final int status) {
        STATUS.complete(status);
        System.exit(status);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            // The signal came: the hook waits for the status.
        }
    }
}
