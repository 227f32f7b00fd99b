package io.netchannel.samples.memcached.load;

import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.node.DataplaneNode;
import io.netchannel.samples.load.CpuTime;
import io.netchannel.samples.load.LoadFailure;
import io.netchannel.samples.memcached.options.ArgumentParser;
import io.netchannel.samples.memcached.options.UsageException;
import io.netchannel.samples.memcached.server.FlowServer;
import io.netchannel.samples.memcached.server.MemcachedServer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * This memcached on a node of this process, with one loop.
 *
 * <p>Threading: one thread.
 */
final class NodeServer implements AutoCloseable {

    static final int PORT = 11211;

    private final DataplaneNode node;
    private final MemcachedServer server;

    /** @param node with one loop; not started, closed with this */
    NodeServer(final DataplaneNode node, final LoadProfile profile) {
        this.node = node;
        try {
            server = new MemcachedServer(new ArgumentParser(List.of("-t", "1", "-m",
                    String.valueOf(profile.serverMegabytes()), "-c", String.valueOf(profile.serverConnections())))
                    .settings(), 1, SystemNanoClock.INSTANCE.nowNs(), Instant.now().getEpochSecond(), 0, () -> {
                    });
        } catch (final IOException | UsageException e) {
            throw new LoadFailure(e.getMessage(), e);
        }
        node.deploy(new FlowServer(server, 1));
    }

    /** Of the loop's thread; it has started. */
    CpuTime cpu() {
        return CpuTime.of(node);
    }

    @Override
    public void close() {
        node.close();
        server.close();
    }
}
