package io.netchannel.samples.memcached.load;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeWire;
import io.netchannel.node.TapLink;
import io.netchannel.perf.netperf.host.Namespaces;
import io.netchannel.perf.startup.OwnProgram;
import io.netchannel.samples.load.LoadFailure;
import io.netchannel.samples.load.NamespaceThread;
import io.netchannel.samples.load.PathKind;
import io.netchannel.samples.load.Programs;
import io.netchannel.tcpip.wire.IpAddress;
import io.netchannel.tcpip.wire.IpPrefix;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Which server, and how its client reaches it. */
enum PathName implements PathKind {

    /** What the others are compared to. */
    MEMCACHED("memcached in C, a process with -t 1, over kernel loopback sockets") {
        @Override
        LoadPath open(final LoadProfile profile) {
            return process(List.of(ORIGINAL), profile);
        }

        @Override
        String unavailability() {
            return Programs.unavailability(ORIGINAL);
        }
    },

    KERNEL("netchannel memcached --kernel -t 1, a process, over kernel loopback sockets") {
        @Override
        LoadPath open(final LoadProfile profile) {
            try {
                final List<String> line = new ArrayList<>(OwnProgram.line(MemloadCommand.NAME));
                line.addAll(List.of("memcached", "--kernel"));
                return process(line, profile);
            } catch (final IOException e) {
                throw new LoadFailure(e.getMessage(), e);
            }
        }

        @Override
        String unavailability() {
            return null;
        }
    },

    TAP("netchannel memcached on a node on a TAP, to this host's kernel sockets, in a namespace") {
        @Override
        LoadPath open(final LoadProfile profile) {
            final LoadPath path = new LoadPath(this);
            try {
                final Namespaces namespaces = path.add(new Namespaces());
                final String host = namespaces.make("m");
                final NodeServer server = path.add(NamespaceThread.call(host, () -> onTap(profile)));
                path.client(SocketClient.connect(label(), () -> Namespaces.enter(host),
                        new InetSocketAddress(SERVER.toString(), NodeServer.PORT), profile), server.cpu());
                return path;
            } catch (final RuntimeException e) {
                path.close();
                throw e;
            }
        }

        @Override
        String unavailability() {
            return Namespaces.unavailability();
        }
    },

    WIRE("netchannel memcached on a node, to this client on another, on a wire") {
        @Override
        LoadPath open(final LoadProfile profile) {
            final LoadPath path = new LoadPath(this);
            try {
                final NodeWire wire = NodeWire.lossless();
                final DataplaneNode serverNode = DataplaneNode.open(config("server", SERVER, profile), wire.a());
                final NodeServer server = path.add(new NodeServer(serverNode, profile));
                final DataplaneNode clientNode = DataplaneNode.open(config("client", CLIENT, profile), wire.b());
                final FlowLoad client = path.add(new FlowLoad(clientNode, profile));
                serverNode.start();
                clientNode.start();
                client.connect(SERVER, NodeServer.PORT);
                path.client(client, server.cpu());
                return path;
            } catch (final RuntimeException e) {
                path.close();
                throw e;
            }
        }

        @Override
        String unavailability() {
            return null;
        }
    };

    private static final String ORIGINAL = "memcached";
    private static final IpAddress SERVER = IpAddress.parse("10.7.0.2");
    private static final IpAddress CLIENT = IpAddress.parse("10.7.0.1");
    private static final String PREFIX = "/24";

    private final String description;

    PathName(final String description) {
        this.description = description;
    }

    @Override
    public String description() {
        return description;
    }

    /** Why there can't be one here; null if there can. */
    abstract String unavailability();

    /** @throws RuntimeException if it fails, though it is available */
    abstract LoadPath open(LoadProfile profile);

    LoadPath process(final List<String> program, final LoadProfile profile) {
        final LoadPath path = new LoadPath(this);
        try {
            final ServerProcess server = path.add(ServerProcess.start(program, profile));
            path.client(SocketClient.connect(label(), () -> {
            }, server.address(), profile), server.cpu());
            return path;
        } catch (final RuntimeException e) {
            path.close();
            throw e;
        }
    }

    /** The TAP, and the node's threads, are in the namespace of the thread that makes them. */
    NodeServer onTap(final LoadProfile profile) {
        final DataplaneNode node = DataplaneNode.open(config("server", SERVER, profile),
                new TapLink("nc0", List.of(IpPrefix.parse(CLIENT + PREFIX)), NodeWire.DEFAULT_MTU_BYTES));
        final NodeServer server = new NodeServer(node, profile);
        node.start();
        return server;
    }

    NodeConfig config(final String side, final IpAddress address, final LoadProfile profile) {
        return NodeConfig.builder("memload-" + label() + "-" + side).address(address + PREFIX).build();
    }
}
