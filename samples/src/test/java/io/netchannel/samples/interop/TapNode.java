package io.netchannel.samples.interop;

import io.netchannel.node.Application;
import io.netchannel.node.DataplaneNode;
import io.netchannel.node.NodeConfig;
import io.netchannel.node.TapLink;
import io.netchannel.samples.echo.EchoApplication;
import io.netchannel.samples.echo.EchoService;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A node in this JVM that serves echo, discard and chargen over a TAP, whose other end is in a namespace. Closing it checks
 * that every buffer came back.
 */
final class TapNode implements AutoCloseable {

    static final String NODE = "10.7.0.2";
    static final String NODE6 = "fd00:7::2";
    private static final String HOST_PREFIX = "10.7.0.1/24";
    private static final String HOST6_PREFIX = "fd00:7::1/64";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String tap;
    private final DataplaneNode node;

    private TapNode(final String tap, final DataplaneNode node) {
        this.tap = tap;
        this.node = node;
    }

    static TapNode start(final NetworkNamespace namespace, final UnaryOperator<NodeConfig.Builder> configure,
            final Application... applications) {
        final String tap = "nct" + ProcessHandle.current().pid() % 100_000 + "n" + NUMBER.incrementAndGet();
        final NodeConfig config = configure
                .apply(NodeConfig.builder("node").address(NODE + "/24").address(NODE6 + "/64"))
                .build();
        final DataplaneNode node = DataplaneNode.open(config, new TapLink(tap, List.of(), 1500));
        try {
            namespace.adopt(tap, HOST_PREFIX, HOST6_PREFIX);
            node.deploy(new EchoApplication(Set.of(EchoService.values())));
            for (final Application application : applications) {
                node.deploy(application);
            }
            node.start();
            return new TapNode(tap, node);
        } catch (final RuntimeException | Error e) {
            node.close();
            throw e;
        }
    }

    String tap() {
        return tap;
    }

    /** Waits until the last connections are gone; the test's own time-out ends a wait that is in vain. */
    void awaitNoOpenFlows() {
        while (node.openFlows() > 0) {
            Thread.yield();
        }
    }

    void awaitLinkDown() {
        while (node.isLinkUp()) {
            Thread.yield();
        }
    }

    DataplaneNode node() {
        return node;
    }

    @Override
    public void close() {
        node.close();
    }
}
