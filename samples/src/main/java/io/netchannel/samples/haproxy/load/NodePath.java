package io.netchannel.samples.haproxy.load;

import io.netchannel.kernel.sched.SystemNanoClock;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeLink;
import io.netchannel.node.NodeSwitch;
import io.netchannel.node.NodeWire;
import io.netchannel.samples.haproxy.NodeRun;
import io.netchannel.samples.haproxy.config.AllKeywords;
import io.netchannel.samples.haproxy.config.Configuration;
import io.netchannel.samples.haproxy.config.ConfigurationReader;
import io.netchannel.samples.haproxy.config.Diagnostics;
import io.netchannel.samples.load.CpuTime;
import io.netchannel.samples.load.FlowClient;
import io.netchannel.samples.load.LoadFailure;
import io.netchannel.samples.load.Parts;
import io.netchannel.tcpip.wire.IpAddress;
import java.io.IOException;
import java.util.concurrent.Callable;

/** The proxy, its clients and its backend on nodes of this process: no kernel is in between. */
final class NodePath {

    static final IpAddress PROXY = IpAddress.parse("10.7.0.2");
    /** Of the client, and of the backend where they share a node. */
    static final IpAddress PEERS = IpAddress.parse("10.7.0.1");
    private static final IpAddress BACKEND = IpAddress.parse("10.7.0.3");
    static final String PREFIX = "/24";
    private static final int PROXY_PORT = 8080;
    private static final int BACKEND_PORT = 8081;
    /** A node's default. */
    private static final int MIN_BUFFERS = 4096;
    private static final int MAX_BUFFERS = 32_768;
    private static final int BYTES_PER_BUFFER = 2048;

    private NodePath() {
    }

    /** Two nodes: a node has one link, so client and backend share the other end of the proxy's wire, and a loop. */
    static ProxyPath onWire(final PathName name, final LoadProfile profile) {
        final Parts parts = new Parts();
        return closingOnFailure(parts, () -> {
            final NodeWire wire = NodeWire.lossless();
            final DataplaneNode proxy = parts.add(node(name, "proxy", profile, PROXY, wire.a()));
            final DataplaneNode peers = parts.add(node(name, "peers", profile, PEERS, wire.b()));
            return connected(name, profile, parts, proxy, peers, peers, PEERS);
        });
    }

    /** Three nodes, and a fourth thread between them. */
    static ProxyPath onSwitch(final PathName name, final LoadProfile profile) {
        final Parts parts = new Parts();
        return closingOnFailure(parts, () -> {
            final NodeSwitch fabric = parts.add(NodeSwitch.open());
            final DataplaneNode proxy = parts.add(node(name, "proxy", profile, PROXY, fabric.newPort()));
            final DataplaneNode client = parts.add(node(name, "client", profile, PEERS, fabric.newPort()));
            final DataplaneNode backend = parts.add(node(name, "backend", profile, BACKEND, fabric.newPort()));
            fabric.start();
            return connected(name, profile, parts, proxy, client, backend, BACKEND);
        });
    }

    private static ProxyPath closingOnFailure(final Parts parts, final Callable<ProxyPath> opening) {
        try {
            return opening.call();
        } catch (final Exception e) {
            parts.close();
            throw LoadFailure.of(e);
        }
    }

    /** Responses under way that don't find a buffer are lost, and come again after a time-out: what is measured then is that. */
    private static int buffers(final LoadProfile profile) {
        return Math.clamp(2L * profile.connections() * (1 + profile.bodyBytes() / BYTES_PER_BUFFER), MIN_BUFFERS,
                MAX_BUFFERS);
    }

    private static DataplaneNode node(final PathName name, final String side, final LoadProfile profile,
            final IpAddress address, final NodeLink link) {
        return DataplaneNode.open(NodeConfig.builder(ProxyloadCommand.NAME + "-" + name.label() + "-" + side)
                .address(address + PREFIX).buffersPerLoop(buffers(profile)).build(), link);
    }

    private static ProxyPath connected(final PathName name, final LoadProfile profile, final Parts parts,
            final DataplaneNode proxy, final DataplaneNode clientNode, final DataplaneNode backendNode,
            final IpAddress backend) throws IOException {
        parts.add(new FlowBackend(backendNode, BACKEND_PORT, profile.bodyBytes()));
        final RequestLoop requests = parts.add(new RequestLoop(PROXY.toString(), profile.bodyBytes(),
                SystemNanoClock.INSTANCE));
        final FlowClient<RequestCounts> client = new FlowClient<>(clientNode, ProxyloadCommand.NAME,
                profile.connections(), requests::open);
        parts.add(NodeRun.start(proxy, configuration(profile, backend)));
        backendNode.start();
        // Closed before the memory that their programs send from.
        parts.add(backendNode);
        if (clientNode != backendNode) {
            clientNode.start();
            parts.add(clientNode);
        }
        client.connect(PROXY, PROXY_PORT);
        return new ProxyPath(name, parts, durationNs -> client.round(durationNs,
                end -> requests.run(durationNs, end)), CpuTime.of(proxy));
    }

    private static Configuration configuration(final LoadProfile profile, final IpAddress backend) {
        final Diagnostics diagnostics = new Diagnostics();
        final ConfigurationReader reader = new ConfigurationReader(new Configuration(), AllKeywords.create(),
                diagnostics);
        reader.read("haproxy.cfg", Configurations.proxy(profile, PROXY + ":" + PROXY_PORT, backend + ":"
                + BACKEND_PORT));
        final Configuration configuration = reader.finish();
        if (diagnostics.hasFailed()) {
            throw new LoadFailure("configuration: " + diagnostics.messages());
        }
        return configuration;
    }
}
