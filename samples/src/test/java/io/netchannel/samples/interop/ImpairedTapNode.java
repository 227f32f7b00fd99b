package io.netchannel.samples.interop;

import io.netchannel.kernel.sched.RunLoop;
import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.LinkRelay;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.NodeWire;
import io.netchannel.node.TapLink;
import io.netchannel.samples.echo.EchoApplication;
import io.netchannel.samples.echo.EchoService;
import io.netchannel.tcpip.link.AutoconfConfig;
import io.netchannel.tcpip.link.ConflictDetection;
import io.netchannel.virtio.device.ImpairmentConfig;
import io.netchannel.virtio.device.WireConfig;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A node that serves echo, discard and chargen to a Linux host over a bad path. */
final class ImpairedTapNode implements AutoCloseable {

    static final String NODE = "10.8.0.2";
    static final String HOST = "10.8.0.1";
    static final String NODE6 = "fd00:8::2";
    private static final String HOST_PREFIX = HOST + "/24";
    private static final String HOST6_PREFIX = "fd00:8::1/64";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String tap;
    private final DataplaneNode node;
    private final LinkRelay relay;
    private final RunLoop loop;

    private ImpairedTapNode(final String tap, final DataplaneNode node, final LinkRelay relay, final RunLoop loop) {
        this.tap = tap;
        this.node = node;
        this.relay = relay;
        this.loop = loop;
    }

    /** @param there from the node to the host; the other direction has another seed */
    static ImpairedTapNode start(final NetworkNamespace namespace, final ImpairmentConfig there,
            final UnaryOperator<NodeConfig.Builder> configure, final Application... applications) {
        return start(namespace, there, configure, tap -> {
        }, applications);
    }

    /** @param configureHost is told the TAP's name before the node starts */
    static ImpairedTapNode start(final NetworkNamespace namespace, final ImpairmentConfig there,
            final UnaryOperator<NodeConfig.Builder> configure, final Consumer<String> configureHost,
            final Application... applications) {
        return start(namespace, there, new String[]{NODE + "/24", NODE6 + "/64"},
                new String[]{HOST_PREFIX, HOST6_PREFIX}, configure, configureHost, applications);
    }

    /** Without IPv6, and nothing that the two say to each other unasked: only the connection uses the path. */
    static ImpairedTapNode startQuiet(final NetworkNamespace namespace, final ImpairmentConfig there,
            final UnaryOperator<NodeConfig.Builder> configure, final Consumer<String> configureHost,
            final Application... applications) {
        namespace.withoutIpv6();
        return start(namespace, there, new String[]{NODE + "/24"}, new String[]{HOST_PREFIX},
                builder -> configure.apply(builder)
                        .autoconf(AutoconfConfig.STATIC.withConflictDetection(ConflictDetection.OFF)),
                configureHost, applications);
    }

    private static ImpairedTapNode start(final NetworkNamespace namespace, final ImpairmentConfig there,
            final String[] nodePrefixes, final String[] hostPrefixes, final UnaryOperator<NodeConfig.Builder> configure,
            final Consumer<String> configureHost, final Application... applications) {
        final String tap = "ncw" + ProcessHandle.current().pid() % 100_000 + "n" + NUMBER.incrementAndGet();
        final NodeWire wire = new NodeWire(new WireConfig(WireConfig.WAIT, there, there.withSeed(~there.seed())), 1500);
        final NodeConfig.Builder builder = NodeConfig.builder("node");
        for (final String prefix : nodePrefixes) {
            builder.address(prefix);
        }
        final NodeConfig config = configure.apply(builder).build();
        final DataplaneNode node = DataplaneNode.open(config, wire.a());
        final LinkRelay relay = LinkRelay.open(wire.b(), new TapLink(tap, List.of(), 1500));
        final RunLoop loop = RunLoop.builder("relay").build();
        final ImpairedTapNode made = new ImpairedTapNode(tap, node, relay, loop);
        try {
            namespace.adopt(tap, hostPrefixes);
            configureHost.accept(tap);
            node.deploy(new EchoApplication(Set.of(EchoService.values())));
            for (final Application application : applications) {
                node.deploy(application);
            }
            relay.start(loop);
            loop.start();
            node.start();
            return made;
        } catch (final RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    String tap() {
        return tap;
    }

    DataplaneNode node() {
        return node;
    }

    void awaitNoOpenFlows() {
        while (node.openFlows() > 0) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError(node.openFlows() + " flows are still open: " + node.sockets());
            }
            Thread.yield();
        }
    }

    @Override
    public void close() {
        node.close();
        loop.close();
        relay.close();
    }
}
