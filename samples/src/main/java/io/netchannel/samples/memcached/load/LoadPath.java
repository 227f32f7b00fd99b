package io.netchannel.samples.memcached.load;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A server with a client on it, open for rounds.
 *
 * <p>Threading: one thread.
 */
final class LoadPath implements AutoCloseable {

    private final String label;
    private final String description;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private LoadClient client;
    private CpuTime serverCpu;

    LoadPath(final String label, final String description) {
        this.label = label;
        this.description = description;
    }

    String label() {
        return label;
    }

    String description() {
        return description;
    }

    /** To be closed before what was added earlier. */
    <T extends AutoCloseable> T add(final T part) {
        parts.push(part);
        return part;
    }

    /** @param cpu of the server, for which the client is */
    void client(final LoadClient connected, final CpuTime cpu) {
        client = parts.contains(connected) ? connected : add(connected);
        serverCpu = cpu;
    }

    LoadCounts store() {
        return client.store();
    }

    /** One round. */
    LoadRound run(final int depth, final long durationNs) {
        final long clientBeforeNs = client.cpuNs();
        final long serverBeforeNs = serverCpu.ns();
        final LoadCounts counts = client.run(depth, durationNs);
        final long serverNs = serverCpu.ns();
        return new LoadRound(counts, durationNs, client.cpuNs() - clientBeforeNs,
                serverNs == CpuTime.UNKNOWN ? CpuTime.UNKNOWN : serverNs - serverBeforeNs);
    }

    /** @throws LoadFailure if a part doesn't close; the others are closed */
    @Override
    public void close() {
        LoadFailure failure = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (final Exception e) {
                failure = new LoadFailure(String.valueOf(e.getMessage()), e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
