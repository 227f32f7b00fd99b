package io.netchannel.perf.netperf.host;

import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeLink;
import io.netchannel.node.NodeMode;
import io.netchannel.node.NodeWire;
import io.netchannel.node.TapLink;
import io.netchannel.perf.conventional.ConventionalNode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The ways that bytes can go from a client to a server of this process. */
public enum PathName {

    INLINE("two nodes on a virtio wire; a thread a side: each loop polls its queues"), CHANNEL(
            "two nodes on a virtio wire; a driver loop feeds the application's ring"), CONVENTIONAL(
                    "the same TCP as a kernel runs it: shared queue, soft interrupt, socket locks, copies, wake-ups"), NIO(
                            "kernel loopback, blocking java.nio, a thread a connection"), NETTY_NIO(
                                    "kernel loopback, Netty's NIO transport"), NETTY_EPOLL(
                                            "kernel loopback, Netty's epoll transport"), NETTY_IO_URING(
                                                    "kernel loopback, Netty's io_uring transport"), NETCHANNEL_NETTY(
                                                            "two nodes on a virtio wire, inline; Netty's event loops are their loops"), TAP(
                                                                    "a node, inline, on a TAP device; the server is Linux in a namespace, blocking java.nio"), VETH(
                                                                            "kernel, two namespaces on a veth pair; Netty's epoll transport to blocking java.nio");

    private static final String CLIENT = "10.77.0.1";
    private static final String SERVER = "10.77.0.2";
    private static final String PREFIX = "/24";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MTU_BYTES = 1500;

    private static final Runnable HERE = () -> {
    };

    private final String description;

    PathName(final String description) {
        this.description = description;
    }

    public String description() {
        return description;
    }

    /** As given with {@code --path}. */
    public String label() {
        return this == NETTY_IO_URING ? "netty-io_uring" : name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws IllegalArgumentException if there is none */
    public static PathName of(final String label) {
        if (label.equalsIgnoreCase("kernel")) {
            return NIO;
        }
        return Arrays.stream(values())
                .filter(path -> path.label().replace('_', '-').equalsIgnoreCase(label.replace('_', '-'))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no path \"" + label + "\"; there are "
                        + Arrays.stream(values()).map(PathName::label).toList()));
    }

    /** Whether both ends are on this host's own network, so that neither root nor devices are needed. */
    public boolean isLocal() {
        return this != TAP && this != VETH;
    }

    /** Whether it is our stack. */
    public boolean isOurs() {
        return this == INLINE || this == CHANNEL || this == CONVENTIONAL || this == NETCHANNEL_NETTY || this == TAP;
    }

    /** @throws PathUnavailableException saying what the machine lacks */
    public HostPair open(final PathSettings settings) {
        ConnectionLimits.check(this, settings);
        return switch (this) {
            case INLINE -> nodes(NodeMode.INLINE, settings);
            case CHANNEL -> nodes(NodeMode.CHANNEL, settings);
            case CONVENTIONAL -> conventional(settings);
            case NIO -> new HostPair(nio("client", LOOPBACK, HERE), nio("server", LOOPBACK, HERE));
            case NETTY_NIO -> netty(NettyKind.NIO, settings);
            case NETTY_EPOLL -> netty(NettyKind.EPOLL, settings);
            case NETTY_IO_URING -> netty(NettyKind.IO_URING, settings);
            case NETCHANNEL_NETTY -> nettyNodes(settings);
            case TAP -> tap(settings);
            case VETH -> veth(settings);
        };
    }

    private NodeConfig config(final String side, final String address, final NodeMode mode,
            final PathSettings settings) {
        return ConnectionLimits.sized(NodeConfig.builder(label() + "-" + side), settings).address(address + PREFIX)
                .mode(mode).loops(settings.loops()).build();
    }

    private HostPair nodes(final NodeMode mode, final PathSettings settings) {
        final NodeWire wire = NodeWire.lossless();
        final NodeHost server = NodeHost.open(config("server", SERVER, mode, settings), wire.a());
        final NodeHost client = NodeHost.open(config("client", CLIENT, mode, settings), wire.b());
        server.start();
        client.start();
        return new HostPair(client, server);
    }

    private HostPair nettyNodes(final PathSettings settings) {
        final NodeWire wire = NodeWire.lossless();
        final DataplaneNode server = DataplaneNode.open(config("server", SERVER, NodeMode.INLINE, settings), wire.a());
        final DataplaneNode client = DataplaneNode.open(config("client", CLIENT, NodeMode.INLINE, settings), wire.b());
        return new HostPair(NettyHost.of(client, settings.verify()), NettyHost.of(server, settings.verify()));
    }

    private HostPair conventional(final PathSettings settings) {
        final NodeWire wire = NodeWire.lossless();
        final ConventionalNode server = conventional("server", SERVER, wire.a(), settings);
        final ConventionalNode client = conventional("client", CLIENT, wire.b(), settings);
        server.start();
        client.start();
        return new HostPair(blocking("client", new ConventionalSockets(client, CLIENT), HERE),
                blocking("server", new ConventionalSockets(server, SERVER), HERE));
    }

    private ConventionalNode conventional(final String side, final String address, final NodeLink link,
            final PathSettings settings) {
        // A lock for each connection, up to what memory the stacks need.
        final int shards = Math.min(16,
                Integer.highestOneBit(Math.max(1, (settings.connections() + settings.idle()) * 2 - 1)));
        return ConventionalNode.open(config(side, address, NodeMode.CHANNEL, settings), shards, link);
    }

    private Host nio(final String side, final String address, final Runnable enter) {
        return blocking(side, new NioSockets(address), enter);
    }

    private Host blocking(final String side, final BlockingSockets sockets, final Runnable enter) {
        return new BlockingHost(label() + "-" + side, sockets, enter);
    }

    private static void require(final NettyKind kind) {
        final Throwable missing = kind.unavailability();
        if (missing != null) {
            final Throwable cause = missing.getCause() == null ? missing : missing.getCause();
            throw new PathUnavailableException("needs Netty's native part for this machine: " + cause.getMessage());
        }
    }

    private HostPair netty(final NettyKind kind, final PathSettings settings) {
        require(kind);
        return new HostPair(
                new NettyHost(label() + "-client", LOOPBACK, kind, settings.loops(), settings.verify(), HERE),
                new NettyHost(label() + "-server", LOOPBACK, kind, settings.loops(), settings.verify(), HERE));
    }

    private static void requireNamespaces() {
        final String missing = Namespaces.unavailability();
        if (missing != null) {
            throw new PathUnavailableException(missing);
        }
    }

    private HostPair tap(final PathSettings settings) {
        requireNamespaces();
        final Namespaces namespaces = new Namespaces();
        NodeHost client = null;
        try {
            final String peer = namespaces.make("s");
            final String tap = namespaces.prefix() + "t";
            client = NodeHost.open(config("client", CLIENT, NodeMode.INLINE, settings),
                    new TapLink(tap, List.of(), MTU_BYTES));
            namespaces.adopt(peer, tap, SERVER + PREFIX);
            client.start();
            return new HostPair(client, nio("server", SERVER, () -> Namespaces.enter(peer)), List.of(namespaces));
        } catch (final RuntimeException e) {
            if (client != null) {
                client.close();
            }
            namespaces.close();
            throw e;
        }
    }

    private HostPair veth(final PathSettings settings) {
        requireNamespaces();
        require(NettyKind.EPOLL);
        final Namespaces namespaces = new Namespaces();
        try {
            final String near = namespaces.make("c");
            final String far = namespaces.make("s");
            final String nearEnd = namespaces.prefix() + "a";
            final String farEnd = namespaces.prefix() + "b";
            Namespaces.run("ip", "link", "add", nearEnd, "type", "veth", "peer", "name", farEnd);
            namespaces.adopt(near, nearEnd, CLIENT + PREFIX);
            namespaces.adopt(far, farEnd, SERVER + PREFIX);
            return new HostPair(
                    new NettyHost(label() + "-client", CLIENT, NettyKind.EPOLL, settings.loops(), settings.verify(),
                            () -> Namespaces.enter(near)),
                    nio("server", SERVER, () -> Namespaces.enter(far)), List.of(namespaces));
        } catch (final RuntimeException e) {
            namespaces.close();
            throw e;
        }
    }
}
