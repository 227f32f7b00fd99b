package io.netchannel.samples.haproxy.load;

import io.netchannel.samples.load.ComparedPath;
import io.netchannel.samples.load.CpuTime;
import io.netchannel.samples.load.LoadFailure;
import io.netchannel.samples.load.Parts;
import io.netchannel.samples.load.PathKind;

/**
 * A proxy between a client and a backend, open for rounds.
 *
 * <p>Threading: one thread.
 */
final class ProxyPath implements ComparedPath {

    private final PathKind kind;
    private final Parts parts;
    private final LoadSource client;
    private final CpuTime proxyCpu;

    /** @param parts closed with this */
    ProxyPath(final PathKind kind, final Parts parts, final LoadSource client, final CpuTime proxyCpu) {
        this.kind = kind;
        this.parts = parts;
        this.client = client;
        this.proxyCpu = proxyCpu;
    }

    @Override
    public PathKind kind() {
        return kind;
    }

    /** One round. */
    LoadRound run(final long durationNs) {
        final long beforeNs = proxyCpu.ns();
        final RequestCounts counts = client.run(durationNs);
        final long usedNs = proxyCpu.sinceNs(beforeNs);
        if (usedNs == CpuTime.UNKNOWN || counts.requests() == 0) {
            throw new LoadFailure(counts.requests() == 0 ? "no response in a round" : "the proxy has ended");
        }
        return new LoadRound(counts, usedNs);
    }

    @Override
    public void close() {
        parts.close();
    }
}
