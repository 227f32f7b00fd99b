package io.netchannel.samples.memcached.load;

import io.netchannel.samples.load.ComparedPath;
import io.netchannel.samples.load.CpuTime;
import io.netchannel.samples.load.Parts;
import io.netchannel.samples.load.PathKind;

/**
 * A server with a client on it, open for rounds.
 *
 * <p>Threading: one thread.
 */
final class LoadPath implements ComparedPath {

    private final PathKind kind;
    private final Parts parts = new Parts();
    private LoadClient client;
    private CpuTime serverCpu;

    LoadPath(final PathKind kind) {
        this.kind = kind;
    }

    @Override
    public PathKind kind() {
        return kind;
    }

    /** To be closed before what was added earlier. */
    <T extends AutoCloseable> T add(final T part) {
        return parts.add(part);
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
        final long serverNs = serverCpu.sinceNs(serverBeforeNs);
        return new LoadRound(counts, durationNs, client.cpuNs() - clientBeforeNs, serverNs);
    }

    /** @throws io.netchannel.samples.load.LoadFailure if a part doesn't close; the others are closed */
    @Override
    public void close() {
        parts.close();
    }
}
