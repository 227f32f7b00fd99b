package io.netchannel.perf.netperf.host;

import java.util.List;

/**
 * Both ends of a path.
 *
 * @param client connects
 * @param server is connected to
 * @param rest what else goes with them, in order
 */
public record HostPair(Host client, Host server, List<AutoCloseable> rest) implements AutoCloseable {

    public HostPair(final Host client, final Host server) {
        this(client, server, List.of());
    }

    @Override
    public void close() {
        RuntimeException failure = attempt(null, client);
        failure = attempt(failure, server);
        for (final AutoCloseable each : rest) {
            failure = attempt(failure, each);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException attempt(final RuntimeException first, final AutoCloseable closeable) {
        try {
            closeable.close();
            return first;
        } catch (final Exception e) {
            final RuntimeException failure = e instanceof final RuntimeException r ? r : new IllegalStateException(e);
            if (first == null) {
                return failure;
            }
            first.addSuppressed(failure);
            return first;
        }
    }
}
