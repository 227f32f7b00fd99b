package io.netchannel.samples.load;

import io.netchannel.perf.netperf.host.Namespaces;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A thread for one task in a network namespace: sockets, TAPs and threads that it makes are there. */
public final class NamespaceThread {

    private NamespaceThread() {
    }

    /** @throws LoadFailure if the task fails */
    public static <T> T call(final String namespace, final Callable<T> task) {
        final FutureTask<T> future = new FutureTask<>(() -> {
            Namespaces.enter(namespace);
            return task.call();
        });
        Thread.ofPlatform().name("load-" + namespace).start(future);
        try {
            return future.get();
        } catch (final ExecutionException e) {
            throw LoadFailure.of(e.getCause());
        } catch (final InterruptedException e) {
            throw LoadFailure.interrupted(e);
        }
    }
}
