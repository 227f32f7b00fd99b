package io.netchannel.samples.memcached.load;

import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.node.DataplaneNode;
import io.netchannel.samples.load.FlowClient;
import io.netchannel.tcpip.wire.IpAddress;

/**
 * Connections over flows.
 *
 * <p>Threading: as {@link LoadClient}; its own thread is the node's loop.
 */
final class FlowLoad implements LoadClient {

    private final LoadWorker worker;
    private final DataplaneNode node;
    private final FlowClient<LoadCounts> client;

    /** @param node with one loop; not started, closed with this */
    FlowLoad(final DataplaneNode node, final LoadProfile profile) {
        this.worker = new LoadWorker(profile, SystemNanoClock.INSTANCE);
        this.node = node;
        this.client = new FlowClient<>(node, MemloadCommand.NAME, profile.connections(), worker::open);
    }

    /** @throws io.netchannel.samples.load.LoadFailure if it can't; the node has started */
    void connect(final IpAddress server, final int port) {
        client.connect(server, port);
    }

    @Override
    public LoadCounts store() {
        return client.round(0, worker::store);
    }

    @Override
    public LoadCounts run(final int depth, final long durationNs) {
        return client.round(durationNs, end -> worker.run(depth, durationNs, end));
    }

    @Override
    public long cpuNs() {
        return client.cpu().ns();
    }

    @Override
    public void close() {
        node.close();
        worker.close();
    }
}
